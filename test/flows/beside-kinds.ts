// Twelve kinds of what an S3 store keeps beside an object's bytes: how each is put there, and how it shows. Whatever a copy leaves behind
// of them, a plan has to tell.

export type BesideCase = {
  kind: string;
  /** Headers by which it is put. */
  put: Record<string, string>;
  /** Header of a HEAD that has it, and its value. */
  shows: [header: string, value: string];
  /** Name of the object; a folder's mark ends with a slash and has no bytes. */
  name: string;
};

const header = (
  kind: string,
  name: string,
  value: string,
  shows: [string, string] = [name, value],
): BesideCase => ({
  kind,
  put: { [name]: value },
  shows,
  name: `${kind}.nc`,
});

export const besideCases: readonly BesideCase[] = [
  header("content type", "content-type", "application/x-netcdf"),
  header("content encoding", "content-encoding", "gzip"),
  header("cache control", "cache-control", "max-age=60"),
  header("content disposition", "content-disposition", 'attachment; filename="sea.nc"'),
  header("content language", "content-language", "de"),
  header("expiry", "expires", "Thu, 01 Dec 2044 16:00:00 GMT"),
  header("own metadata", "x-amz-meta-station", "7"),
  header("time of the last change", "x-amz-meta-mtime", "1700000000.5"),
  header("tags", "x-amz-tagging", "project=leap&open=yes", ["x-amz-tagging-count", "2"]),
  header("redirect", "x-amz-website-redirect-location", "/elsewhere"),
  header("hold or retention", "x-amz-object-lock-legal-hold", "ON"),
  { kind: "folder's mark", put: {}, shows: ["content-length", "0"], name: "folder/" },
];
