// A receipt whole: a line of JSON for each object, in packed files, one for each part of the transfer. The receipt's record names them,
// with their sums, so that nobody can change one unseen.
import * as z from "zod";

/** Words for what came of an object; `changed` was copied, and `conflict` left alone, and both are of another content than the source. Of those that
 * the target alone had, `not-deleted` was to be deleted and is still there.
 */
export const objectStates = [
  "copied",
  "already",
  "missing",
  "changed",
  "conflict",
  "unmovable",
  "deleted",
  "not-deleted",
] as const;

/** Words for what proves that the content is the same: those of `verified` in a receipt. */
export const proofs = ["md5", "asked", "read", "size"] as const;

/** Line of an object. Size and MD5 are the source's, ETag and generation the target's, by which its writing is known again. */
export const ReceiptLine = z.object({
  name: z.string(),
  state: z.enum(objectStates),
  size: z.number(),
  /** In hex; absent where nobody knows it. */
  md5: z.string().optional(),
  /** Proof of what is there and not known to be another; `size` is none. */
  how: z.enum(proofs).optional(),
  etag: z.string().optional(),
  generation: z.string().optional(),
  /** Another content at the target. */
  there: z.object({ size: z.number(), md5: z.string().optional() }).optional(),
  /** Object of the target that it has replaced. */
  was: z
    .object({
      size: z.number(),
      md5: z.string().optional(),
      etag: z.string().optional(),
      generation: z.string().optional(),
    })
    .optional(),
  /** Word for what was done with it at the source between the plan and the end. */
  since: z.enum(["deleted", "changed"]).optional(),
  /** Kinds beside the bytes that the target could not be told. */
  left: z.array(z.string()).optional(),
});
export type ReceiptLine = z.infer<typeof ReceiptLine>;

/** A packed file of lines in the ledger, in the order of names, and the SHA-256 of its text. */
export const ReceiptFile = z.strictObject({ file: z.string(), lines: z.number().int(), sha256: z.string() });
export type ReceiptFile = z.infer<typeof ReceiptFile>;

/** Writes a line. */
export const receiptLine = (line: ReceiptLine): string => `${JSON.stringify(line)}\n`;
