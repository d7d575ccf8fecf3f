// Bounds what takes access away: how many in a team a run, over the hub in a day and a week, in a sheet that has shrunk; and the
// grace for which the sheet must go on saying so. Pure.
import { dayMs, dayOf, hourMs } from "../../shared/clock.ts";
import { hashOf } from "../../shared/flow/plan.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { Facts, MemberAction } from "./facts.ts";
import { lower } from "./names.ts";

/** Time between two reads that agree: a look each quarter of an hour comes by itself. */
const betweenReadsMs = 14 * 60_000;
/** Most that a hub loses unasked, whatever a run may. */
const overTime = [
  { words: "24 hours", days: 1, most: 10 },
  { words: "7 days", days: 7, most: 20 },
];
const longestDays = 7;

type Held = MemberAction & { because: string };

/** Names a change of one person's, whatever its reason. */
export const keyOf = ({ do: act, about, team }: Pick<MemberAction, "do" | "about" | "team">): string =>
  `${act} ${lower(about)} ${team}`;

export const takesAway = ({ do: act }: { do: string }): boolean =>
  act === "remove" || act === "cancel-invitation";

export type Bounded = {
  going: MemberAction[];
  held: Held[];
  /** Since when the sheet has said so, by change: what is too new waits. */
  leaving: Record<string, string>;
};

/** Bounds the removals of a run. What is too many is asked about at once; the rest waits until its grace is over. */
export function bounded(facts: Facts, moves: MemberAction[], losses: MemberAction[]): Bounded {
  const { state, now } = facts;
  const at = now.toISOString();
  const all = [...moves, ...losses];
  const leaving = Object.fromEntries(
    all.map((action) => [keyOf(action), state?.leaving?.[keyOf(action)] ?? at]),
  );
  const damaged = whyDamaged(facts);
  const held =
    damaged === undefined
      ? [...tooMany(facts, moves, manyMoves), ...tooMany(facts, losses, manyLosses)]
      : [...tooMany(facts, moves, manyMoves), ...losses.map((action) => ({ ...action, because: damaged }))];
  const isHeld = new Set(held.map(keyOf));
  const rest = all.filter((action) => !isHeld.has(keyOf(action)));
  const often = whyOften(facts, rest);
  if (often !== undefined)
    return { going: [], held: [...held, ...rest.map((action) => ({ ...action, because: often }))], leaving };
  const graceMs = Math.max(facts.settings.removalGraceHours * hourMs, betweenReadsMs);
  // An action that waits for a person is not let go of here: it goes by their word alone.
  const waits = { ...state?.waiting?.since, ...state?.waiting?.untold };
  const isRipe = (action: MemberAction) =>
    Object.hasOwn(waits, hashOf(action)) ||
    now.getTime() - Date.parse(leaving[keyOf(action)] ?? at) >= graceMs;
  return { going: rest.filter(isRipe), held, leaving };
}

const manyLosses = (count: number, limit: number): string =>
  `${count} removals are many at once; up to ${limit} go through unasked`;
const manyMoves = (count: number, limit: number): string =>
  `${count} people would change teams at once; up to ${limit} do so unasked`;

/** Holds what one team would lose beyond its limit. */
function tooMany(
  facts: Facts,
  actions: readonly MemberAction[],
  words: (count: number, limit: number) => string,
): Held[] {
  return [...Map.groupBy(actions, ({ team }) => team)].flatMap(([team, ofTeam]) => {
    const limit = unaskedOf(facts, facts.github.teams[team]?.members.length ?? 0);
    if (ofTeam.length <= limit) return [];
    return ofTeam.map((action) => ({ ...action, because: words(ofTeam.length, limit) }));
  });
}

/** Gives how many of so many people may be changed in a run without a person's word. */
export function unaskedOf({ settings }: Pick<Facts, "settings">, people: number): number {
  const { above, share } = settings.holdRemovals;
  return Math.max(above, Math.floor(share * people));
}

/** Counts what was taken away unasked before, and what would be now, whether its grace is over or not. */
function whyOften({ state, now }: Facts, rest: readonly MemberAction[]): string | undefined {
  if (rest.length === 0) return undefined;
  const again = new Set(rest.map(keyOf));
  for (const { words, days, most } of overTime) {
    const done = Object.entries(state?.removed ?? {}).filter(
      ([key, at]) => !again.has(key) && now.getTime() - Date.parse(at) < days * dayMs,
    );
    const count = done.length + rest.length;
    if (count > most) return `${count} removals in ${words} are many; up to ${most} go through unasked`;
  }
  return undefined;
}

const mostRows = (state: MembersState | undefined): number =>
  Math.max(state?.goodRows ?? 0, ...Object.values(state?.rowsOfDays ?? {}));

/** Says whether the sheet has so few rows that it may be damaged. */
export const isDamaged = ({ state, rows, settings }: Facts): boolean =>
  rows.length < mostRows(state) * settings.shrunkBelow;

/** A sheet that has far fewer rows than in the days before may be damaged, also when it shrinks bit by bit. */
function whyDamaged(facts: Facts): string | undefined {
  if (!isDamaged(facts)) return undefined;
  const { rows, state } = facts;
  return `the sheet has ${rows.length} good rows where it had ${mostRows(state)}: it may be damaged`;
}

/** Counts the good rows, but for those that a person has undone: a sheet that is mended has none of them, and is not damaged. */
export function goodRowsOf({ rows, state }: Facts): number {
  const undone = new Set(
    (state?.undone ?? []).flatMap(({ did, login, team, over }) =>
      did === "let-in" && over === undefined ? [`${login} ${team}`] : [],
    ),
  );
  return rows.filter(({ login, team }) => !undone.has(`${lower(login)} ${team}`)).length;
}

/** Gives the most good rows of each of the last days. */
export function rowsOfDays(facts: Facts): Record<string, number> {
  const { state, today, now } = facts;
  const since = dayOf(now, -longestDays);
  const days = Object.entries(state?.rowsOfDays ?? {}).filter(([day]) => day > since);
  const before = state?.rowsOfDays?.[today] ?? 0;
  return { ...Object.fromEntries(days), [today]: Math.max(before, goodRowsOf(facts)) };
}

/** Gives what was taken away unasked in the last days, with these just now. */
export function removedWith(
  { state, now }: Pick<Facts, "state" | "now">,
  actions: readonly MemberAction[],
): NonNullable<MembersState["removed"]> {
  const recent = Object.entries(state?.removed ?? {}).filter(
    ([, at]) => now.getTime() - Date.parse(at) < longestDays * dayMs,
  );
  const done = actions.filter(takesAway).map((action) => [keyOf(action), now.toISOString()]);
  return { ...Object.fromEntries(recent), ...Object.fromEntries(done) };
}
