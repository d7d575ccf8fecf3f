// Sums that clients send with bytes: held against them, kept with the object, given back to whoever asks.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { keysOf } from "../../shared/closed.ts";
import { digester } from "../storage/digest.ts";

const prefix = "x-amz-checksum-";

/** Algorithms whose sums are held against the bytes, as S3 names them, with the bytes that such a sum has. */
export const algorithms = { CRC32: 4, CRC32C: 4, SHA1: 20, SHA256: 32 } as const;
export type Algorithm = keyof typeof algorithms;

const headerOf = (algorithm: string): string => `${prefix}${algorithm.toLowerCase()}`;
export const sumHeaders = Object.keys(algorithms).map(headerOf);

/** In Base64, by their headers. */
export type Sums = Record<string, string>;

/** Takes bytes in order, and gives all their sums. */
export function summer(): { add: (bytes: Uint8Array) => void; sums: () => Sums; sha256: () => string } {
  const [sha256, sha1, castagnoli] = [createHash("sha256"), createHash("sha1"), digester()];
  let crc = 0;
  return {
    add(bytes) {
      sha256.update(bytes);
      sha1.update(bytes);
      castagnoli.add(bytes);
      crc = crc32(bytes, crc);
    },
    sums() {
      const word = Buffer.alloc(4);
      word.writeUInt32BE(crc);
      return {
        [headerOf("CRC32")]: word.toString("base64"),
        [headerOf("CRC32C")]: castagnoli.digest().crc32c,
        [headerOf("SHA1")]: sha1.copy().digest("base64"),
        [headerOf("SHA256")]: sha256.copy().digest("base64"),
      };
    },
    sha256: () => sha256.copy().digest("hex"),
  };
}

const isBase64Of = (bytes: number, text: string): boolean =>
  Buffer.from(text, "base64").length === bytes && Buffer.from(text, "base64").toString("base64") === text;

const announces = "x-amz-sdk-checksum-algorithm";

/**
 * Says what is wrong with the sums of a request before its bytes are read: one that is none, more than one, or an announced one that is
 * missing or another. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function malformed(
  header: (name: string) => string | undefined,
): "InvalidDigest" | "InvalidRequest" | "BadDigest" | undefined {
  if (!isBase64Of(16, header("content-md5") ?? "AAAAAAAAAAAAAAAAAAAAAA==")) return "InvalidDigest";
  const found = algorithmsOf(header);
  const announced = header(announces);
  if (found.some((one) => !isBase64Of(algorithms[one], header(headerOf(one)) ?? ""))) return "InvalidRequest";
  if (found.length > 1 || (announced !== undefined && found.length === 0)) return "InvalidRequest";
  return announced === undefined || found.some((one) => one === announced.toUpperCase())
    ? undefined
    : "BadDigest";
}

/** Names the algorithms whose sums a request has. */
export const algorithmsOf = (header: (name: string) => string | undefined): Algorithm[] =>
  keysOf(algorithms).filter((algorithm) => header(headerOf(algorithm)) !== undefined);

/** Picks the sums that a request has. */
export const given = (sums: Sums, header: (name: string) => string | undefined): Sums =>
  Object.fromEntries(Object.entries(sums).filter(([name]) => header(name) !== undefined));

/** The sum of a whole that came in parts: that of their sums, and their number. */
export function composite(algorithm: string, parts: readonly Sums[]): Sums {
  const header = headerOf(algorithm);
  const whole = summer();
  for (const sums of parts) whole.add(Buffer.from(sums[header] ?? "", "base64"));
  return { [header]: `${whole.sums()[header]}-${parts.length}` };
}

/** Tells whether a sum is of the whole, or of the sums of its parts. */
export const typeOf = (sum: string): "COMPOSITE" | "FULL_OBJECT" =>
  sum.includes("-") ? "COMPOSITE" : "FULL_OBJECT";

export const algorithmOf = (header: string): string => header.slice(prefix.length).toUpperCase();

/** Elements of XML in which S3 says sums. */
export const elements = (sums: Sums): [name: string, sum: string][] =>
  Object.entries(sums).map(([header, sum]) => [`Checksum${algorithmOf(header)}`, sum]);
