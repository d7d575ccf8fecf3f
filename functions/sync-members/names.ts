// Finds whom of the sheet an account at GitHub is: by its login, or by its number once it has been renamed. Pure.
import { dayMs } from "../../shared/clock.ts";
import type { TeamsRead } from "../../shared/github/people.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { MemberRow } from "../../shared/sheets/row.ts";
import type { Facts } from "./facts.ts";

export type Known = MembersState["known"][string];

/** GitHub takes a login in any case. */
export const lower = (login: string): string => login.toLowerCase();

/** Gives the invitations that went to an account, not to an address. */
export const invited = ({ pending }: Pick<TeamsRead, "pending">) =>
  pending.flatMap(({ login, ...invitation }) => (login === undefined ? [] : [{ ...invitation, login }]));

/** Gives the lower-case addresses that have an invitation of which no account is known. */
export const invitedByMail = ({ pending }: Pick<TeamsRead, "pending">): Set<string> =>
  new Set(
    pending.flatMap(({ login, email = "" }) => (login === undefined && email !== "" ? [lower(email)] : [])),
  );

/** Names whom the invitations of the last 24 hours went to that GitHub lists, whoever sent them. */
export const invitedInADay = ({ github, now }: Pick<Facts, "github" | "now">, nameOf: NameOf): Set<string> =>
  new Set(
    github.pending
      .filter(({ createdAt }) => now.getTime() - Date.parse(createdAt) < dayMs)
      .map(({ id, login, invitationId }) =>
        login === undefined ? `#${invitationId}` : nameOf({ ...(id === undefined ? {} : { id }), login }),
      ),
  );

/** Gives what is remembered of a lower-case login. Asked as an own key: "constructor" is a login that somebody has. */
export function knownOf(state: Pick<MembersState, "known"> | undefined, login: string): Known | undefined {
  return state !== undefined && Object.hasOwn(state.known, login) ? state.known[login] : undefined;
}

/** An account as GitHub lists it. */
type Listed = { id?: number; login: string };

export type NameOf = (account: Listed) => string;

/**
 * Gives the name under which the sheet has an account, in lower case. GitHub lets people rename themselves: the sheet goes on
 * with the old login, and the number that was remembered for it tells who it is.
 */
export function sheetNames(
  rows: readonly { login: string }[],
  state: Pick<MembersState, "known"> | undefined,
): NameOf {
  const named = new Set(rows.map(({ login }) => lower(login)));
  const byId = new Map<number, string>();
  for (const [login, { id }] of Object.entries(state?.known ?? {}))
    if (id !== undefined && (named.has(login) || !byId.has(id))) byId.set(id, login);
  return ({ id, login }) => {
    const name = lower(login);
    const before = id === undefined ? undefined : byId.get(id);
    if (named.has(name) || before === undefined) return name;
    return named.has(before) || knownOf(state, name) === undefined ? before : name;
  };
}

/** Gives the logins of today of those who have renamed their account, by the name that the sheet has for them. */
export function renamedAccounts(github: TeamsRead, nameOf: NameOf): Map<string, string> {
  const listed: Listed[] = [
    ...Object.values(github.teams).flatMap(({ members }) => members),
    ...invited(github),
  ];
  return new Map(
    listed.flatMap((account) =>
      nameOf(account) === lower(account.login) ? [] : [[nameOf(account), account.login] as const],
    ),
  );
}

/** Says whether the account that has this login now is another than the one that had it when it was first seen. */
export const anotherAccount = (known: Known | undefined, account: { id: number }): boolean =>
  known?.id !== undefined && known.id !== account.id;

/** Says whether a membership is over: it lasts to the end of its last day. */
export const expired = ({ expires = "" }: Pick<MemberRow, "expires">, today: string): boolean =>
  expires !== "" && expires < today;

/** Gives the rows that give their people a team today, by lower-case login. */
export function wantedRows({ rows, today }: Pick<Facts, "rows" | "today">): Map<string, MemberRow> {
  return new Map(rows.filter((row) => !expired(row, today)).map((row) => [lower(row.login), row]));
}

/** Gives the logins that must be looked up before deciding: wanted, in no managed team, not invited. */
export function loginsToLookUp(facts: Pick<Facts, "rows" | "today" | "github" | "state">): string[] {
  const nameOf = sheetNames(facts.rows, facts.state);
  const present = new Set([
    ...Object.values(facts.github.teams).flatMap(({ members }) => members.map(nameOf)),
    ...invited(facts.github).map(nameOf),
  ]);
  return [...wantedRows(facts).values()]
    .map(({ login }) => login)
    .filter((login) => !present.has(lower(login)));
}
