// Takes a body in, and holds it against all sums that the client says it has.
import { randomUUID } from "node:crypto";
import type { Staged } from "../storage/bucket.ts";
import type { Call } from "./call.ts";
import { malformed, type Sums, summer } from "./sums.ts";
import { failures } from "./xml.ts";

/** Staged bytes with all their sums. */
export type Summed = Staged & { sums: Sums };

/** Gives the staged bytes, or the refusal: then nothing of them stays. */
export async function stage({ c, bucket, payload }: Call): Promise<Summed | Response> {
  const header = (name: string): string | undefined => c.req.header(name);
  const unread = malformed(header);
  if (unread !== undefined) return failures.refuse(unread, c);
  const sum = summer();
  async function* seen(): AsyncGenerator<Uint8Array> {
    for await (const chunk of c.req.raw.body ?? []) {
      sum.add(chunk);
      yield chunk;
    }
  }
  const staged = await bucket.stage(randomUUID(), seen());
  const { size, md5 } = staged.digest;
  const sums = sum.sums();
  const isOther = (name: string, is: string): boolean => (header(name) ?? is) !== is;
  const wrong = isOther("content-length", String(size))
    ? "IncompleteBody"
    : Object.entries({ ...sums, "content-md5": md5 }).some(([name, is]) => isOther(name, is))
      ? "BadDigest"
      : /^[0-9a-f]{64}$/.test(payload) && payload !== sum.sha256()
        ? "XAmzContentSHA256Mismatch"
        : undefined;
  if (wrong === undefined) return { ...staged, sums };
  bucket.files.remove(staged.file);
  return failures.refuse(wrong, c);
}
