// Common to the operations of the S3 store: a request that has got past its signature, and how an object's tag and headers are kept.
import type { Context } from "hono";
import type { Bucket } from "../storage/bucket.ts";
import { Attributes, headerNames, headersIn, type StoredObject } from "../storage/objects.ts";

export type Call = {
  c: Context;
  bucket: Bucket;
  name: string;
  key: string;
  query: URLSearchParams;
  /** SHA-256 of the body that was signed, in hexadecimal, or a word. */
  payload: string;
};

/** Key of the tag of an object that came in parts, among what its uploader said about it. */
export const tagKey = "s3-multipart-etag";

export const hex = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

/** MD5 of what came in one piece; of what came in parts, MD5 of their MD5s and their number. */
export const tagOf = (object: StoredObject): string =>
  object.attributes.metadata?.[tagKey] ?? hex(object.md5);

const prefix = "x-amz-meta-";

/** Gives what the uploader says of an object. */
export function attributesOf(c: Context): Attributes & { metadata: Record<string, string> } {
  const metadata = [...c.req.raw.headers]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]): [string, string] => [name.slice(prefix.length), value])
    .filter(([name]) => name !== tagKey);
  const headers = Object.entries(headerNames).map(([name, header]) => [name, c.req.header(header)]);
  return {
    ...Attributes.parse(Object.fromEntries(headers)),
    contentType: c.req.header("content-type") ?? "application/octet-stream",
    metadata: Object.fromEntries(metadata),
  };
}

/** Headers with which an object comes back. */
export function headersOf(object: StoredObject): Headers {
  const { contentType, metadata = {} } = object.attributes;
  const headers = new Headers({
    etag: `"${tagOf(object)}"`,
    "last-modified": new Date(object.created).toUTCString(),
    "content-type": contentType ?? "application/octet-stream",
    "accept-ranges": "bytes",
  });
  const own = Object.entries(metadata).filter(([name]) => name !== tagKey);
  for (const [name, value] of headersIn(object.attributes)) headers.set(name, value);
  for (const [name, value] of own) headers.set(`${prefix}${name}`, value);
  return headers;
}
