// Holds what a target lists now against the line of a receipt: whether the object is still what was proved. Sizes and dates prove
// nothing; what no sum tells is told as such. Pure.
import { isSameWriting } from "./proof.ts";
import type { ReceiptLine } from "./receipt-lines.ts";
import type { RemoteObject } from "./records.ts";

/**
 * Verdicts on an object: `same` content, `differs`, or `gone`; `unproved` it was then and is as it was then; `untold`: nothing short of
 * reading it tells; `unclaimed`: the receipt itself says that it had not arrived.
 */
export const verdicts = ["same", "differs", "gone", "unproved", "untold", "unclaimed"] as const;
export type Verdict = (typeof verdicts)[number];

/** Judges by the listing alone. */
export function verdictOf(line: ReceiptLine, there: RemoteObject | undefined): Verdict {
  if (line.how === undefined) return "unclaimed";
  if (there === undefined) return "gone";
  if (there.size !== line.size) return "differs";
  if (there.size === 0) return "same";
  if (line.md5 !== undefined && there.md5 !== undefined) return verdictBy(line, there.md5);
  // An ETag may be any text, so that of another one nothing follows; the same one does not come by chance.
  if (line.md5 !== undefined && line.md5 === there.etag) return "same";
  if (isSameWriting(line, there)) return line.how === "size" ? "unproved" : "same";
  return "untold";
}

/** Judges by the MD5 of the target's bytes, wherever it comes from. */
export function verdictBy({ md5 }: ReceiptLine, sum: string | undefined): Verdict {
  if (md5 === undefined || sum === undefined) return "untold";
  return md5 === sum ? "same" : "differs";
}
