// Words that this far end serves of Cloud Storage's JSON API. Google takes more: those are refused, and never passed over.
import type { Vocabulary } from "../wire/vocabulary.ts";

/** Words of every operation; what clients say of themselves and of their tries changes no answer. */
export const everywhere: Vocabulary = {
  query: ["alt", "fields", "prettyPrint", "quotaUser", "uploadType"],
  headers: [
    "gccl-*",
    "x-goog-api-client",
    "x-goog-gcs-idempotency-token",
    "x-goog-request-params",
    "x-cloud-trace-context",
  ],
};

const conditions = [
  "ifGenerationMatch",
  "ifGenerationNotMatch",
  "ifMetagenerationMatch",
  "ifMetagenerationNotMatch",
];
/** Buckets have uniform access here: no object has a list of rights, whichever projection is asked for. */
const rights = "projection";

export const vocabulary: Record<string, Vocabulary> = {
  "storage.buckets.get": { query: [rights] },
  "storage.objects.list": {
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
      "versions=false",
      "softDeleted=false",
      rights,
    ],
  },
  "storage.objects.get": {
    query: ["generation", ...conditions, rights],
    headers: ["range", "cache-control"],
  },
  "storage.objects.delete": { query: ["generation", ...conditions] },
  "storage.objects.insert": {
    query: ["name", "contentEncoding", "upload_id", ...conditions, rights],
    headers: ["x-upload-content-type", "x-upload-content-length", "x-goog-hash", "x-guploader-no-308"],
  },
};
