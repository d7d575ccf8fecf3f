// Holds what follows from a sheet that seems to have slipped, or that changes many people at once: their changes wait as one plan, by
// the name of what happened. Whoever is untouched is served. Pure.
import { dayMs, dayOf } from "../../shared/clock.ts";
import { daysBeforeEnd } from "../../shared/members/mails.ts";
import { rowIn, type TypedRow } from "../../shared/sheets/typed.ts";
import { unaskedOf } from "./bounds.ts";
import type { Facts, MemberAction } from "./facts.ts";
import { expired, knownOf, lower } from "./names.ts";
import { identity, readSlip, type Slip } from "./slips.ts";

/** Most changes of people in a day that go unasked, over the hub, whatever a run may. */
const changesOfDay = 10;

export type Doubt = {
  /** Reason to hold whatever concerns those who are touched; undefined where nothing is held. */
  because?: string;
  /** Lower-case logins. */
  touched: ReadonlySet<string>;
  /** One for each who is touched: approved, their row counts as it is now. */
  pairs: MemberAction[];
  /** Logins whose pairing changes, who move to another team, come back, or are to be told that their end is near. */
  changed: string[];
};

/** Gives the rows as they are typed; tests of good rows alone leave it to them. */
export const typedRows = ({ typed, rows }: Pick<Facts, "typed" | "rows">): TypedRow[] =>
  typed ?? rows.map(({ cell, ...row }) => rememberedRow({ cell, ...row })).sort((a, b) => a.at - b.at);

/** Gives the rows of the last good read; of a memory of before, its people. */
export function rowsBefore(state: Facts["state"]): TypedRow[] {
  return state?.pairings ?? (state?.people ?? []).map((person) => rememberedRow(person));
}

type Remembered = {
  cell: string;
  login: string;
  email: string;
  name: string;
  tier: string;
  expires?: string;
};
const rememberedRow = ({ cell, login, email, name, tier, expires = "" }: Remembered): TypedRow => ({
  at: rowIn(cell),
  login: lower(login),
  email: lower(email),
  name,
  tier,
  expires,
});

/** Says what is to be held of what follows from this read. `lets` are the additions. */
export function doubt(facts: Facts, lets: readonly MemberAction[], nameOf: (about: string) => string): Doubt {
  const { state, now } = facts;
  const before = rowsBefore(state);
  const none: Doubt = { touched: new Set(), pairs: [], changed: [] };
  const was = new Map(before.map((row) => [row.login, row]));
  // At the first read there is nothing to compare with, and many may move all the same.
  const isFirst = before.length === 0;
  const slip = readSlip(
    before,
    typedRows(facts),
    (login) => !isFirst && !was.has(login) && hadAccess(state, login),
  );
  const changed = new Set([
    ...rePaired(facts, before),
    ...lets
      .filter((action) => isMove(facts, action) || (!isFirst && isBack(facts, action, was, nameOf)))
      .map(({ about }) => nameOf(about)),
    ...endsSooner(facts, was),
  ]);
  const recent = Object.entries(state?.changes ?? {}).filter(
    ([name, at]) => !changed.has(name) && now.getTime() - Date.parse(at) < dayMs,
  );
  const people = Object.values(facts.github.teams).reduce((sum, { members }) => sum + members.length, 0);
  const many = changed.size > unaskedOf(facts, people) || changed.size + recent.length > changesOfDay;
  const byName = slipWords(facts, slip);
  if (byName === undefined && !(many && changed.size > 0)) return { ...none, changed: [...changed] };
  const beside = slip.pairs.filter(({ is }) => byName !== undefined || changed.has(is.login));
  // Rows of those who fell out of a column that has shifted are gone.
  const lost = byName === undefined ? [] : slip.gone;
  const touched = new Set([
    ...changed,
    ...beside.flatMap(({ was: one, is }) => [one.login, is.login]),
    ...lost.map(({ login }) => login),
  ]);
  return {
    because: byName ?? manyWords(slip, changed.size),
    touched,
    pairs: [...touched].sort().map((login) => pairOf(facts, login, was.get(login))),
    changed: [...changed],
  };
}

/** Finds logins that stand beside another address than at the last read, where either was known. */
function rePaired(facts: Facts, before: readonly TypedRow[]): string[] {
  const known = before.filter(({ login }) => knownOf(facts.state, login) !== undefined);
  const emails = Map.groupBy(known, ({ login }) => login);
  const logins = Map.groupBy(known, ({ email }) => email);
  return typedRows(facts).flatMap(({ login, email }) => {
    const ofLogin = emails.get(login);
    // Without an address nobody stands beside another one's.
    const ofEmail = email === "" ? undefined : logins.get(email);
    const isSame = ofLogin?.some((row) => row.email === email) === true;
    return isSame || (ofLogin === undefined && ofEmail === undefined) ? [] : [login];
  });
}

/** Says whether an addition lets somebody back in whom the sheet did not list any more, or whose time was over. */
function isBack(
  { state, today }: Facts,
  { about }: MemberAction,
  was: ReadonlyMap<string, TypedRow>,
  nameOf: (about: string) => string,
): boolean {
  const row = was.get(nameOf(about));
  return hadAccess(state, nameOf(about)) && (row === undefined || expired(row, today));
}

/**
 * Says whether somebody ever had access, or was asked. That a sheet has named them is not enough: the read that is in doubt does so,
 * and would not look like itself at the next look.
 */
function hadAccess(state: Facts["state"], name: string): boolean {
  const { invitations = 0, outcome, memberships = {} } = knownOf(state, name) ?? {};
  return invitations > 0 || outcome !== undefined || Object.keys(memberships).length > 0;
}

/** Says whether somebody gets another team than the one that they are in: up or down, they are mailed about it. */
function isMove({ github }: Facts, { do: act, about, team }: MemberAction): boolean {
  if (act !== "add") return false;
  return Object.entries(github.teams).some(
    ([other, { members }]) =>
      other !== team && members.some((member) => lower(member.login) === lower(about)),
  );
}

/** Finds whose last day is sooner than at the last read, and so near that they are to be told. */
function endsSooner(facts: Facts, was: ReadonlyMap<string, TypedRow>): string[] {
  const near = dayOf(new Date(facts.today), Math.max(...daysBeforeEnd));
  return facts.rows.flatMap(({ login, expires = "" }) => {
    const before = was.get(lower(login))?.expires;
    const isSooner = before !== undefined && (before === "" || expires < before);
    return isSooner && expires >= facts.today && expires <= near ? [lower(login)] : [];
  });
}

const undo = "Ctrl-Z in the sheet mends it";

/** Gives the words for what is held whatever it changes: somebody's hand has slipped. */
function slipWords({ letters }: Facts, { kind, columns, pairs }: Slip): string | undefined {
  const where = columns.map((column) => letters?.[column] ?? column);
  const which = `${where.length === 1 ? "column" : "columns"} ${where.join(", ")}`;
  const namesPeople = columns.some((column) => identity.includes(column));
  if (kind === "column-sorted")
    return `${which} ${where.length === 1 ? "seems" : "seem"} to have been sorted alone: ${undo}`;
  if (kind === "dragged-down" && namesPeople)
    return `${which} ${where.length === 1 ? "seems" : "seem"} to have been dragged down over ${pairs.length === 1 ? "a row" : `${pairs.length} rows`}: ${undo}`;
  if (kind === "pasted-over")
    return `${pairs.length === 1 ? "a row seems" : `${pairs.length} rows seem`} to have been pasted over, ${which}: ${undo}`;
  return undefined;
}

function manyWords({ kind }: Slip, count: number): string {
  const many = `${count} people would stand beside another address, change teams, come back, or come near their end at once`;
  return kind === "old-version"
    ? `an old version of the sheet seems to have been brought back, ${many}: File, Version history mends it`
    : many;
}

function pairOf(facts: Facts, login: string, was: TypedRow | undefined): MemberAction {
  const row = facts.rows.find((one) => lower(one.login) === login);
  const [first = ""] = Object.values(facts.settings.tiers);
  const team = row?.team ?? facts.settings.tiers[was?.tier ?? ""] ?? first;
  const why = row === undefined ? "their row is gone" : "their row says something else than before";
  return {
    do: "pair",
    about: row?.login ?? login,
    team,
    why,
    ...(row === undefined ? {} : { at: row.cell }),
  };
}

/** Gives the rows to compare the next read with: of those whose change waits, the rows of before. */
export function nextPairings(
  facts: Facts,
  { touched, because }: Doubt,
  accepted: ReadonlySet<string>,
): TypedRow[] {
  const now = typedRows(facts);
  const before = rowsBefore(facts.state);
  // Of a first read that waits there is no row of before: without its own the next one would find them all brought back.
  if (because === undefined || before.length === 0) return now;
  const waits = (row: TypedRow): boolean => touched.has(row.login) && !accepted.has(row.login);
  const kept = before.filter(waits);
  return [...kept, ...now.filter((row) => !waits(row))].sort((a, b) => a.at - b.at);
}

/** Gives who was changed unasked in the last day, with those of this read. */
export function changesWith({ state, now }: Facts, { changed, because }: Doubt): Record<string, string> {
  const recent = Object.entries(state?.changes ?? {}).filter(
    ([, at]) => now.getTime() - Date.parse(at) < dayMs,
  );
  const more = because === undefined ? changed.map((name) => [name, now.toISOString()] as const) : [];
  return { ...Object.fromEntries(recent), ...Object.fromEntries(more) };
}
