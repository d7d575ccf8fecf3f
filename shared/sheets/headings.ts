// Finds the columns of the sheet by their headings, in whatever row those stand, with the hints that people write into them.
// Pure.
import { closest, distance } from "fastest-levenshtein";
import { type Column, Columns, type MembersSettings } from "../members/settings.ts";
import { type Cell, textOf } from "./cell.ts";
import { clean, columnLetters, folded, shown } from "./cell-text.ts";

/** Row of the headings by its index, and the index of each column that the sheet has. */
export type Headings = { row: number; columns: ReadonlyMap<Column, number> };

type Cells = readonly (readonly Cell[])[];

/** Rows in which headings are looked for: titles and notes stand above them. */
const rowsSearched = 10;

/**
 * Rules on whether a sheet may lack a column, while the settings leave it its usual heading: one that they name themselves must be
 * there. Without a last day everybody stays, and who had left is let in again: a heading that was changed must not pass for none.
 */
const without = {
  login: "unusable",
  email: { usableUnless: /mail/ },
  name: "usable",
  tier: "unusable",
  expires: { usableUnless: /expir|until|\bend/ },
} as const satisfies Record<Column, "usable" | "unusable" | { usableUnless: RegExp }>;

const usual = Columns.parse({});
export const columnNames = Columns.keyof().options;

/** Finds the headings; or says why the sheet cannot be used, and what to do. */
export function findHeadings(cells: Cells, settings: MembersSettings): Headings | string {
  let best = searchRow(cells, 0, settings);
  for (let row = 1; "problem" in best && row < Math.min(cells.length, rowsSearched); row += 1) {
    const found = searchRow(cells, row, settings);
    if (!("problem" in found) || found.count > best.count) best = found;
  }
  return "problem" in best
    ? `The sheet of members cannot be used: ${best.problem.why}. To mend it, ${best.problem.next}.`
    : best;
}

type Problem = { count: number; problem: { why: string; next: string } };

function searchRow(cells: Cells, row: number, settings: MembersSettings): Headings | Problem {
  const { columns, tab } = settings;
  const header = (cells[row] ?? []).map(textOf);
  const headings = header.map(formsOf);
  if (headings.every(([heading]) => heading === ""))
    return {
      count: 0,
      problem: {
        why: `the first row of the tab "${tab}" is empty, so there are no headings`,
        next: `put the headings ${Object.values(columns).join(", ")} in the first row; an emptied sheet is brought back with File, Version history`,
      },
    };
  const found = columnNames.map((column) => ({ column, at: placesOf(columns[column], headings) }));
  const count = found.filter(({ at }) => at.length > 0).length;
  const doubled = found.find(({ at }) => at.length > 1);
  if (doubled !== undefined)
    return {
      count,
      problem: {
        why: `the heading "${columns[doubled.column]}" stands in ${doubled.at.map((index) => `${columnLetters(index)}${row + 1}`).join(" and ")}`,
        next: "rename or delete one of the two columns",
      },
    };
  const taken = new Set(found.flatMap(({ at }) => at));
  const free = header.filter((heading, index) => clean(heading) !== "" && !taken.has(index));
  const sheet = { settings, header, free, below: cells.slice(row + 1) };
  const missing = found
    .filter(({ column, at }) => at.length === 0 && isNeeded(column, sheet))
    .map(({ column }) => columns[column]);
  if (missing.length > 0)
    return {
      count,
      problem: {
        why: `no column has the heading ${missing.map((heading) => `"${heading}"${nearest(heading, free, (near) => ` (is it "${shown(clean(near))}"?)`)}`).join(", nor ")}`,
        next: "give the column its old heading back, or name the new one under members.columns in the settings",
      },
    };
  return {
    row,
    columns: new Map(
      found.flatMap(({ column, at: [index] }) => (index === undefined ? [] : [[column, index]])),
    ),
  };
}

/** Characters of a heading that are looked at: a cell may have 50,000, and to look for brackets takes their square. */
const mostOfHeading = 500;

/** Forms in which a heading may be meant, the strictest first: whole, without hints in brackets, its first line, up to a sign. */
function formsOf(cell: string): [string, string, string, string] {
  const heading = cell.slice(0, mostOfHeading);
  const bare = (text: string): string =>
    folded(text.replace(/\([^)]*\)|\[[^\]]*\]/g, " ")).replace(/[\s:*?.!]+$/, "");
  const [line = ""] = heading.trim().split(/[\r\n]/);
  const [before = ""] = heading.split(/[:;,\u2013\u2014([]| - /);
  return [folded(heading), bare(heading), bare(line), bare(before)];
}

/** Gives the columns of a row of headings that mean the wanted one, by the strictest form that any has. */
export const columnsOf = (wanted: string, headings: readonly string[]): number[] =>
  placesOf(wanted, headings.map(formsOf));

function placesOf(wanted: string, headings: readonly ReturnType<typeof formsOf>[]): number[] {
  const [exact, bare] = formsOf(wanted);
  for (const [level, text] of [exact, bare, bare, bare].entries()) {
    const at = headings.flatMap((forms, index) => (text !== "" && forms[level] === text ? [index] : []));
    if (at.length > 0) return at;
  }
  return [];
}

/** Tells whether a sheet without this column is of no use. `free` are the headings that stand for no column of the settings. */
function isNeeded(
  column: Column,
  sheet: { settings: MembersSettings; header: readonly string[]; free: readonly string[]; below: Cells },
): boolean {
  const { settings, header, free, below } = sheet;
  const { columns, mustEnd } = settings;
  const rule = without[column];
  if (rule === "unusable" || columns[column] !== usual[column]) return true;
  if (rule === "usable") return false;
  if (column === "expires" && mustEnd.length > 0) return true;
  return (
    free.map(folded).some((heading) => rule.usableUnless.test(heading) || isSlip(heading, columns[column])) ||
    // Its heading alone was emptied.
    below.some((row) =>
      row.some((cell, index) => clean(textOf(cell)) !== "" && clean(header[index] ?? "") === ""),
    )
  );
}

const letters = (text: string): string => folded(text).replace(/[^\p{L}\p{N}]/gu, "");
const isSlip = (heading: string, of: string): boolean => distance(letters(heading), letters(of)) <= 2;

/** Puts the closest of the candidates into words when it is close enough to be meant; else "". */
export function nearest(
  text: string,
  candidates: readonly string[],
  words: (near: string) => string,
): string {
  if (candidates.length === 0) return "";
  const byLetters = new Map(candidates.map((candidate) => [letters(candidate), candidate]));
  const near = closest(letters(text), [...byLetters.keys()]);
  const enough = Math.max(2, Math.floor(text.length / 3));
  return distance(letters(text), near) <= enough ? words(byLetters.get(near) ?? near) : "";
}
