// Receipts of transfers as they were kept: the record, and the lines of all objects. Machines and
// settings have no part in it: a receipt is there long after both.
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { HubName, TransferId } from "../../../shared/events.ts";
import type { Ledger, LedgerFiles } from "../../../shared/ledger.ts";
import { packedLines } from "../../../shared/text-lines.ts";
import { sumLine } from "../../../shared/transfers/check-script.ts";
import { transferFolder } from "../../../shared/transfers/names.ts";
import { ReceiptLine } from "../../../shared/transfers/receipt-lines.ts";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";

const packed = promisify(gzip);

export type Receipts = ReturnType<typeof receipts>;

export function receipts({ ledger }: { ledger: Ledger & Pick<LedgerFiles, "bytes"> }) {
  async function fileOf(file: string): Promise<Buffer> {
    const bytes = await ledger.bytes(file);
    // Half of it must not look like all of it: the download breaks off.
    if (bytes === undefined) throw new Error(`${file} is missing from the ledger`);
    return bytes;
  }

  return {
    async one(hub: string, id: string): Promise<TransferReceipt | undefined> {
      if (!HubName.safeParse(hub).success || !TransferId.safeParse(id).success) return undefined;
      return (await ledger.read(`${transferFolder(hub, id)}/receipt.json`, TransferReceipt))?.value;
    },

    /** Gives all lines packed, the receipt's own first; one file of the ledger is held at a time. */
    async *lines(receipt: TransferReceipt): AsyncGenerator<Uint8Array> {
      yield await packed(`${JSON.stringify({ receipt })}\n`);
      for (const { file } of receipt.whole ?? []) yield await fileOf(file);
    },

    /** Gives the sums of all that was proved to have arrived, as md5sum writes them. */
    async *sums({ whole = [] }: TransferReceipt): AsyncGenerator<Uint8Array> {
      for (const { file } of whole) {
        let text = "";
        for await (const line of packedLines([await fileOf(file)]))
          text += sumLine(ReceiptLine.parse(JSON.parse(line))) ?? "";
        yield Buffer.from(text);
      }
    },
  };
}
