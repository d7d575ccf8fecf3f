// A media download: whole or a range, with the headers by which clients check what they have got.
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Refusal, refusals } from "./answers.ts";
import type { Bucket } from "./bucket.ts";
import { headersIn, type StoredObject } from "./objects.ts";

/** The bytes of an object as they lie on the disk now. */
export async function downloadAnswer(
  bucket: Bucket,
  object: StoredObject,
  asked: { range: string | undefined; acceptEncoding: string | undefined },
): Promise<Response | Refusal> {
  const found = await bucket.open(object);
  if (found === undefined) return refusals.noObject(object.bucket, object.name);
  const { opened, digest } = found;
  const { size } = opened;
  const unpacks = isUnpacked(object, asked.acceptEncoding);
  const part = unpacks ? undefined : rangeOf(asked.range, size);
  if (part === "unsatisfiable") {
    opened.close();
    return refusals.badRange();
  }
  const { contentType, contentEncoding } = object.attributes;
  const first = part?.first ?? 0;
  const length = part === undefined ? size : part.last - part.first + 1;
  const headers = new Headers({
    "content-type": contentType ?? "application/octet-stream",
    "content-length": String(length),
    "accept-ranges": "bytes",
    etag: `"${object.generation}/${object.metageneration}"`,
    "last-modified": new Date(object.created).toUTCString(),
    "x-goog-generation": String(object.generation),
    "x-goog-metageneration": String(object.metageneration),
    "x-goog-hash": `crc32c=${digest.crc32c}${digest.md5 === "" ? "" : `,md5=${digest.md5}`}`,
    "x-goog-stored-content-encoding": contentEncoding ?? "identity",
    "x-goog-stored-content-length": String(size),
    "x-goog-storage-class": "STANDARD",
  });
  for (const [name, value] of headersIn(object.attributes)) headers.set(name, value);
  if (unpacks) {
    headers.delete("content-length");
    headers.delete("content-encoding");
    headers.set("warning", "214 UploadServer gunzipped");
    const packed = opened.read(0, size);
    const source = Readable.from(packed instanceof Uint8Array ? [packed] : packed);
    return new Response(Readable.toWeb(source.pipe(createGunzip())), { headers });
  }
  if (part !== undefined) headers.set("content-range", `bytes ${part.first}-${part.last}/${size}`);
  return new Response(opened.read(first, length), { status: part === undefined ? 200 : 206, headers });
}

/**
 * Tells whether what was packed is handed out unpacked, whole and without a length: to whoever does not say that they can read it packed.
 * https://cloud.google.com/storage/docs/transcoding
 */
const isUnpacked = ({ attributes }: StoredObject, acceptEncoding = ""): boolean =>
  attributes.contentEncoding === "gzip" &&
  !/(?:^|[,\s])gzip(?:[,;\s]|$)/.test(acceptEncoding) &&
  !/no-transform/.test(attributes.cacheControl ?? "");

/** One range of bytes; anything else that a client may ask for is answered with the whole, as HTTP allows. */
function rangeOf(
  header: string | undefined,
  size: number,
): { first: number; last: number } | "unsatisfiable" | undefined {
  const [whole, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (whole === undefined || (from === "" && to === "")) return undefined;
  if (from === "")
    return Number(to) === 0 || size === 0
      ? "unsatisfiable"
      : { first: Math.max(size - Number(to), 0), last: size - 1 };
  const first = Number(from);
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size) return "unsatisfiable";
  return last < first ? undefined : { first, last };
}
