// Takes a body in, and holds it against all sums that the client says it has.
import { createHash, randomUUID } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Staged } from "../storage/bucket.ts";
import type { Call } from "./call.ts";
import { failures } from "./xml.ts";

/** Gives the staged bytes, or the refusal: then nothing of them stays. */
export async function stage({ c, bucket, payload }: Call): Promise<Staged | Response> {
  const [sha256, sha1] = [createHash("sha256"), createHash("sha1")];
  let crc = 0;
  async function* seen(): AsyncGenerator<Uint8Array> {
    for await (const chunk of c.req.raw.body ?? []) {
      sha256.update(chunk);
      sha1.update(chunk);
      crc = crc32(chunk, crc);
      yield chunk;
    }
  }
  const staged = await bucket.stage(randomUUID(), seen());
  const { size, md5, crc32c } = staged.digest;
  const whole = sha256.digest();
  const word = Buffer.alloc(4);
  word.writeUInt32BE(crc);
  const sums: Record<string, string> = {
    "content-md5": md5,
    "x-amz-checksum-crc32": word.toString("base64"),
    "x-amz-checksum-crc32c": crc32c,
    "x-amz-checksum-sha1": sha1.digest("base64"),
    "x-amz-checksum-sha256": whole.toString("base64"),
  };
  const isOther = (header: string, is: string): boolean => (c.req.header(header) ?? is) !== is;
  const wrong = isOther("content-length", String(size))
    ? "IncompleteBody"
    : Object.entries(sums).some(([header, sum]) => isOther(header, sum))
      ? "BadDigest"
      : /^[0-9a-f]{64}$/.test(payload) && payload !== whole.toString("hex")
        ? "XAmzContentSHA256Mismatch"
        : undefined;
  if (wrong === undefined) return staged;
  bucket.files.remove(staged.file);
  return failures.refuse(wrong, c);
}
