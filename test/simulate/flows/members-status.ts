// Rules for the status sheet: a line for each row as it was read, and no word about anybody that no look has shown.
import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Finding } from "../../../shared/members/answers.ts";
import { findingLooks } from "../../../shared/members/findings.ts";
import type { World } from "../world.ts";

/** Everybody who was in a managed team, or invited, at one moment. */
export type Standing = { isIn: ReadonlySet<string>; isInvited: ReadonlySet<string> };

const insides: readonly Finding[] = ["in-team", "renamed", "other-team"];
const words = new Set(insides.map((finding) => findingLooks[finding].word));
/** Rows above the lines. */
const above = 4;

const tableIn = (file: string): string[][] =>
  existsSync(file) ? parse(readFileSync(file), { relax_column_count: true, skip_empty_lines: false }) : [];

/** Lists what the status sheet says otherwise than the rows as they were read, or than GitHub at any of these moments. */
export function wrongInStatus(
  world: World,
  { cells, moments }: { cells: readonly string[][]; moments: readonly Standing[] },
): string[] {
  const table = tableIn(world.statusFile);
  const lines = new Map(table.slice(above).map(([row = "", ...line]) => [row, line]));
  const ever = (is: (one: Standing) => boolean): boolean => moments.some(is);
  const [heading = [], ...rows] = cells;
  if (heading[2] !== "GitHub username")
    return /heading|column/i.test(table[2]?.[0] ?? "")
      ? []
      : [`the status sheet has no word about the headings: ${table[2]}`];
  return rows.flatMap(([, , login = ""], index): string[] => {
    const row = String(index + 2);
    const [told = "", word = ""] = lines.get(row) ?? [];
    const about = `the status sheet says of row ${row} (${login}): ${told}, ${word}`;
    if (!lines.has(row)) return [`the status sheet has no line about row ${row} (${login})`];
    if (told !== "" && told !== login) return [`${about}: another login`];
    if (word === findingLooks.rejected.word) return [];
    const isSo =
      ever((one) => one.isIn.has(login) === words.has(word)) &&
      (words.has(word) || ever((one) => one.isInvited.has(login) === (word === findingLooks.invited.word)));
    return isSo ? [] : [`${about}, which no look has shown`];
  });
}

/** Gives the rows of the member sheet as they stand in it. */
export const rowsOfSheet = (world: World): string[][] => tableIn(world.sheetFile);
