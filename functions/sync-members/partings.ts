// Remembers the addresses of those whose access ends: their rows are gone by the time at which it has ended, and they are to be told. Pure.
import { dayMs, keyTime } from "../../shared/clock.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { accessAfter } from "./access.ts";
import { takesAway } from "./bounds.ts";
import type { Acted, Decision, MemberAction, Seen } from "./facts.ts";
import { lower, sheetNames, wantedRows } from "./names.ts";
import { namesOfActions } from "./provenance.ts";
import { settledMs } from "./settled.ts";

type Partings = NonNullable<MembersState["partings"]>;

/** Time for which an address is kept after its mail: an undo corrects that. */
const correctedMs = dayMs;

/** Gives whose access ends or has just ended. `going` are the changes that are made now, or were. */
export function partingsOf(
  seen: Seen,
  decision: Decision,
  going: readonly MemberAction[],
  acted: Acted,
): Partings {
  const { rows, github, state, now } = seen;
  const nameOf = namesOfActions(github, sheetNames(rows, state));
  const wanted = wantedRows(seen);
  const before = new Map(Object.entries(state?.partings ?? {}));
  const listed = new Map(
    [...(state?.people ?? []), ...rows].map(({ login, email, name }) => [lower(login), { email, name }]),
  );
  // A login that was corrected leaves another row of the same person, who loses nothing.
  const stays = new Set([...wanted.values()].map(personOf));
  const goes = new Set(going.filter(takesAway).map(({ about }) => nameOf(about)));
  const next = new Map<string, Partings[string]>();
  for (const [key, since] of Object.entries(decision.leaving)) {
    const name = nameOf(key.split(" ")[1] ?? "");
    const known = listed.get(name) ?? before.get(name);
    if (wanted.has(name) || known === undefined || known.email === "" || next.has(name)) continue;
    if (stays.has(personOf(known))) continue;
    const gone = goes.has(name) ? { gone: before.get(name)?.gone ?? now.toISOString() } : {};
    next.set(name, { email: known.email, name: known.name, since, ...gone });
  }
  const accessOf = accessAfter(seen, acted);
  for (const [name, one] of before) {
    const { teams, invited } = accessOf(name);
    const isBack = wanted.has(name) || teams.size > 0 || invited;
    const isOver = one.told !== undefined && now.getTime() - Date.parse(one.told.at) >= correctedMs;
    if (one.gone !== undefined && !next.has(name) && !isBack && !isOver) next.set(name, one);
  }
  return Object.fromEntries(next);
}

/** Names the mail on an end, by when it came to pass. */
const mailKey = (login: string, gone: string): string => `removed/${login}/${keyTime(gone)}`;

const personOf = ({ email, name }: { email: string; name: string }): string =>
  `${lower(email)} ${lower(name)}`;

/** Gives the mails on an end that has come to pass. */
export const farewells = (partings: Partings, hasAccess: (login: string) => boolean) =>
  Object.entries(partings).flatMap(([login, { email, name, since, gone, told }]) => {
    if (gone === undefined || hasAccess(login)) return [];
    const from = new Date(Date.parse(since) + settledMs).toISOString();
    const key = told?.key ?? mailKey(login, gone);
    return [{ occasion: "removed" as const, key, login, email, name, from }];
  });

/** Notes which of them were told. */
export const withTold = (partings: Partings, keys: ReadonlySet<string>, at: string): Partings =>
  Object.fromEntries(
    Object.entries(partings).map(([login, one]) => {
      const key = mailKey(login, one.gone ?? "");
      return [login, keys.has(key) && one.told === undefined ? { ...one, told: { key, at } } : one];
    }),
  );

/** Gives the parting of a lower-case login. Asked as an own key: "constructor" is a login that somebody has. */
export const partingOf = (state: Pick<MembersState, "partings"> | undefined, login: string) =>
  state?.partings !== undefined && Object.hasOwn(state.partings, login) ? state.partings[login] : undefined;
