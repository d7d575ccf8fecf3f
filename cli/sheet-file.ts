// A sheet that a person has exported: whatever program wrote it, its cells as text; or a sentence on what the file is instead.
import { readPersonFile } from "../local/sample/person-file.ts";
import type { MembersSettings } from "../shared/members/settings.ts";
import { textOf } from "../shared/sheets/cell.ts";
import { csvCells } from "../shared/sheets/csv.ts";
import { findHeadings } from "../shared/sheets/headings.ts";
import type { DateOrder } from "./date-order.ts";
import { exitCodes } from "./exit-codes.ts";
import { stop } from "./stop.ts";

const exportIt = "in Google Sheets choose File, Download, Comma-separated values";

/** Reads the cells of an exported sheet. Throws Stop with what is wrong with it; `shown` is its name as typed. */
export function readSheetFile(file: string, shown: string): string[][] {
  const wrong = (why: string, next: string) =>
    stop(exitCodes.usage, `${shown} cannot be used as the sheet`, why, next);
  const read = readPersonFile(file);
  if ("problem" in read) throw wrong(`it ${read.problem}`, `name the file that was exported: ${exportIt}`);
  const { bytes } = read;
  if (bytes.subarray(0, 2).toString("latin1") === "PK")
    throw wrong("it is a workbook or an archive, not CSV", `save it as CSV, or ${exportIt}`);
  const text = decoded(bytes);
  if (text === undefined)
    throw wrong(
      "it is neither UTF-8 nor UTF-16: Excel's plain CSV is in the machine's own code page",
      `save it as "CSV UTF-8", or ${exportIt}`,
    );
  if (text.trim() === "") throw wrong("it is empty", exportIt);
  if (/^\s*(<!doctype|<html)/i.test(text))
    throw wrong("it is a web page, perhaps the one to sign in", `sign in first, then ${exportIt}`);
  try {
    return csvCells(text, delimiterOf(text));
  } catch (error) {
    const line = /line (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    throw wrong(`its quotes do not fit${line === undefined ? "" : ` near line ${line}`}`, exportIt);
  }
}

function decoded(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  const coding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(coding, { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Excel writes semicolons where a comma stands in numbers, and tabs as "Unicode text". The first rows tell, outside of quotes. */
function delimiterOf(text: string): string {
  const start = text.slice(0, 10_000).replaceAll(/"(?:[^"]|"")*"/g, "");
  const count = (delimiter: string): number => start.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** A day that can be read in two orders: no year in front, neither number above 12. */
const twoWays = /^\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?=$|\s)/;

/**
 * Writes days unmistakably that could be read in two orders: by the order that was named, or that the column's own heading shows, as
 * "(DD/MM/YYYY)". Gives the days that stay in doubt, by their rows, too.
 */
export function withDates(
  cells: readonly string[][],
  settings: MembersSettings,
  named: DateOrder | undefined,
): { cells: string[][]; inDoubt: number } {
  const headings = findHeadings(cells, settings);
  const column = typeof headings === "string" ? undefined : headings.columns.get("expires");
  if (typeof headings === "string" || column === undefined)
    return { cells: cells.map((row) => [...row]), inDoubt: 0 };
  const order = named ?? orderIn(textOf(cells[headings.row]?.[column] ?? ""));
  let inDoubt = 0;
  const read = cells.map((row, index) => {
    const day = row[column] ?? "";
    const [whole, first = "", , second = "", year] = twoWays.exec(day) ?? [];
    if (index <= headings.row || whole === undefined) return [...row];
    if (order === undefined) {
      if (first !== second && Number(first) <= 12 && Number(second) <= 12) inDoubt += 1;
      return [...row];
    }
    const [date, month] = order === "dmy" ? [first, second] : [second, first];
    return row.with(column, `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`);
  });
  return { cells: read, inDoubt };
}

function orderIn(heading: string): DateOrder | undefined {
  if (/\bdd?[-/. ]mm?[-/. ]y/i.test(heading)) return "dmy";
  return /\bmm?[-/. ]dd?[-/. ]y/i.test(heading) ? "mdy" : undefined;
}
