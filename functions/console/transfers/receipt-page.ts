// The receipt of a transfer: one page, in the console and as a file to keep, which needs nothing of ours to be read or printed.
import { html } from "hono/html";
import type { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import {
  allNamesText,
  dollarRows,
  mostNamesShown,
  namesNotThere,
  type OutcomeRow,
  outcomeRows,
  receiptFacts,
} from "../../../shared/transfers/receipt-words.ts";
import { dollarsText, objectsText } from "../../../shared/transfers/words.ts";
import type { Html, Page } from "../frame/frame.ts";

const badges = {
  done: { word: "done", kind: "done" },
  incomplete: { word: "not complete", kind: "blocked" },
  failed: { word: "failed", kind: "failed" },
  cancelled: { word: "cancelled", kind: "past" },
} as const satisfies Record<TransferReceipt["state"], { word: string; kind: string }>;

/** The receipt within the console. */
export function receiptPage(hub: string, receipt: TransferReceipt): Page {
  const at = `/transfers/${hub}/${receipt.id}/receipt`;
  const file = `receipt-${receipt.id}`;
  const main = html`<p class="path"><a href="/transfers">Transfers</a> / ${receipt.id}</p>
${bodyOf(receipt)}
<div class="row"><a class="act" href="${at}.html" download="${file}.html">Save the page</a><a class="act quiet" href="${at}.txt" download="${file}.txt">Save as text</a>${
    receipt.whole === undefined
      ? ""
      : html`<a class="act quiet" href="${at}.ndjson.gz" download="${file}.ndjson.gz">Save the lines of all objects</a>`
  }</div>
${checking(hub, receipt)}`;
  return { title: `Receipt of ${receipt.id}`, here: "transfers", main, polls: false };
}

/** Ways to check the target again, for as long as it is there. */
function checking(hub: string, { id, whole, target }: TransferReceipt): Html | "" {
  if (whole === undefined || target === undefined) return "";
  const at = `/transfers/${hub}/${id}`;
  return html`<h2>Check it again</h2>
<p>With Groundcrew's command line and your own keys: <code>npx groundcrew transfer verify ${id}</code></p>
<p>With rclone alone, from any machine, years later: save <a href="${at}/check.sh" download="check-${id}.sh">the script</a> and <a href="${at}/sums.txt" download="sums-${id}.txt">the sums</a>, and then <code>sh check-${id}.sh sums-${id}.txt</code></p>`;
}

/** The receipt as a file of its own. */
export async function savedReceipt(installation: string, receipt: TransferReceipt): Promise<string> {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Receipt of ${receipt.id}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #1b2225; background: #fff; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin-top: 1.5rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #dfe3e2; overflow-wrap: anywhere; vertical-align: top; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.bar { width: 9rem; }
.bar .whole { fill: #dfe3e2; }
.bar .part { fill: #0b6b5d; }
.bar .part.bad { fill: #a8261c; }
tr { break-inside: avoid; }
</style>
</head>
<body>
${bodyOf(receipt)}
<p>${installation}</p>
</body>
</html>
`;
  return String(await page);
}

function bodyOf(receipt: TransferReceipt): Html {
  const { word, kind } = badges[receipt.state];
  const rows = outcomeRows(receipt);
  const dollars = dollarRows(receipt);
  return html`<h1>Receipt of transfer ${receipt.id} <span class="badge ${kind}">${word}</span></h1>
<p>It is ${receipt.said}.</p>
${(receipt.note ?? "").split("\n").map((line) => (line === "" ? "" : html`<p>${line}</p>`))}
<h2>Objects</h2>
<table class="list receipt"><caption class="unseen">Objects by what is known of them</caption><tbody>${rows.map((row) => outcomeRow(row, rows))}</tbody></table>
<h2>Facts</h2>
<table class="list receipt"><caption class="unseen">Facts of the transfer</caption><tbody>${receiptFacts(receipt).map(([fact, says]) => html`<tr><th scope="row">${fact}</th><td>${says}</td></tr>`)}</tbody></table>
${
  dollars.length === 0
    ? ""
    : html`<h2>Dollars</h2>
<table class="list receipt"><caption class="unseen">Dollars by what took them</caption><tbody>${dollars.map(
        (row) =>
          html`<tr><th scope="row">${row.word}</th><td>${bar(row.dollars, receipt.dollars, true)}</td><td class="number">${dollarsText(row.dollars)}</td></tr>`,
      )}</tbody></table>`
}
${namesOf(receipt)}
${filesOf(receipt)}`;
}

const outcomeRow = ({ word, count, good }: OutcomeRow, rows: readonly OutcomeRow[]): Html => {
  const all = rows.reduce((sum, row) => sum + row.count, 0);
  return html`<tr><th scope="row">${word}</th><td>${bar(count, all, good)}</td><td class="number">${count.toLocaleString("en")}</td></tr>`;
};

/** Picture of a share. Whatever is not none is seen. */
function bar(part: number, all: number, good: boolean): Html {
  const width = part === 0 || all === 0 ? 0 : Math.max(1, (100 * part) / all);
  return html`<svg class="bar" viewBox="0 0 100 8" height="10" preserveAspectRatio="none" aria-hidden="true"><rect class="whole" width="100" height="8" rx="2"></rect><rect class="part${good ? "" : " bad"}" width="${width.toFixed(1)}" height="8" rx="2"></rect></svg>`;
}

function namesOf(receipt: TransferReceipt): Html | "" {
  const all = namesNotThere(receipt);
  if (all.length === 0) return "";
  return html`<h2>Objects that did not arrive as they should</h2>
<p>${allNamesText(receipt)}</p>
${all.map(
  ({ word, names }) =>
    html`<details open><summary>${objectsText(names.length)} ${word}</summary><ul class="cells">${names.slice(0, mostNamesShown).map((name) => html`<li><code>${name}</code></li>`)}</ul></details>`,
)}`;
}

function filesOf({ whole = [] }: TransferReceipt): Html | "" {
  if (whole.length === 0) return "";
  return html`<h2>Lines of all objects</h2>
<p>One line of JSON for each object, with its size, its MD5 where it is known, and what proved it. The sums are of each file's text.</p>
<table class="list receipt"><thead><tr><th scope="col">File</th><th scope="col" class="number">Objects</th><th scope="col">SHA-256</th></tr></thead><tbody>${whole.map(
    ({ file, lines, sha256 }) =>
      html`<tr><td><code>${file}</code></td><td class="number">${lines.toLocaleString("en")}</td><td><code>${sha256}</code></td></tr>`,
  )}</tbody></table>`;
}
