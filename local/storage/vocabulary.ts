// Words that this far end serves of Cloud Storage's JSON API. Google takes more: those are refused, and never passed over.
import { ofEveryCall } from "../discovery/words.ts";
import type { Vocabulary } from "../wire/vocabulary.ts";

export const everywhere: readonly Vocabulary[] = [
  ofEveryCall,
  {
    query: ["fields", "quotaUser"],
    // Google's Python client says the type of an upload with every call.
    headers: ["gccl-*", "x-goog-gcs-idempotency-token", "x-cloud-trace-context", "x-upload-content-type"],
  },
];

const conditions = [
  "ifGenerationMatch",
  "ifGenerationNotMatch",
  "ifMetagenerationMatch",
  "ifMetagenerationNotMatch",
];
/** Buckets have uniform access here: no object has a list of rights, whichever projection is asked for. */
const rights = "projection";

const read: Vocabulary = {
  query: ["alt=media", "generation", ...conditions, rights],
  headers: ["range", "cache-control"],
};
const chunk: Vocabulary = {
  query: ["uploadType", "upload_id"],
  headers: ["content-range", "x-goog-hash", "x-guploader-no-308"],
};
const insert: Vocabulary = {
  query: ["uploadType", "name", "contentEncoding", ...conditions, rights],
  headers: ["x-upload-content-length", "x-goog-hash", "x-guploader-no-308"],
};

const objects = "/storage/v1/b/:bucket/o";
export const vocabulary: Record<string, Vocabulary | readonly Vocabulary[]> = {
  "GET /storage/v1/b/:bucket": { query: [rights] },
  [`GET ${objects}`]: {
    query: [
      "prefix",
      "delimiter",
      "startOffset",
      "endOffset",
      "maxResults",
      "pageToken",
      // A bucket of ours has no folders but those that its objects' names make.
      "includeFoldersAsPrefixes",
      "includeTrailingDelimiter=false",
      // Google's Go client sends it with every listing.
      "matchGlob=",
      "versions=false",
      "softDeleted=false",
      rights,
    ],
  },
  [`GET ${objects}/:object`]: read,
  [`GET /download${objects}/:object`]: read,
  [`DELETE ${objects}/:object`]: { query: ["generation", ...conditions] },
  // Some clients send their chunks by POST; insert.ts tells the two kinds apart.
  [`POST /upload${objects}`]: [insert, chunk],
  [`POST /resumable/upload${objects}`]: insert,
  [`PUT /upload${objects}`]: chunk,
};

/** Headers of one way of sending bytes that say something in no other. */
const ofResumable = ["x-upload-content-length"];
const ofChunk = ["content-range"];

/** Names a header that says nothing about this way of sending bytes. */
export function strayHeader(
  way: string | undefined,
  header: (name: string) => string | undefined,
): string | undefined {
  const stray = way === "resumable" ? ofChunk : [...ofChunk, ...ofResumable];
  const found = stray.find((name) => header(name) !== undefined);
  return found === undefined ? undefined : `the header ${found}`;
}
