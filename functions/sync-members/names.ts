// Whom of the sheet an account at GitHub is: by its login, or by its number once it has been renamed. Pure.
import type { TeamsRead } from "../../shared/github/people.ts";
import type { MembersHead } from "../../shared/records.ts";

export type Known = MembersHead["known"][string];

/** GitHub takes a login in any case. */
export const lower = (login: string): string => login.toLowerCase();

/** Invitations that went to an account, not to an address. */
export const invited = ({ pending }: Pick<TeamsRead, "pending">) =>
  pending.flatMap(({ login, ...invitation }) => (login === undefined ? [] : [{ ...invitation, login }]));

/** What is remembered of a lower-case login. Asked as an own key: "constructor" is a login that somebody has. */
export function knownOf(head: Pick<MembersHead, "known"> | undefined, login: string): Known | undefined {
  return head !== undefined && Object.hasOwn(head.known, login) ? head.known[login] : undefined;
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
  head: Pick<MembersHead, "known"> | undefined,
): NameOf {
  const named = new Set(rows.map(({ login }) => lower(login)));
  const byId = new Map<number, string>();
  for (const [login, { id }] of Object.entries(head?.known ?? {}))
    if (id !== undefined && (named.has(login) || !byId.has(id))) byId.set(id, login);
  return ({ id, login }) => {
    const name = lower(login);
    const before = id === undefined ? undefined : byId.get(id);
    if (named.has(name) || before === undefined) return name;
    return named.has(before) || knownOf(head, name) === undefined ? before : name;
  };
}

/** Whether the account that has this login now is another than the one that had it when it was first seen. */
export const anotherAccount = (known: Known | undefined, account: { id: number }): boolean =>
  known?.id !== undefined && known.id !== account.id;
