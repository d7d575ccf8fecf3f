// Words on how a transfer stands: on the console, in the command line, in mails and in its runs alike.
import type { TransferReceipt, TransferState } from "./records.ts";

/** Says what it waits for, and until when. */
export const waitsText = ({ for: what, until }: NonNullable<TransferState["waits"]>): string =>
  `waits for ${what}; it is looked at again on ${until.slice(0, 16).replace("T", " at ")} UTC`;

/** Says how many objects have the same content at both ends, by what proves it, and of how many nothing does. */
export function proofText({ md5, asked = 0, read = 0, size }: TransferReceipt["verified"]): string {
  const kinds: [number, string][] = [
    [asked, "by a sum that a store was asked for"],
    [read, "by reading back"],
    [size, "not proved"],
  ];
  return [
    `${md5.toLocaleString("en")} object${md5 === 1 ? "" : "s"} proved by the sums of both stores`,
    ...kinds.flatMap(([count, how]) => (count === 0 ? [] : [`${count.toLocaleString("en")} ${how}`])),
  ].join(", ");
}
