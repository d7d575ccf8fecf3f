// Recognises what a hand has done to the sheet since it was last read: rows inserted, deleted, moved, all sorted; one column
// sorted alone, dragged down, pasted over; an old version brought back; two people swapped. Pure, and it judges nobody.
import { dayOf } from "../../shared/clock.ts";
import type { Column } from "../../shared/members/settings.ts";
import { columnNames } from "../../shared/sheets/headings.ts";
import type { TypedRow } from "../../shared/sheets/typed.ts";
import { columnsOf, type Pair, type Placed, paired, sides } from "./slip-pairs.ts";

export type SlipKind =
  | "unchanged"
  | "inserted"
  | "deleted"
  | "moved"
  | "sorted"
  | "column-sorted"
  | "dragged-down"
  | "pasted-over"
  | "old-version"
  | "swapped"
  | "edited";

export type Slip = {
  kind: SlipKind;
  /** Columns that differ in rows that are there still. */
  columns: Column[];
  /** Rows that are another than before, beside what they were. */
  pairs: Pair[];
  /** Rows that are gone, and rows that came, with none to stand beside. */
  gone: TypedRow[];
  come: TypedRow[];
};

/** Columns that say who somebody is. */
export const identity: readonly Column[] = ["login", "email", "name"];
/** More rows than these that get words from elsewhere at once were pasted; fewer may be corrections. */
const mostCorrections = 3;

/**
 * Compares two reads.
 * @param hasLeft says whether somebody had access by this login once, and the sheet did not name it any more at the last read.
 */
export function readSlip(
  before: readonly TypedRow[],
  now: readonly TypedRow[],
  hasLeft: (login: string) => boolean,
): Slip {
  const { gone, come, kept } = sides(before, now);
  const nothing = { columns: [], pairs: [], gone: [], come: [] };
  if (gone.length === 0 && come.length === 0) return { ...nothing, kind: orderOf(before, now, kept) };
  const { pairs, ...single } = paired(gone, come, kept);
  const slip = { columns: columnsOf(pairs), pairs, ...single };
  if (come.length === 0) return { ...slip, kind: "deleted" };
  const names = new Set(before.map(({ login }) => login));
  const unseen = come.filter(({ row }) => !names.has(row.login));
  const back = unseen.filter(({ row }) => hasLeft(row.login));
  if (back.length > 0 && 2 * back.length >= unseen.length) return { ...slip, kind: "old-version" };
  if (gone.length === 0) return { ...slip, kind: "inserted" };
  return { ...slip, kind: kindOf(slip, before, now) };
}

function kindOf(slip: Omit<Slip, "kind">, before: readonly TypedRow[], now: readonly TypedRow[]): SlipKind {
  const { pairs, columns, gone, come } = slip;
  if (pairs.length === 0) return "edited";
  // Rows that came or went meanwhile may have been within what was sorted.
  const others = gone.length + come.length;
  if (columns.every((column) => isPermuted(pairs, column, others))) {
    if (pairs.length === 2 && others === 0) return "swapped";
    if (pairs.length > 2 + 2 * others) return "column-sorted";
  }
  // A cell that was put in or taken out shifts the column below it: one word is new, and one is lost.
  if (pairs.length > mostCorrections + 1 + 2 * others)
    if (columns.every((column) => isPermuted(pairs, column, others + 1))) return "column-sorted";
  if (isDragged(pairs, columns, now)) return "dragged-down";
  return isPasted(pairs, columns, before) ? "pasted-over" : "edited";
}

/** Says whether a column has the words that it had, in other rows, but for so many. */
function isPermuted(pairs: readonly Pair[], column: Column, butFor: number): boolean {
  const counts = new Map<string, number>();
  for (const { was } of pairs) counts.set(was[column], (counts.get(was[column]) ?? 0) + 1);
  let missing = 0;
  for (const { is } of pairs) {
    const left = counts.get(is[column]) ?? 0;
    if (left === 0) missing += 1;
    else counts.set(is[column], left - 1);
  }
  return missing <= butFor;
}

/** Says whether every row from the first changed one to the last has the word above it, or counts on from it. */
function isDragged(pairs: readonly Pair[], columns: readonly Column[], now: readonly TypedRow[]): boolean {
  const places = pairs.map(({ place }) => place);
  const first = Math.min(...places);
  const last = Math.max(...places);
  const above = now[first - 1];
  if (above === undefined || (pairs.length < 2 && !columns.some((column) => identity.includes(column))))
    return false;
  return columns.every((column) => {
    const words = now.slice(first, last + 1).map((row) => row[column]);
    return (
      words.every((word) => word === above[column]) ||
      words.every((word, index) => word === countedOn(above[column], index + 1))
    );
  });
}

/** Gives the word so many rows further down: a sheet counts on the number at its end, or the day of a date. */
function countedOn(word: string, steps: number): string | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(word)) return dayOf(new Date(word), steps);
  // An address counts on, too: the number before its sign.
  const [, head = "", digits = "", tail = ""] = /^(.*?)(\d{1,9})(@.*)?$/.exec(word) ?? [];
  return digits === "" ? undefined : `${head}${Number(digits) + steps}${tail}`;
}

/** Says whether what came into rows that name people is copied from elsewhere in the sheet, or is more than one corrects at once. */
function isPasted(pairs: readonly Pair[], columns: readonly Column[], before: readonly TypedRow[]): boolean {
  const who = columns.filter((column) => identity.includes(column));
  if (who.length === 0) return false;
  const places = pairs.map(({ place }) => place);
  const isBlock = Math.max(...places) - Math.min(...places) < pairs.length;
  const copied = pairs.filter(({ was, is }) =>
    who.some(
      (column) =>
        is[column] !== was[column] && is[column] !== "" && before.some((row) => row[column] === is[column]),
    ),
  );
  return copied.length === pairs.length || (isBlock && pairs.length > mostCorrections);
}

function orderOf(before: readonly TypedRow[], now: readonly TypedRow[], kept: readonly Placed[]): SlipKind {
  const order = kept.map(({ from }) => from);
  const displaced = order.filter((from, index) => from !== index).length;
  if (displaced === 0) return "unchanged";
  const isNew = columnNames.some((column) => isSorted(now, column) && !isSorted(before, column));
  return isNew || !isOneBlock(order) ? "sorted" : "moved";
}

function isSorted(rows: readonly TypedRow[], column: Column): boolean {
  const words = rows.map((row) => row[column]);
  // A column of few words, such as tiers, is sorted by chance; so is one of a single word.
  if (new Set(words).size < 2) return false;
  const rises = words.every((word, index) => index === 0 || (words[index - 1] ?? "") <= word);
  return rises || words.every((word, index) => index === 0 || (words[index - 1] ?? "") >= word);
}

/** Says whether one block of rows stands elsewhere, and all others follow each other as before. */
function isOneBlock(order: readonly number[]): boolean {
  const breaks = order.filter((from, index) => index > 0 && from !== (order[index - 1] ?? 0) + 1).length;
  const edges = (order[0] === 0 ? 0 : 1) + (order.at(-1) === order.length - 1 ? 0 : 1);
  return breaks + edges <= 3;
}
