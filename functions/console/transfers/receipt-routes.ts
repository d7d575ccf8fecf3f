// The addresses of receipts: the page, and what is saved from it.
import { checkScript } from "../../../shared/transfers/check-script.ts";
import type { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { receiptText } from "../../../shared/transfers/receipt-words.ts";
import { refuse } from "../http/refusal.ts";
import type { C, Routes } from "../http/routes.ts";
import { receiptPage, savedReceipt } from "./receipt-page.ts";
import { type Receipts, receipts } from "./receipts.ts";

export const noReceipt = refuse(
  404,
  "there is no such receipt",
  "no transfer of this id has ended",
  "list them: groundcrew transfer ls",
);

export function receiptPages({ app, context, show, answer }: Routes): void {
  const kept = receipts(context);
  const at = "/transfers/:hub/:id";
  const on =
    (give: (c: C, receipt: TransferReceipt) => Response | Promise<Response>) =>
    async (c: C): Promise<Response> => {
      const receipt = await kept.one(c.req.param("hub") ?? "", c.req.param("id") ?? "");
      return receipt === undefined ? answer(c, noReceipt) : give(c, receipt);
    };
  app.get(
    `${at}/receipt`,
    on((c, receipt) => show(c, receiptPage(c.req.param("hub") ?? "", receipt))),
  );
  app.get(
    `${at}/receipt.html`,
    // Saved, not shown: it brings its own style, which no page of the console may.
    on(async (c, receipt) =>
      c.html(await savedReceipt(context.settings.name, receipt), 200, saved(receipt, "html")),
    ),
  );
  app.get(
    `${at}/receipt.txt`,
    on((c, receipt) => c.text(receiptText(receipt), 200, saved(receipt, "txt"))),
  );
  app.get(
    `${at}/receipt.ndjson.gz`,
    on((_, receipt) => linesAnswer(kept, receipt)),
  );
  app.get(
    `${at}/sums.txt`,
    on((_, receipt) => streamed(kept.sums(receipt), "text/plain; charset=utf-8", `sums-${receipt.id}.txt`)),
  );
  app.get(
    `${at}/check.sh`,
    on((c, receipt) => {
      const script = checkScript(receipt);
      const file = { "content-disposition": `attachment; filename="check-${receipt.id}.sh"` };
      return script === undefined ? answer(c, noReceipt) : c.text(script, 200, file);
    }),
  );
}

const saved = ({ id }: TransferReceipt, kind: string): Record<string, string> => ({
  "content-disposition": `attachment; filename="receipt-${id}.${kind}"`,
});

/** Streams the lines of all objects. */
export const linesAnswer = (kept: Receipts, receipt: TransferReceipt): Response =>
  streamed(kept.lines(receipt), "application/gzip", `receipt-${receipt.id}.ndjson.gz`);

const streamed = (pieces: AsyncGenerator<Uint8Array>, type: string, file: string): Response =>
  new Response(ReadableStream.from(pieces), {
    headers: { "content-type": type, "content-disposition": `attachment; filename="${file}"` },
  });
