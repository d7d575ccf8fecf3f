// Words of a receipt as people keep it: on its page, in its text and in the command line alike. Pure.
import { keysOf } from "../closed.ts";
import { sizeWord } from "../sizes.ts";
import type { Dollars } from "./figures.ts";
import type { TransferReceipt } from "./receipt-records.ts";
import { asTypedText, dollarsText, objectsText, timeText } from "./words.ts";

/** Objects by what is known of them now; `good`: their content was proved to be the source's. */
export type OutcomeRow = { word: string; count: number; good: boolean };

/** Counts all objects of a receipt, each in one row; rows of none are kept, so that what is not there can be seen. */
export function outcomeRows(receipt: TransferReceipt): OutcomeRow[] {
  const { verified, missing, changed = [], conflicts, unmovable, gone = 0, overtaken = 0 } = receipt;
  // Receipts of before have names alone, a thousand at most.
  const of = receipt.others ?? {
    changed: changed.length,
    conflicts: conflicts.length,
    unmovable: unmovable.length,
  };
  const good = { good: true };
  const bad = { good: false };
  return [
    { word: "proved by the sums of both stores", count: verified.md5, ...good },
    { word: "proved by a sum that a store was asked for", count: verified.asked ?? 0, ...good },
    { word: "proved by reading back", count: verified.read ?? 0, ...good },
    { word: "there, not proved", count: verified.size, ...bad },
    { word: "copied and not as at the source", count: of.changed, ...bad },
    { word: "of another content, left alone", count: of.conflicts, ...bad },
    { word: "not there", count: missing, ...bad },
    { word: "deleted at the source before they were copied", count: gone, ...bad },
    { word: "changed at the source before they were copied", count: overtaken, ...bad },
    { word: "of a name that cannot be copied", count: of.unmovable, ...bad },
  ];
}

/** Names that did not arrive as they should, by what is wrong; as many as a receipt holds. */
export function namesNotThere(receipt: TransferReceipt): { word: string; names: readonly string[] }[] {
  const { notThere, conflicts, changed = [], unproved = [], unmovable, kept = [], since } = receipt;
  return [
    { word: "not there", names: notThere },
    { word: "of another content at the target, left alone", names: conflicts },
    { word: "copied, and not as at the source: damaged on the way, or written over", names: changed },
    { word: "there, and not proved to be the same", names: unproved },
    { word: "of a name that cannot be copied", names: unmovable },
    { word: "to be deleted at the target, and still there", names: kept },
    { word: "deleted at the source since the plan", names: since?.deleted.names ?? [] },
    { word: "changed at the source since the plan", names: since?.changed.names ?? [] },
    { word: "added at the source since the plan, and no part of it", names: since?.added.names ?? [] },
  ].filter(({ names }) => names.length > 0);
}

const dollarWords: Record<keyof Dollars, string> = {
  egress: "egress",
  retrieval: "retrieval from colder classes",
  operations: "requests to the stores",
  machines: "machines",
};

/** Dollars of a receipt by what took them; nothing of receipts of before, which have one sum. */
export const dollarRows = ({ dollarsFor }: TransferReceipt): { word: string; dollars: number }[] =>
  dollarsFor === undefined
    ? []
    : keysOf(dollarWords).map((kind) => ({
        word: dollarWords[kind],
        dollars: dollarsFor[kind],
      }));

/** Address of the target as stores write it; undefined in receipts of before. */
export function targetText({ target }: TransferReceipt): string | undefined {
  if (target === undefined) return undefined;
  const { kind, bucket, endpoint, path, only } = target;
  const folder = [bucket, path, only].filter((part) => (part ?? "") !== "").join("/");
  return `${kind === "gcs" ? "gs" : "s3"}://${folder}${endpoint === undefined ? "" : ` at ${endpoint}`}`;
}

/** Facts of a receipt, a word and what it says. */
export function receiptFacts(receipt: TransferReceipt): [word: string, says: string][] {
  const { from, to, objects, bytes, machines, preemptions, errors, machineHours, rclone } = receipt;
  const target = targetText(receipt);
  return [
    ["From", from],
    ["To", target === undefined ? to : `${to} (${target})`],
    ...(receipt.by === undefined
      ? []
      : [["Asked for by", asTypedText(receipt.by)] satisfies [string, string]]),
    ["Begun and ended", `${timeText(receipt.startedAt)}, ${timeText(receipt.endedAt)}`],
    ["In all", `${objectsText(objects)}, ${sizeWord(bytes)}`],
    ...lostFacts(receipt),
    [
      "Machines",
      `${machines} made, ${preemptions} taken away by Google, ${errors} ${errors === 1 ? "error" : "errors"}, ${machineHours.toFixed(2)} hours; all are deleted`,
    ],
    ["rclone", rclone.length === 0 ? "not told" : rclone.join(", ")],
    ["Dollars", `about ${dollarsText(receipt.dollars)}`],
    ["SHA-256 of the manifest", receipt.manifestSha256],
  ];
}

/** Says what the target has lost, as the plan had named it. */
function lostFacts({ replaced = 0, deleted = 0 }: TransferReceipt): [string, string][] {
  if (replaced + deleted === 0) return [];
  return [["Lost at the target", `${objectsText(replaced)} replaced, ${objectsText(deleted)} deleted`]];
}

/** More names than this are left to the lines. */
export const mostNamesShown = 1000;

/** Says where all names are. */
export const allNamesText = ({ whole }: TransferReceipt): string =>
  whole === undefined
    ? "At most 1,000 names of each kind are known: the receipt is of an earlier version."
    : "At most 1,000 names of each kind stand here; the lines of all objects have every one.";

/** Writes a receipt as plain text. */
export function receiptText(receipt: TransferReceipt): string {
  const width = Math.max(...receiptFacts(receipt).map(([word]) => word.length));
  const names = namesNotThere(receipt);
  const lines = [
    `Receipt of transfer ${receipt.id}`,
    "",
    `It is ${receipt.said}.`,
    "",
    ...receiptFacts(receipt).map(([word, says]) => `${word.padEnd(width)}  ${says}`),
    "",
    "Objects",
    ...outcomeRows(receipt).map(({ word, count }) => `${count.toLocaleString("en").padStart(14)}  ${word}`),
    "",
    ...(receipt.dollarsFor === undefined ? [] : ["Dollars"]),
    ...dollarRows(receipt).map(({ word, dollars }) => `${dollarsText(dollars).padStart(14)}  ${word}`),
    ...(receipt.dollarsFor === undefined ? [] : [""]),
    ...(receipt.note === undefined ? [] : [receipt.note, ""]),
    ...names.flatMap(({ word, names: all }) => [
      `${word}:`,
      ...all.slice(0, mostNamesShown).map((name) => `  ${JSON.stringify(name)}`),
      "",
    ]),
    ...(names.length === 0 ? [] : [allNamesText(receipt), ""]),
    ...(receipt.whole ?? []).map(
      ({ file, lines: count, sha256 }) => `${sha256}  ${file} (${objectsText(count)})`,
    ),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
