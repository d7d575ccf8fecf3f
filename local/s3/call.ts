// Common to the operations of the S3 store: a request that has got past its signature, and how an object's tag and headers are kept.
import type { Context } from "hono";
import type { Bucket } from "../storage/bucket.ts";
import type { Attributes, StoredObject } from "../storage/objects.ts";

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
  const header = (name: string): string | undefined => c.req.header(name);
  const metadata = [...c.req.raw.headers]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]): [string, string] => [name.slice(prefix.length), value])
    .filter(([name]) => name !== tagKey);
  const [cacheControl, contentDisposition, contentEncoding, contentLanguage] = [
    header("cache-control"),
    header("content-disposition"),
    header("content-encoding"),
    header("content-language"),
  ];
  return {
    contentType: header("content-type") ?? "application/octet-stream",
    ...(cacheControl && { cacheControl }),
    ...(contentDisposition && { contentDisposition }),
    ...(contentEncoding && { contentEncoding }),
    ...(contentLanguage && { contentLanguage }),
    metadata: Object.fromEntries(metadata),
  };
}

/** Headers with which an object comes back. */
export function headersOf(object: StoredObject): Headers {
  const { contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage, metadata } =
    object.attributes;
  const headers = new Headers({
    etag: `"${tagOf(object)}"`,
    "last-modified": new Date(object.created).toUTCString(),
    "content-type": contentType ?? "application/octet-stream",
    "accept-ranges": "bytes",
  });
  const optional = {
    "cache-control": cacheControl,
    "content-disposition": contentDisposition,
    "content-encoding": contentEncoding,
    "content-language": contentLanguage,
  };
  for (const [name, value] of Object.entries(optional)) if (value !== undefined) headers.set(name, value);
  for (const [name, value] of Object.entries(metadata ?? {}))
    if (name !== tagKey) headers.set(`${prefix}${name}`, value);
  return headers;
}
