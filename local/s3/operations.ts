// Which of S3's operations a request is, by the names of Amazon's own documentation; undefined for one that is not done here.

export const operations = [
  "AbortMultipartUpload",
  "CompleteMultipartUpload",
  "CreateMultipartUpload",
  "DeleteObject",
  "GetObject",
  "HeadObject",
  "ListMultipartUploads",
  "ListObjects",
  "ListObjectsV2",
  "PutObject",
  "UploadPart",
] as const;
export type S3Operation = (typeof operations)[number];

/** `key` is empty for a request to the bucket itself. */
export function operationOf(request: {
  method: string;
  key: string;
  query: URLSearchParams;
  copies: boolean;
}): S3Operation | undefined {
  const { method, key, query, copies } = request;
  const ofUpload = query.has("uploadId");
  if (key === "") {
    if (method !== "GET" || query.has("location")) return undefined;
    if (query.has("uploads")) return "ListMultipartUploads";
    return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
  }
  switch (method) {
    case "HEAD":
      return "HeadObject";
    case "GET":
      return "GetObject";
    case "PUT":
      if (copies) return undefined;
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
