// Operations of S3 that are served, by the names of Amazon's own documentation, each with the words that it may have; which of them a
// request is.
import { headerNames } from "../storage/objects.ts";
import type { Vocabulary } from "../wire/vocabulary.ts";
import { algorithms, sumHeaders } from "./sums.ts";

/** Words of every operation: the signature's, in headers or in the address, and what clients say of themselves. */
export const everywhere: Vocabulary = {
  query: [
    "X-Amz-Algorithm=AWS4-HMAC-SHA256",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Content-Sha256",
    "x-id",
  ],
  headers: ["amz-sdk-*", "x-amz-content-sha256", "x-amz-date", "x-amz-user-agent"],
};

const ofList = ["prefix", "max-keys", "encoding-type", "delimiter"];
/** A cache on the way reads `cache-control` of a request for bytes; a store does not. */
const conditions = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "cache-control"];
/** Sums that are held against the bytes. */
const sums = ["content-md5", ...sumHeaders, "x-amz-sdk-checksum-algorithm"];
/** Headers that are kept with an object, and come back with it. */
const kept = [...Object.values(headerNames), "expires"];

/** Wishes for what is so anyway. */
const asUsual = ["x-amz-acl=private", "x-amz-storage-class=STANDARD"];

export const operations = {
  AbortMultipartUpload: { query: ["uploadId"] },
  CompleteMultipartUpload: { query: ["uploadId"], headers: ["if-match", "if-none-match"] },
  CreateMultipartUpload: {
    query: ["uploads"],
    headers: [
      ...kept,
      "x-amz-meta-*",
      ...Object.keys(algorithms).map((name) => `x-amz-checksum-algorithm=${name}`),
      "x-amz-checksum-type=COMPOSITE",
      ...asUsual,
    ],
  },
  DeleteObject: { headers: ["if-match", "cache-control"] },
  GetObject: { headers: [...conditions, "range", "x-amz-checksum-mode=ENABLED"] },
  HeadObject: { headers: [...conditions, "range", "x-amz-checksum-mode=ENABLED"] },
  ListMultipartUploads: {
    query: ["uploads", "prefix", "max-uploads", "encoding-type", "key-marker", "upload-id-marker"],
  },
  ListObjects: { query: [...ofList, "marker"] },
  ListObjectsV2: { query: [...ofList, "list-type", "continuation-token", "start-after"] },
  PutObject: { headers: [...kept, ...sums, "if-match", "if-none-match", "x-amz-meta-*", ...asUsual] },
  UploadPart: { query: ["partNumber", "uploadId"], headers: sums },
} as const satisfies Record<string, Vocabulary>;
export type S3Operation = keyof typeof operations;

/**
 * Names a header whose value is not served: a signature of another version, a body in pieces, which is not stored as it comes
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html), and metadata beyond ASCII, which S3 gives back in another form.
 */
export function unservedValue(headers: Iterable<[string, string]>): string | undefined {
  for (const [name, value] of headers) {
    if (name === "authorization" && !value.startsWith("AWS4-HMAC-SHA256 "))
      return `a signature by ${value.split(" ")[0]}`;
    if (name === "x-amz-content-sha256" && value.startsWith("STREAMING-")) return `a body of ${value}`;
    if (name === "content-encoding" && /aws-chunked/i.test(value)) return `a body of ${value}`;
    if (name.startsWith("x-amz-meta-") && /[^ -~\t]/.test(value)) return `a ${name} beyond ASCII`;
  }
  return undefined;
}

/** `key` is empty for a request to the bucket itself. A word that belongs to another operation is refused by the table above. */
export function operationOf(request: {
  method: string;
  key: string;
  query: URLSearchParams;
}): S3Operation | undefined {
  const { method, key, query } = request;
  const ofUpload = query.has("uploadId");
  if (key === "") {
    if (method !== "GET") return undefined;
    if (query.has("uploads")) return "ListMultipartUploads";
    return query.has("list-type") ? "ListObjectsV2" : "ListObjects";
  }
  switch (method) {
    case "HEAD":
      return "HeadObject";
    case "GET":
      return "GetObject";
    case "PUT":
      return ofUpload ? "UploadPart" : "PutObject";
    case "POST":
      if (query.has("uploads")) return "CreateMultipartUpload";
      return ofUpload ? "CompleteMultipartUpload" : undefined;
    case "DELETE":
      return ofUpload ? "AbortMultipartUpload" : "DeleteObject";
    default:
      return undefined;
  }
}
