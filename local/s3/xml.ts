// Answers of an S3 store in XML: listings and errors. Names go out encoded where they were asked for so.
import type { Context } from "hono";
import { afterToken, tokenAfter } from "../wire/page-token.ts";
import { type Call, sumsOf, tagOf } from "./call.ts";
import { algorithmOf, typeOf } from "./sums.ts";

const statusOf = {
  AccessDenied: 403,
  InvalidAccessKeyId: 403,
  SignatureDoesNotMatch: 403,
  RequestTimeTooSkewed: 403,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  InvalidArgument: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  EntityTooSmall: 400,
  InvalidRequest: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  KeyTooLongError: 400,
  AuthorizationQueryParametersError: 400,
  PreconditionFailed: 412,
  InvalidURI: 400,
  InvalidRange: 416,
  BadDigest: 400,
  IncompleteBody: 400,
  XAmzContentSHA256Mismatch: 400,
  NotImplemented: 501,
  InternalError: 500,
} as const;

export const failures = {
  /** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
  refuse(code: keyof typeof statusOf, c: Context, message: string = code): Response {
    const status = statusOf[code];
    if (c.req.method === "HEAD") return new Response(null, { status });
    return xml(`<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`, status);
  },
};

export const xml = (body: string, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`, {
    status,
    headers: { "content-type": "application/xml", ...headers },
  });

export const escaped = (text: string): string =>
  text.replace(/[<>&"'\r\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Encodes a name as S3 does, which is not as an address is: a slash and a star stay, a space is a plus (minio-go, `s3utils.EncodePath`). */
const urlEncoded = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+");

/** Most entries of a page, and how many there are unless fewer are asked for. */
const mostEntries = 1000;

/** Reads how many entries are asked for; undefined for what is no whole number. */
function limitOf(text: string | null): number | undefined {
  if (text === null || text === "") return mostEntries;
  return /^\d{1,10}$/.test(text) ? Math.min(Number(text), mostEntries) : undefined;
}

const isListing = (query: URLSearchParams): boolean =>
  ["url", null].includes(query.get("encoding-type")) && ["2", null].includes(query.get("list-type"));

/** ListObjects and ListObjectsV2. */
export async function listing({ bucket, name, query, owner, c }: Call): Promise<Response> {
  const two = query.get("list-type") === "2";
  const encoded = query.get("encoding-type") === "url";
  const write = (text: string): string => (encoded ? urlEncoded(text) : escaped(text));
  const token = query.get("continuation-token");
  const after = token === null ? query.get(two ? "start-after" : "marker") : afterToken(token);
  const limit = limitOf(query.get("max-keys"));
  if (after === undefined || limit === undefined || !isListing(query))
    return failures.refuse("InvalidArgument", c);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const { items, prefixes, next } = await bucket.list({
    prefix,
    delimiter,
    startOffset: "",
    endOffset: "",
    limit,
    after: after === null || after === "" ? undefined : after,
  });
  // The first version always says whose an object is.
  const whose = two ? "" : `<Owner><ID>${escaped(owner)}</ID></Owner>`;
  const contents = items.map((item) => {
    const sums = Object.entries(sumsOf(item)).map(
      ([header, sum]) =>
        `<ChecksumAlgorithm>${algorithmOf(header)}</ChecksumAlgorithm><ChecksumType>${typeOf(sum)}</ChecksumType>`,
    );
    return `<Contents><Key>${write(item.name)}</Key><LastModified>${item.created}</LastModified><ETag>&quot;${tagOf(item)}&quot;</ETag>${sums.join("")}<Size>${item.size}</Size>${whose}<StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const common = prefixes.map((one) => `<CommonPrefixes><Prefix>${write(one)}</Prefix></CommonPrefixes>`);
  const element = (tag: string, text: string | null): string =>
    text === null ? "" : `<${tag}>${text}</${tag}>`;
  const startAfter = query.get("start-after");
  // Asked words come back. The first version names the next page's beginning only where names are grouped: else it is the last name.
  const ofVersion = two
    ? element("KeyCount", String(items.length + prefixes.length)) +
      element("StartAfter", startAfter === null ? null : write(startAfter)) +
      element("ContinuationToken", token) +
      element("NextContinuationToken", next === undefined ? null : tokenAfter(next))
    : element("Marker", write(query.get("marker") ?? "")) +
      element("NextMarker", next === undefined || delimiter === "" ? null : write(next));
  return xml(
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${name}</Name><Prefix>${write(prefix)}</Prefix>${delimiter === "" ? "" : `<Delimiter>${write(delimiter)}</Delimiter>`}<MaxKeys>${limit}</MaxKeys>${encoded ? "<EncodingType>url</EncodingType>" : ""}<IsTruncated>${next !== undefined}</IsTruncated>${ofVersion}${contents.join("")}${common.join("")}</ListBucketResult>`,
  );
}

/** ListMultipartUploads: those that were neither completed nor aborted (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html). */
export function uploadsOf(
  bucket: string,
  uploads: ReadonlyMap<string, { bucket: string; key: string; begun: string }>,
  query: URLSearchParams,
  c: Context,
): Response {
  const [keyMarker, idMarker] = [query.get("key-marker") ?? "", query.get("upload-id-marker") ?? ""];
  const limit = limitOf(query.get("max-uploads"));
  if (limit === undefined || !isListing(query)) return failures.refuse("InvalidArgument", c);
  const open = [...uploads]
    .filter(([, one]) => one.bucket === bucket && one.key.startsWith(query.get("prefix") ?? ""))
    .map(([id, { key, begun }]) => ({ id, key, begun }))
    .sort((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1))
    .filter(({ key, id }) => key > keyMarker || (key === keyMarker && idMarker !== "" && id > idMarker));
  const shown = open.slice(0, limit);
  const last = open.length > limit ? shown.at(-1) : undefined;
  const more =
    last === undefined
      ? ""
      : `<NextKeyMarker>${escaped(last.key)}</NextKeyMarker><NextUploadIdMarker>${last.id}</NextUploadIdMarker>`;
  const asked = (element: string, text: string | null): string =>
    text === null ? "" : `<${element}>${escaped(text)}</${element}>`;
  const words = `<KeyMarker>${escaped(keyMarker)}</KeyMarker><UploadIdMarker>${escaped(idMarker)}</UploadIdMarker>${asked("Prefix", query.get("prefix"))}<MaxUploads>${limit}</MaxUploads>`;
  // As Ceph does: encoded names of uploads, plain words beside them, and no word that tells so (https://github.com/ceph/ceph/pull/30993).
  const write = query.get("encoding-type") === "url" ? urlEncoded : escaped;
  return xml(
    `<ListMultipartUploadsResult><Bucket>${bucket}</Bucket>${words}${more}<IsTruncated>${last !== undefined}</IsTruncated>${shown
      .map(
        ({ id, key, begun }) =>
          `<Upload><Key>${write(key)}</Key><UploadId>${id}</UploadId><StorageClass>STANDARD</StorageClass><Initiated>${begun}</Initiated></Upload>`,
      )
      .join("")}</ListMultipartUploadsResult>`,
  );
}
