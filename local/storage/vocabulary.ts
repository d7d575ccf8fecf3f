// Words that this far end serves of Cloud Storage's JSON API. Google takes more: those are refused, and never passed over.

import type { Context } from "hono";
import { ofEveryCall } from "../discovery/words.ts";
import { unserved, type Vocabulary } from "../wire/vocabulary.ts";

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
  "GET /storage/v1/b/:bucket/storageLayout": { query: ["prefix"] },
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

/** Ways of sending bytes: a chunk goes to the address of an upload that has begun. */
export type Way = "media" | "multipart" | "resumable" | "chunk";

/** Headers of one way of sending bytes that say something in no other. */
const ofResumable = "x-upload-content-length";

/** Names what says nothing about this way of sending bytes, of a route that several ways share. */
export function stray(way: Way, c: Context): string | undefined {
  const asked = { query: new URL(c.req.url).searchParams, headers: c.req.raw.headers.entries() };
  const own: Vocabulary =
    way === "chunk"
      ? chunk
      : {
          ...insert,
          headers: (insert.headers ?? []).filter((name) => way === "resumable" || name !== ofResumable),
        };
  const [other] = unserved(asked, own, ...everywhere);
  const sums = c.req.header("x-goog-hash");
  return other ?? (sums === undefined || isSums(sums) ? undefined : `the header x-goog-hash: ${sums}`);
}

/** https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash */
const isSums = (text: string): boolean =>
  text.split(",").every((each) => /^\s*(?:crc32c|md5)\s*=/.test(each));
