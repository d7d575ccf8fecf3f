// A cell of the sheet, and which kinds of cells are no text: a number, a checkbox, a formula's error, a merge, a smart chip.
// Pure.
import { clean, isUncomputed } from "./cell-text.ts";

/** Text of a cell as it shows, or more where it was not simply typed as text. */
export type Cell = string | OddCell;

export type OddCell = {
  /** Text that shows. */
  shown: string;
  /** A formula gave it; nobody typed it. */
  computed?: true;
} & (
  | { is: "text" | "error" | "checkbox" }
  /** A day is its serial number. */
  | { is: "number"; value: number }
  /** Of a person's chip: the address. */
  | { is: "chip"; email?: string }
  /** Covered by a merge, whose only content stands in the cell `first`. */
  | { is: "merged"; first: string }
);

/** Meaning of a cell, or why it cannot be used. */
export type Typed<T> = { ok: T } | { why: string; suggestion?: string };

/** Gives the text that a cell shows. */
export const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.shown);

/** Tells whether a formula failed in the cell, or Sheets has not finished with it: its content is not known. */
export const isError = (cell: Cell): boolean =>
  (typeof cell !== "string" && cell.is === "error") || isUncomputed(textOf(cell));

/** Tells whether a person has put something there: a formula, a checkbox that nobody ticked, and a blank are nothing. */
export function isTyped(cell: Cell): boolean {
  if (clean(textOf(cell)) === "") return false;
  if (typeof cell === "string") return true;
  return cell.computed !== true && !(cell.is === "checkbox" && !isTicked(cell));
}

const isTicked = ({ shown }: OddCell): boolean => shown === "TRUE";

/** Says why a cell is no text that could be read, and what mends it; undefined for text. */
export function whyNoText(cell: Cell): { why: string; suggestion?: string } | undefined {
  if (isError(cell))
    return /^loading/i.test(clean(textOf(cell)))
      ? { why: "Sheets had not finished computing the cell: it is read again by itself" }
      : { why: "a formula's error: mend the formula, or type the value itself" };
  if (typeof cell === "string" || cell.is === "text") return undefined;
  switch (cell.is) {
    case "merged":
      return {
        why: `merged with ${cell.first}: choose Format, Merge cells, Unmerge, and fill each cell`,
      };
    case "chip":
      return {
        why: "a smart chip, not text: type the text in its place",
        ...(cell.email === undefined ? {} : { suggestion: cell.email }),
      };
    case "checkbox":
      return { why: "a checkbox or a truth value, not text: type the text in its place" };
    default:
      return {
        why: "a number or a date, not text: if it is meant, choose Format, Number, Plain text, and type it again",
      };
  }
}
