// A CSV file as the one tab of a spreadsheet. What can't be read as text is an error, never an empty tab.
import { csvCells } from "../../shared/sheets/csv.ts";
import { readPersonFile } from "../sample/person-file.ts";
import type { Area } from "./area.ts";
import { type Cell, formatted } from "./cell.ts";
import { withKinds } from "./typed-cells.ts";

/** The file's cells as typed, or a sentence on why they cannot be read. A file of no bytes is an empty tab. */
export function readTab(file: string): { cells: Cell[][]; merges: Area[] } | { unreadable: string } {
  const read = readPersonFile(file);
  if ("problem" in read) return { unreadable: `the sheet's file cannot be opened: it ${read.problem}` };
  const { bytes } = read;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.includes("\0")) return { unreadable: "the sheet's file is not text: save it as CSV in UTF-8" };
    return withKinds(file, csvCells(text));
  } catch (error) {
    const line = /on line (\d+)|at line (\d+)/.exec(error instanceof Error ? error.message : "");
    return {
      unreadable:
        line === null
          ? "the sheet's file is not UTF-8: save it as CSV in UTF-8"
          : `the sheet's file is not CSV: look at the quotes near line ${line[1] ?? line[2]}`,
    };
  }
}

/** The cells of an area; blank ones at a row's end and blank rows at the end are left out. */
export function valuesIn(cells: readonly Cell[][], { top, left, bottom, right }: Area): Cell[][] {
  const rows = cells.slice(top, bottom + 1).map((row) => withoutTail(row.slice(left, right + 1), isBlank));
  return withoutTail(rows, (row) => row.length === 0);
}

/** A formula that gives an empty text is none of the blank cells that are left out. */
const isBlank = (cell: Cell): boolean =>
  formatted(cell) === "" && (typeof cell === "string" || cell.formula === undefined);

function withoutTail<T>(items: readonly T[], isNothing: (item: T) => boolean): T[] {
  return items.slice(0, items.findLastIndex((item) => !isNothing(item)) + 1);
}
