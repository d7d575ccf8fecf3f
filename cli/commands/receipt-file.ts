// Reads a saved receipt: its record first, then the line of each object. Lines that are not those that the record names are no
// receipt: each file's sum is held against it.
import { createHash } from "node:crypto";
import * as z from "zod";
import { jsonOf } from "../../shared/json.ts";
import { packedLines } from "../../shared/text-lines.ts";
import { ReceiptLine } from "../../shared/transfers/receipt-lines.ts";
import { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import { exitCodes } from "../exit-codes.ts";
import { stop } from "../stop.ts";

const Head = z.object({ receipt: z.object(TransferReceipt.shape) });

const pageLines = 1000;

/** Opens it; whoever reads the lines to their end knows that they are whole. */
export async function openReceipt(
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ receipt: TransferReceipt; lines: AsyncGenerator<ReceiptLine[]> }> {
  const lines = packedLines(pieces);
  const first = await lines.next();
  const head = Head.safeParse(jsonOf(first.done === true ? "" : first.value));
  if (!head.success) throw damaged("it does not begin with a receipt");
  const { receipt } = head.data;
  return { receipt, lines: linesOf(lines, receipt) };
}

async function* linesOf(
  lines: AsyncGenerator<string>,
  { whole = [] }: TransferReceipt,
): AsyncGenerator<ReceiptLine[]> {
  for (const file of whole) {
    const sum = createHash("sha256");
    let page: ReceiptLine[] = [];
    for (let at = 0; at < file.lines; at += 1) {
      const next = await lines.next();
      if (next.done === true) throw damaged("lines are missing at its end");
      sum.update(`${next.value}\n`);
      const line = ReceiptLine.safeParse(jsonOf(next.value));
      if (!line.success) throw damaged("one of its lines cannot be understood");
      page.push(line.data);
      if (page.length < pageLines) continue;
      yield page;
      page = [];
    }
    if (sum.digest("hex") !== file.sha256) throw damaged("its lines are not those that the receipt names");
    yield page;
  }
}

const damaged = (why: string) =>
  stop(
    exitCodes.failure,
    "the receipt cannot be used",
    why,
    "save it again: groundcrew transfer receipt <id> --lines <file>",
  );
