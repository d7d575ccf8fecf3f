// Kinds of what stands beside the bytes of objects: headers that readers get, words of whoever put them there. A copy that leaves it
// behind is one of bytes alone. Pure.
import * as z from "zod";
import type { Remote } from "../settings.ts";

/** Kinds of it, in words for people. Of a content type and of the time of the last change rclone takes care itself. */
export const besideKinds = [
  "content encoding",
  "cache control",
  "content disposition",
  "content language",
  "expiry",
  "own metadata",
  "custom time",
  "hold or retention",
  "tags",
  "redirect",
] as const;
export type BesideKind = (typeof besideKinds)[number];

/** An object, and what stands beside its bytes. */
export type Described = { name: string; beside: readonly BesideKind[] };

/** Fields of an object of Cloud Storage that say it (https://cloud.google.com/storage/docs/json_api/v1/objects#resource). */
export const GcsBeside = z.object({
  contentEncoding: z.string().optional(),
  cacheControl: z.string().optional(),
  contentDisposition: z.string().optional(),
  contentLanguage: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  customTime: z.string().optional(),
  temporaryHold: z.boolean().optional(),
  eventBasedHold: z.boolean().optional(),
  retentionExpirationTime: z.string().optional(),
});
export const gcsBesideFields = Object.keys(GcsBeside.shape).join(",");

/** Gives what stands beside an object of Cloud Storage. */
export function besideInGcs(of: z.infer<typeof GcsBeside>): readonly BesideKind[] {
  const isHeld = of.temporaryHold === true || of.eventBasedHold === true;
  return kindsOf({
    "content encoding": said(of.contentEncoding),
    "cache control": said(of.cacheControl),
    "content disposition": said(of.contentDisposition),
    "content language": said(of.contentLanguage),
    "own metadata": Object.keys(of.metadata ?? {}).some((key) => !ofCopiers.has(key.toLowerCase())),
    "custom time": said(of.customTime),
    "hold or retention": isHeld || said(of.retentionExpirationTime),
  });
}

const own = "x-amz-meta-";

/** Gives what stands beside an object of S3, by the headers of the answer to a HEAD (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html). */
export function besideInS3(headers: Headers): readonly BesideKind[] {
  const has = (name: string): boolean => said(headers.get(name));
  return kindsOf({
    "content encoding": has("content-encoding"),
    "cache control": has("cache-control"),
    "content disposition": has("content-disposition"),
    "content language": has("content-language"),
    expiry: has("expires"),
    "own metadata": [...headers.keys()].some(
      (name) => name.startsWith(own) && !ofCopiers.has(name.slice(own.length)),
    ),
    "hold or retention":
      has("x-amz-object-lock-mode") || headers.get("x-amz-object-lock-legal-hold") === "ON",
    tags: Number(headers.get("x-amz-tagging-count") ?? 0) > 0,
    redirect: has("x-amz-website-redirect-location"),
  });
}

/** Metadata of programs that copy: when the file was changed and made (https://rclone.org/s3/#metadata), and a sum. */
const ofCopiers = new Set(["mtime", "btime", "md5chksum", "goog-reserved-file-mtime"]);

const said = (value: string | null | undefined): boolean => (value ?? "") !== "";

function kindsOf(found: Partial<Record<BesideKind, boolean>>): readonly BesideKind[] {
  const kinds = besideKinds.filter((kind) => found[kind] === true);
  // Most objects have none: of a million there need not be a million empty lists.
  return kinds.length === 0 ? none : kinds;
}
const none: readonly BesideKind[] = [];

/** Kinds that rclone brings from S3 to S3, where it is asked to keep metadata (https://rclone.org/s3/#metadata). */
const keptWithinS3: ReadonlySet<BesideKind> = new Set([
  "content encoding",
  "cache control",
  "content disposition",
  "content language",
  "own metadata",
]);

/** Tells whether a copy between two stores leaves it behind: rclone reads and writes none of it at Cloud Storage. */
export const isLeftBehind = (kind: BesideKind, from: Remote, to: Remote): boolean =>
  !(from.kind === "s3" && to.kind === "s3" && keptWithinS3.has(kind));

const heldByBoth: readonly BesideKind[] = [
  "content encoding",
  "cache control",
  "content disposition",
  "content language",
  "own metadata",
];

/** Kinds that the mover carries, of objects that are given to it. A custom time is own metadata in S3, and has no effect there. */
const moved: Record<Remote["kind"], Record<Remote["kind"], ReadonlySet<BesideKind>>> = {
  gcs: { gcs: new Set([...heldByBoth, "custom time"]), s3: new Set([...heldByBoth, "custom time"]) },
  s3: { gcs: new Set(heldByBoth), s3: new Set([...heldByBoth, "expiry"]) },
};

/** Tells whether the mover (shared/compute/mover/program.ts) carries between two stores what rclone leaves behind. */
export const needsMover = (kind: BesideKind, from: Remote, to: Remote): boolean =>
  isLeftBehind(kind, from, to) && moved[from.kind][to.kind].has(kind);
