// Kinds of what stores keep beside an object's bytes: how each is put there, and how it shows. Whatever a copy leaves behind of them, a plan has
// to tell.

export type BesideCase = {
  kind: string;
  /** Name of the object; a folder's mark ends with a slash and has no bytes. */
  name: string;
  /** Headers by which it is put into an S3 store; absent where there is no such thing. */
  put?: Record<string, string>;
  /** Header of a HEAD that has it, and its value. */
  shows: [header: string, value: string];
  /** Fields of Cloud Storage that say it; absent where there is no such thing. */
  resource?: Resource;
};
export type Resource = { [field: string]: string | Resource };

/** A kind that is a header of its own; `also` says what shows it elsewhere. */
const header = (
  kind: string,
  name: string,
  value: string,
  also: Pick<BesideCase, "resource"> & Partial<Pick<BesideCase, "shows">> = {},
): BesideCase => ({ kind, name: `${kind}.nc`, put: { [name]: value }, shows: [name, value], ...also });

const disposition = 'attachment; filename="sea.nc"';

/** Twelve kinds of an S3 store, and one more of Cloud Storage. */
const all: readonly BesideCase[] = [
  header("content type", "content-type", "application/x-netcdf", {
    resource: { contentType: "application/x-netcdf" },
  }),
  header("content encoding", "content-encoding", "gzip", { resource: { contentEncoding: "gzip" } }),
  header("cache control", "cache-control", "max-age=60", { resource: { cacheControl: "max-age=60" } }),
  header("content disposition", "content-disposition", disposition, {
    resource: { contentDisposition: disposition },
  }),
  header("content language", "content-language", "de", { resource: { contentLanguage: "de" } }),
  header("expiry", "expires", "Thu, 01 Dec 2044 16:00:00 GMT"),
  header("own metadata", "x-amz-meta-station", "7", { resource: { metadata: { station: "7" } } }),
  header("time of the last change", "x-amz-meta-mtime", "1700000000.5", {
    resource: { metadata: { mtime: "2023-11-14T22:13:20.5Z" } },
  }),
  header("tags", "x-amz-tagging", "project=leap&open=yes", { shows: ["x-amz-tagging-count", "2"] }),
  header("redirect", "x-amz-website-redirect-location", "/elsewhere"),
  header("hold or retention", "x-amz-object-lock-legal-hold", "ON"),
  {
    ...{ kind: "folder's mark", name: "folder/", put: {} },
    ...{ shows: ["content-length", "0"], resource: { size: "0" } },
  },
  {
    ...{ kind: "custom time", name: "custom time.nc" },
    shows: ["x-amz-meta-goog-custom-time", "2024-05-01T00:00:00Z"],
    resource: { customTime: "2024-05-01T00:00:00Z" },
  },
];

export const besideInS3 = all.flatMap(({ put, ...one }) => (put === undefined ? [] : [{ ...one, put }]));
export const besideInGcs = all.flatMap(({ resource, ...one }) =>
  resource === undefined ? [] : [{ ...one, resource }],
);

/** Tells whether what Cloud Storage says of an object has all of these fields. */
export const hasFields = (said: Resource, fields: Resource): boolean =>
  Object.entries(fields).every(([field, value]) => {
    const found = said[field];
    if (typeof value === "string") return found === value;
    return typeof found === "object" && hasFields(found, value);
  });
