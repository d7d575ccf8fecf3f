// From the sheet's cells to people: each row is good, or refused with the cell and the reason. One bad row never costs
// a good one. Pure; knows nothing of GitHub, so a login that does not exist is good here.
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Rejected } from "../records.ts";
import type { MembersSettings } from "../settings.ts";
import { clean, columnLetters, folded, isPlaceholder, isUncomputed, shown } from "./cell-text.ts";
import { settleConflicts } from "./conflicts.ts";
import { readExpiry } from "./expiry.ts";
import { readLogin, type Typed } from "./login.ts";
import type { MemberRow } from "./row.ts";

export type SheetRows = {
  /** Why the sheet as a whole cannot be used, and what to do; then there are no rows, and nothing may follow from that. */
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
};

type Field = keyof MembersSettings["columns"];
const fields: readonly Field[] = ["name", "email", "login", "tier", "expires"];

/** Reads the members. `today` is YYYY-MM-DD. */
export function memberRows(
  cells: readonly (readonly string[])[],
  settings: MembersSettings,
  today: string,
): SheetRows {
  const columns = findColumns(cells[0] ?? [], settings);
  if (typeof columns === "string")
    return { problem: columns, rows: [], rejected: [], named: [], unreadable: [] };
  const tierOf = remembering(tierReader(settings));
  const expiryOf = remembering((cell) => readExpiry(cell, today));
  const good: MemberRow[] = [];
  const rejected: Rejected[] = [];
  const named = new Set<string>();
  const unreadable: SheetRows["unreadable"] = [];

  for (const [index, row] of cells.entries()) {
    const textOf = (field: Field): string => row[columns[field]] ?? "";
    if (index === 0 || fields.every((field) => clean(textOf(field)) === "")) continue;
    const addressOf = (field: Field): string => `${columnLetters(columns[field])}${index + 1}`;
    const login = readLogin(textOf("login"));
    const email = readEmail(textOf("email"));
    const tier = tierOf(textOf("tier"));
    const expires = expiryOf(textOf("expires"));
    if ("ok" in login && "ok" in email && "ok" in tier && "ok" in expires) {
      good.push({
        cell: addressOf("login"),
        login: login.ok,
        email: email.ok,
        name: isUncomputed(textOf("name")) ? "" : clean(textOf("name")),
        tier: tier.ok.tier,
        team: tier.ok.team,
        ...(expires.ok === "" ? {} : { expires: expires.ok }),
      });
      continue;
    }
    if ("ok" in login) named.add(login.ok.toLowerCase());
    else unreadable.push({ cell: addressOf("login"), ...("ok" in email ? { email: email.ok } : {}) });
    const reject = (field: Field, typed: Typed<unknown>): void => {
      if ("why" in typed) rejected.push({ cell: addressOf(field), value: shown(textOf(field)), ...typed });
    };
    reject("login", login);
    reject("email", email);
    reject("tier", tier);
    reject("expires", expires);
  }

  const settled = settleConflicts(good, today);
  for (const { login } of settled.refused) named.add(login.toLowerCase());
  return {
    rows: settled.rows,
    rejected: [...rejected, ...settled.refused.map(({ cell, login, why }) => ({ cell, value: login, why }))],
    named: [...named],
    unreadable,
  };
}

/** Where each field's heading stands in the first row, or why that cannot be said. */
function findColumns(
  header: readonly string[],
  { columns, tab }: MembersSettings,
): Record<Field, number> | string {
  const sentence = (why: string, next: string): string =>
    `The sheet of members cannot be used: ${why}. To mend it, ${next}.`;
  const headings = header.map(folded);
  if (headings.every((heading) => heading === ""))
    return sentence(
      `the first row of the tab "${tab}" is empty, so there are no headings`,
      `put the headings ${Object.values(columns).join(", ")} in the first row; an emptied sheet is brought back with File, Version history`,
    );
  const found = fields.map((field) => {
    const wanted = folded(columns[field]);
    return { field, at: headings.flatMap((heading, index) => (heading === wanted ? [index] : [])) };
  });
  const doubled = found.find(({ at }) => at.length > 1);
  if (doubled !== undefined)
    return sentence(
      `the heading "${columns[doubled.field]}" stands in ${doubled.at.map((index) => `${columnLetters(index)}1`).join(" and ")}`,
      "rename or delete one of the two columns",
    );
  const missing = found.filter(({ at }) => at.length === 0).map(({ field }) => columns[field]);
  if (missing.length > 0) {
    const taken = new Set(found.flatMap(({ at }) => at));
    const free = header.filter((heading, index) => clean(heading) !== "" && !taken.has(index));
    return sentence(
      `no column has the heading ${missing.map((heading) => `"${heading}"${nearest(heading, free, (near) => ` (is it "${shown(clean(near))}"?)`)}`).join(", nor ")}`,
      "give the column its old heading back, or name the new one under members.columns in the settings",
    );
  }
  return Object.fromEntries(found.map(({ field, at }) => [field, at[0] ?? 0])) as Record<Field, number>;
}

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
