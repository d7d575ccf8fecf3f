// Common to the operations of the S3 store: a request that has got past its signature, and how an object's tag and headers are kept.
import type { Context } from "hono";
import type { Bucket } from "../storage/bucket.ts";
import { Attributes, headerNames, headersIn, type StoredObject } from "../storage/objects.ts";
import { type Sums, typeOf } from "./sums.ts";

export type Call = {
  c: Context;
  bucket: Bucket;
  name: string;
  key: string;
  query: URLSearchParams;
  /** Key that opens the bucket. */
  owner: string;
  /** SHA-256 of the body that was signed, in hexadecimal, or a word. */
  payload: string;
};

/**
 * Keys of what is kept with an object among what its uploader said about it: the tag of one that came in parts, its sums, and the header that
 * Cloud Storage does not have. No header's name has a colon, so none of them is an uploader's.
 */
export const tagKey = ":etag";
const expiresKey = ":expires";
const sumKey = ":";

/** Gives sums as they are kept. */
export const keptSums = (sums: Sums): Record<string, string> =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [`${sumKey}${name}`, sum]));

/** Gives the sums that are kept with an object. */
export const sumsOf = ({ attributes }: StoredObject): Sums =>
  Object.fromEntries(
    Object.entries(attributes.metadata ?? {})
      .filter(([name]) => name.startsWith(`${sumKey}x-`))
      .map(([name, sum]) => [name.slice(sumKey.length), sum]),
  );

export const hex = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

/** MD5 of what came in one piece; of what came in parts, MD5 of their MD5s and their number. */
export const tagOf = (object: StoredObject): string =>
  object.attributes.metadata?.[tagKey] ?? hex(object.md5);

const prefix = "x-amz-meta-";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, Content-Type. */
const usualType = "binary/octet-stream";

/** Bytes of what an uploader may say in its own words. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const mostMetadata = 2048;

/** Tells whether an uploader says more of an object than is kept. */
export const saysTooMuch = ({ metadata }: { metadata: Record<string, string> }): boolean =>
  Object.entries(metadata)
    .filter(([name]) => name !== expiresKey)
    .reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0) > mostMetadata;

/** Gives what the uploader says of an object. */
export function attributesOf(c: Context): Attributes & { metadata: Record<string, string> } {
  const metadata = [...c.req.raw.headers]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]): [string, string] => [name.slice(prefix.length), value]);
  const expires = c.req.header("expires");
  if (expires !== undefined) metadata.push([expiresKey, expires]);
  const headers = Object.entries(headerNames).map(([name, header]) => [name, c.req.header(header)]);
  return {
    ...Attributes.parse(Object.fromEntries(headers)),
    contentType: c.req.header("content-type") ?? usualType,
    metadata: Object.fromEntries(metadata),
  };
}

/** Headers with which an object comes back; its sums are for who asks for them. */
export function headersOf(object: StoredObject, withSums: boolean): Headers {
  const { contentType, metadata = {} } = object.attributes;
  const headers = new Headers({
    etag: `"${tagOf(object)}"`,
    "last-modified": new Date(object.created).toUTCString(),
    "content-type": contentType ?? usualType,
    "accept-ranges": "bytes",
  });
  const own = Object.entries(metadata).filter(([name]) => !name.startsWith(sumKey));
  for (const [name, value] of headersIn(object.attributes)) headers.set(name, value);
  for (const [name, value] of own) headers.set(`${prefix}${name}`, value);
  const expires = metadata[expiresKey];
  if (expires !== undefined) headers.set("expires", expires);
  for (const [name, sum] of withSums ? Object.entries(sumsOf(object)) : []) {
    headers.set(name, sum);
    headers.set("x-amz-checksum-type", typeOf(sum));
  }
  return headers;
}
