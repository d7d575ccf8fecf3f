// From the sheet's cells to people: each row is good, or refused with the cell and the reason. One bad row never costs
// a good one. Pure; knows nothing of GitHub, so a login that does not exist is good here.
import type { Rejected } from "../members/records.ts";
import type { Column, MembersSettings } from "../members/settings.ts";
import { type Cell, isError, isTyped, type Typed, textOf } from "./cell.ts";
import { clean, columnLetters, fewOf, folded, shown } from "./cell-text.ts";
import { readEmail } from "./email.ts";
import { readExpiry } from "./expiry.ts";
import { columnNames, findHeadings, type Headings } from "./headings.ts";
import { isProfile, readLogin } from "./login.ts";
import { onePerLogin } from "./namesakes.ts";
import type { MemberRow } from "./row.ts";
import { tierReader } from "./tier.ts";
import type { TypedRow } from "./typed.ts";

export type SheetRows = {
  /** Reason why the sheet as a whole cannot be used, and what to do; then there are no rows, and nothing may follow from that. */
  problem?: string;
  rows: MemberRow[];
  /** Refused rows, one line each, by the first cell that is wrong. */
  rejected: Rejected[];
  /**
   * Lower-case logins that stand in refused rows. The sheet still names these people: a slip in another cell of their
   * row must not remove them.
   */
  named: string[];
  /** Rows whose login cannot be read: its cell, and whose row it is where the address can be read. */
  unreadable: { cell: string; email?: string }[];
  /** Sentences on what holds for many rows, and is no row's fault. */
  remarks?: string[];
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
type Good = { [Name in keyof Read]: Extract<Read[Name], { ok: unknown }>["ok"] };

type CellOf = (column: Column) => Cell;

/** Reads rows by their cells. What is not read here is not known of a column. */
function rowReader(settings: MembersSettings, today: string): (cellOf: CellOf) => Read {
  const tierOf = remembering(tierReader(settings));
  const expiryOf = remembering((cell) => readExpiry(cell, today));
  const tiers = new Set(Object.keys(settings.tiers).map(folded));
  return (cellOf) => {
    const name = cellOf("name");
    const tier = tierOf(cellOf("tier"));
    const expires = expiryOf(cellOf("expires"));
    const isOpen = "ok" in tier && "ok" in expires && expires.ok === "";
    return {
      login: readLogin(cellOf("login"), (word) => tiers.has(word)),
      email: readEmail(cellOf("email")),
      name: { ok: isError(name) ? "" : clean(textOf(name)) },
      tier,
      expires:
        isOpen && settings.mustEnd.includes(tier.ok.tier)
          ? { why: `a membership of the tier ${tier.ok.tier} must end: type its last day as YYYY-MM-DD` }
          : expires,
    } satisfies Record<Column, Typed<unknown>>;
  };
}

/** Reads the members. `today` is YYYY-MM-DD. */
export function memberRows(
  cells: readonly (readonly Cell[])[],
  settings: MembersSettings,
  today: string,
): SheetRows {
  const headings = findHeadings(cells, settings);
  const unusable = (problem: string): SheetRows => ({
    problem,
    rows: [],
    rejected: [],
    named: [],
    unreadable: [],
  });
  if (typeof headings === "string") return unusable(headings);
  const read = rowReader(settings, today);
  const above = peopleAbove(cells, headings, read);
  if (above !== undefined) return unusable(above);
  const good: MemberRow[] = [];
  const rejected: Rejected[] = [];
  const named = new Set<string>();
  const unreadable: SheetRows["unreadable"] = [];
  const idle: string[] = [];
  const typed: TypedRow[] = [];

  for (let index = headings.row + 1; index < cells.length; index += 1) {
    const row = cells[index] ?? [];
    const cellOf: CellOf = (column) => row[headings.columns.get(column) ?? row.length] ?? "";
    const addressOf = (column: Column): string =>
      `${columnLetters(headings.columns.get(column) ?? 0)}${index + 1}`;
    if (!isRow(cellOf)) {
      // Somebody's row may be behind a formula that fails today.
      if (isError(cellOf("login"))) {
        unreadable.push({ cell: addressOf("login") });
        idle.push(addressOf("login"));
      }
      continue;
    }
    const found = read(cellOf);
    typed.push(typedRow(index + 1, found, cellOf));
    const all = allGood(found);
    if (all !== undefined) {
      good.push(memberRow(all, { cell: addressOf("login"), isSure: isProfile(cellOf("login")) }));
      continue;
    }
    const { login, email } = found;
    if ("ok" in login) named.add(login.ok.toLowerCase());
    else
      unreadable.push({
        cell: addressOf("login"),
        ...("ok" in email && email.ok !== "" ? { email: email.ok } : {}),
      });
    rejected.push(refusalOf(found, { addressOf, cellOf }));
  }

  const settled = onePerLogin(good, Object.keys(settings.tiers), today);
  const remarks = [...settled.remarks, ...remarksOn(good, headings, idle)];
  return {
    rows: settled.rows,
    rejected,
    named: [...named],
    unreadable,
    ...(remarks.length === 0 ? {} : { remarks }),
    typed,
    letters: Object.fromEntries(
      [...headings.columns].map(([column, index]) => [column, columnLetters(index)]),
    ),
  };
}

/** Says that people stand above the headings, where nobody reads: whoever sorts a sheet sorts its headings in, unless they are frozen. */
function peopleAbove(
  cells: readonly (readonly Cell[])[],
  { row, columns }: Headings,
  read: (cellOf: CellOf) => Read,
): string | undefined {
  const above = cells.slice(0, row).flatMap((each, index) => {
    const { login, tier } = read((column) => each[columns.get(column) ?? each.length] ?? "");
    return "ok" in login && "ok" in tier ? [String(index + 1)] : [];
  });
  return above.length === 0
    ? undefined
    : `The sheet of members cannot be used: people stand above the headings, in row ${fewOf(above)}, as if the headings had been sorted in with them. To mend it, press Ctrl-Z or move the headings above everybody, and freeze them (View, Freeze, 1 row).`;
}

/** Gives a row by what its cells say, or by their text where they say nothing. */
function typedRow(at: number, found: Read, cellOf: CellOf): TypedRow {
  const text = (column: Column): string => clean(textOf(cellOf(column)));
  const said = (column: "login" | "email" | "name" | "expires"): string => {
    const read = found[column];
    return "ok" in read ? read.ok : text(column);
  };
  return {
    at,
    login: said("login").toLowerCase(),
    email: said("email").toLowerCase(),
    name: said("name"),
    tier: "ok" in found.tier ? found.tier.ok.tier : text("tier"),
    expires: said("expires"),
  };
}

/** Tells whether somebody has typed a person into a row: what is filled in beforehand, formulas, tiers, days, is none. */
function isRow(cellOf: CellOf): boolean {
  const login = cellOf("login");
  return (
    (["login", "email", "name"] as const).some((column) => isTyped(cellOf(column))) ||
    (clean(textOf(login)) !== "" && !isError(login) && typeof login !== "string" && login.is !== "checkbox")
  );
}

function allGood({ login, email, name, tier, expires }: Read): Good | undefined {
  return "ok" in login && "ok" in email && "ok" in name && "ok" in tier && "ok" in expires
    ? { login: login.ok, email: email.ok, name: name.ok, tier: tier.ok, expires: expires.ok }
    : undefined;
}

const memberRow = (
  { login, email, name, tier, expires }: Good,
  { cell, isSure }: { cell: string; isSure: boolean },
): MemberRow => ({
  cell,
  login,
  email,
  name,
  ...tier,
  ...(expires === "" ? {} : { expires }),
  ...(isSure ? { isSure: true } : {}),
});

/** One line a row: its first cell that is wrong, and in words the others. */
function refusalOf(
  found: Read,
  { addressOf, cellOf }: { addressOf: (column: Column) => string; cellOf: CellOf },
): Rejected {
  const wrong = columnNames.flatMap((column) => {
    const typed = found[column];
    return "why" in typed ? [{ column, ...typed }] : [];
  });
  const [first, ...others] = wrong;
  const { column = "login", why = "", suggestion } = first ?? {};
  const also = others.map((other) => {
    const meant = other.suggestion === undefined ? "" : ` (is it "${other.suggestion}"?)`;
    return `; and ${addressOf(other.column)}: ${other.why}${meant}`;
  });
  return {
    cell: addressOf(column),
    value: shown(textOf(cellOf(column))),
    why: `${why}${also.join("")}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function remarksOn(good: readonly MemberRow[], { columns }: Headings, idle: readonly string[]): string[] {
  const unmailed = good.filter(({ email }) => email === "").map(({ cell }) => cell);
  return [
    ...(good.length > 0 && !columns.has("email")
      ? ["the sheet has no column of e-mail addresses: GitHub invites people, and no other mail is sent"]
      : unmailed.length > 0
        ? [`rows without an e-mail address, whose people get GitHub's mail alone: ${fewOf(unmailed)}`]
        : []),
    ...(idle.length > 0 ? [`rows with nothing but a formula that fails: ${fewOf(idle)}`] : []),
  ];
}

/** Tiers and days come again and again in a column. */
function remembering<T>(read: (cell: Cell) => T): (cell: Cell) => T {
  const known = new Map<string, T>();
  return (cell) => {
    if (typeof cell !== "string") return read(cell);
    const before = known.get(cell);
    if (before !== undefined) return before;
    const made = read(cell);
    known.set(cell, made);
    return made;
  };
}
