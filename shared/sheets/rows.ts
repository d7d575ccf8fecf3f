// From the sheet's cells to people: each row is good, or refused with the cell and the reason. One bad row never costs
// a good one. Pure; knows nothing of GitHub, so a login that does not exist is good here.
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Rejected } from "../records.ts";
import { type Column, Columns, type MembersSettings } from "../settings.ts";
import { clean, columnLetters, folded, isPlaceholder, isUncomputed, shown } from "./cell-text.ts";
import { settleConflicts } from "./conflicts.ts";
import { readExpiry } from "./expiry.ts";
import { readLogin, type Typed } from "./login.ts";
import type { MemberRow } from "./row.ts";
import type { TypedRow } from "./typed.ts";

export type SheetRows = {
  /** Reason why the sheet as a whole cannot be used, and what to do; then there are no rows, and nothing may follow from that. */
  problem?: string;
  rows: MemberRow[];
  rejected: Rejected[];
  /**
   * Lower-case logins that stand in refused rows. The sheet still names these people: a slip in another cell of their
   * row must not remove them.
   */
  named: string[];
  /** Refused rows whose login cannot be read: its cell, and whose row it is where the address can be read. */
  unreadable: { cell: string; email?: string }[];
  /** All rows as they were typed, and the letters of their columns: slips of the hand are recognised by them. */
  typed?: TypedRow[];
  letters?: Partial<Record<Column, string>>;
};

/** Reading of a row: of each column what a good cell says, or why it cannot be used. */
type Read = {
  login: Typed<string>;
  email: Typed<string>;
  name: Typed<string>;
  tier: Typed<{ tier: string; team: string }>;
  expires: Typed<string>;
};

/**
 * Rules on whether a sheet may lack a column, while the settings leave it its usual heading: one that they name themselves must be
 * there. Without a last day everybody stays, and who had left is let in again: a heading that was changed must not pass for none.
 */
const without = {
  login: "unusable",
  email: "unusable",
  name: "usable",
  tier: "unusable",
  expires: { usableUnless: /expir|until|\bend/ },
} as const satisfies Record<Column, "usable" | "unusable" | { usableUnless: RegExp }>;

const usual = Columns.parse({});
const columnNames = Columns.keyof().options;

/** Reads rows by their cells. What is not read here is not known of a column. */
function rowReader(settings: MembersSettings, today: string): (textOf: (column: Column) => string) => Read {
  const tierOf = remembering(tierReader(settings));
  const expiryOf = remembering((cell) => readExpiry(cell, today));
  return (textOf) =>
    ({
      login: readLogin(textOf("login")),
      email: readEmail(textOf("email")),
      name: { ok: isUncomputed(textOf("name")) ? "" : clean(textOf("name")) },
      tier: tierOf(textOf("tier")),
      expires: expiryOf(textOf("expires")),
    }) satisfies Record<Column, Typed<unknown>>;
}

/** Reads the members. `today` is YYYY-MM-DD. */
export function memberRows(
  cells: readonly (readonly string[])[],
  settings: MembersSettings,
  today: string,
): SheetRows {
  const columns = findColumns(cells, settings);
  if (typeof columns === "string")
    return { problem: columns, rows: [], rejected: [], named: [], unreadable: [] };
  const read = rowReader(settings, today);
  const good: MemberRow[] = [];
  const rejected: Rejected[] = [];
  const named = new Set<string>();
  const unreadable: SheetRows["unreadable"] = [];
  const typed: TypedRow[] = [];

  for (const [index, row] of cells.entries()) {
    const textOf = (column: Column): string => row[columns.get(column) ?? row.length] ?? "";
    if (index === 0 || columnNames.every((column) => clean(textOf(column)) === "")) continue;
    const addressOf = (column: Column): string => `${columnLetters(columns.get(column) ?? 0)}${index + 1}`;
    const found = read(textOf);
    const { login, email, name, tier, expires } = found;
    typed.push(typedRow(index + 1, found, textOf));
    if ("ok" in login && "ok" in email && "ok" in name && "ok" in tier && "ok" in expires) {
      good.push({
        cell: addressOf("login"),
        login: login.ok,
        email: email.ok,
        name: name.ok,
        tier: tier.ok.tier,
        team: tier.ok.team,
        ...(expires.ok === "" ? {} : { expires: expires.ok }),
      });
      continue;
    }
    if ("ok" in login) named.add(login.ok.toLowerCase());
    else unreadable.push({ cell: addressOf("login"), ...("ok" in email ? { email: email.ok } : {}) });
    for (const column of columnNames) {
      const typed = found[column];
      if ("why" in typed) rejected.push({ cell: addressOf(column), value: shown(textOf(column)), ...typed });
    }
  }

  const settled = settleConflicts(good, today);
  for (const { login } of settled.refused) named.add(login.toLowerCase());
  return {
    rows: settled.rows,
    rejected: [...rejected, ...settled.refused.map(({ cell, login, why }) => ({ cell, value: login, why }))],
    named: [...named],
    unreadable,
    typed,
    letters: Object.fromEntries([...columns].map(([column, index]) => [column, columnLetters(index)])),
  };
}

/** Gives a row by what its cells say, or by their text where they say nothing. */
function typedRow(at: number, found: Read, textOf: (column: Column) => string): TypedRow {
  const said = (column: "login" | "email" | "name" | "expires"): string => {
    const typed = found[column];
    return "ok" in typed ? typed.ok : clean(textOf(column));
  };
  return {
    at,
    login: said("login").toLowerCase(),
    email: said("email").toLowerCase(),
    name: said("name"),
    tier: "ok" in found.tier ? found.tier.ok.tier : clean(textOf("tier")),
    expires: said("expires"),
  };
}

/** Finds where each column that the sheet has stands, by its heading in the first row; or says why that cannot be said. */
function findColumns(
  cells: readonly (readonly string[])[],
  { columns, tab }: MembersSettings,
): ReadonlyMap<Column, number> | string {
  const header = cells[0] ?? [];
  const sentence = (why: string, next: string): string =>
    `The sheet of members cannot be used: ${why}. To mend it, ${next}.`;
  const headings = header.map(folded);
  if (headings.every((heading) => heading === ""))
    return sentence(
      `the first row of the tab "${tab}" is empty, so there are no headings`,
      `put the headings ${Object.values(columns).join(", ")} in the first row; an emptied sheet is brought back with File, Version history`,
    );
  const found = columnNames.map((column) => {
    const wanted = folded(columns[column]);
    return { column, at: headings.flatMap((heading, index) => (heading === wanted ? [index] : [])) };
  });
  const doubled = found.find(({ at }) => at.length > 1);
  if (doubled !== undefined)
    return sentence(
      `the heading "${columns[doubled.column]}" stands in ${doubled.at.map((index) => `${columnLetters(index)}1`).join(" and ")}`,
      "rename or delete one of the two columns",
    );
  const taken = new Set(found.flatMap(({ at }) => at));
  const free = header.filter((heading, index) => clean(heading) !== "" && !taken.has(index));
  const missing = found
    .filter(({ column, at }) => at.length === 0 && isNeeded(column, { columns, cells, free }))
    .map(({ column }) => columns[column]);
  if (missing.length > 0)
    return sentence(
      `no column has the heading ${missing.map((heading) => `"${heading}"${nearest(heading, free, (near) => ` (is it "${shown(clean(near))}"?)`)}`).join(", nor ")}`,
      "give the column its old heading back, or name the new one under members.columns in the settings",
    );
  return new Map(found.flatMap(({ column, at: [index] }) => (index === undefined ? [] : [[column, index]])));
}

/** Tells whether a sheet without this column is of no use. `free` are the headings that stand for no column of the settings. */
function isNeeded(
  column: Column,
  sheet: {
    columns: MembersSettings["columns"];
    cells: readonly (readonly string[])[];
    free: readonly string[];
  },
): boolean {
  const { columns, cells, free } = sheet;
  const rule = without[column];
  if (rule === "unusable" || columns[column] !== usual[column]) return true;
  if (rule === "usable") return false;
  const header = cells[0] ?? [];
  return (
    free.map(folded).some((heading) => rule.usableUnless.test(heading) || isSlip(heading, columns[column])) ||
    // Its heading alone was emptied.
    cells.some((row) => row.some((cell, index) => clean(cell) !== "" && clean(header[index] ?? "") === ""))
  );
}

const isSlip = (heading: string, of: string): boolean => distance(heading, folded(of)) <= 2;

/** The tiers of the settings, by what people type. Blanks, case and the kind of hyphen do not matter. */
function tierReader({ tiers }: MembersSettings): (cell: string) => Typed<{ tier: string; team: string }> {
  const key = (text: string): string => folded(text).replace(/\s*[\p{Pd}_\s]\s*/gu, " ");
  const known = new Map(Object.entries(tiers).map(([tier, team]) => [key(tier), { tier, team }]));
  const missing = { why: "the membership tier is missing" };
  return (cell) => {
    if (isUncomputed(cell))
      return { why: "a formula's error, or Sheets had not finished computing the cell" };
    const text = key(cell);
    const tier = known.get(text);
    if (tier !== undefined) return { ok: tier };
    if (text === "" || isPlaceholder(text)) return missing;
    const near = nearest(text, [...known.keys()], (one) => known.get(one)?.tier ?? "");
    const why = `no tier of the settings: ${Object.keys(tiers).join(", ")}`;
    return near === "" ? { why } : { why, suggestion: near };
  };
}

/** The closest of the candidates when it is close enough to be meant, put into words; else "". */
function nearest(text: string, candidates: readonly string[], words: (near: string) => string): string {
  if (candidates.length === 0) return "";
  const byFold = new Map(candidates.map((candidate) => [folded(candidate), candidate]));
  const near = closest(folded(text), [...byFold.keys()]);
  const enough = Math.max(2, Math.floor(text.length / 3));
  return distance(folded(text), near) <= enough ? words(byFold.get(near) ?? near) : "";
}

/** Tiers and days come again and again in a column. */
function remembering<T>(read: (cell: string) => T): (cell: string) => T {
  const known = new Map<string, T>();
  return (cell) => {
    const before = known.get(cell);
    if (before !== undefined) return before;
    const made = read(cell);
    known.set(cell, made);
    return made;
  };
}

const Email = z.email();

function readEmail(cell: string): Typed<string> {
  if (isUncomputed(cell)) return { why: "a formula's error, or Sheets had not finished computing the cell" };
  const text = clean(cell);
  if (text === "" || isPlaceholder(text)) return { why: "the e-mail address is missing" };
  const bare = (/^[^<>@]*<([^<>]+)>$/.exec(text)?.[1] ?? text).replace(/^mailto:/i, "").trim();
  if (Email.safeParse(bare).success && bare.length <= 254) return { ok: bare };
  const parts = bare.split(/[\s,;/]+/).filter((part) => Email.safeParse(part).success);
  if (parts.length > 1) return { why: "more than one e-mail address: leave the one that is read" };
  return { why: "not an e-mail address", ...(parts[0] === undefined ? {} : { suggestion: parts[0] }) };
}
