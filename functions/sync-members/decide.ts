// Which memberships must change. Pure: the same sheet, teams, memory and day give the same plan. It bounds what destroys:
// removals beyond the limit wait for a person, while additions go through.

import { type Plan, planOf } from "../../shared/flow/plan.ts";
import type { Account as GitHubAccount } from "../../shared/github/logins.ts";
import type { TeamsRead } from "../../shared/github/people.ts";
import { invitationBudget, type MembersHead, type Rejected } from "../../shared/records.ts";
import type { MembersSettings } from "../../shared/settings.ts";
import type { MemberRow, SheetRows } from "../../shared/sheets/rows.ts";
import { anotherAccount, invited, type Known, knownOf, lower, type NameOf, sheetNames } from "./names.ts";
import type { MemberAction } from "./plan.ts";
import { expired, removalsOf } from "./removals.ts";

export type DecideInput = {
  rows: readonly MemberRow[];
  rejected: readonly Rejected[];
  /** Lower-case logins of rows that were refused: the sheet still names these people. */
  named: readonly string[];
  /** Rows of which the login cannot be read. */
  unreadable: SheetRows["unreadable"];
  github: TeamsRead;
  /** What GitHub said of logins that are in no managed team and not invited: lower-case login -> account. */
  accounts: ReadonlyMap<string, Account>;
  head: MembersHead | undefined;
  settings: MembersSettings;
  /** UTC. */
  today: string;
  now: Date;
};

export type Account = GitHubAccount | "not-found";

export type Decision = {
  plan: Plan<MemberAction>;
  /** Invitations for which today's budget is used up: they go out later. */
  deferred: MemberAction[];
  unmanaged: { login: string; team: string }[];
  /** Lower-case logins that no good row has, but perhaps a refused one: left alone until it is mended. */
  doubted: string[];
};

/** What the parts of a decision share. */
export type Scene = DecideInput & {
  /** Lower-case login -> the row that gives it a team today. */
  wanted: ReadonlyMap<string, MemberRow>;
  nameOf: NameOf;
};

const dayMs = 24 * 3600 * 1000;

export function decide(input: DecideInput): Decision {
  const scene: Scene = { ...input, wanted: wantedTeams(input), nameOf: sheetNames(input.rows, input.head) };
  const unusable = unusableRows(scene);
  const { actions, deferred } = additions(scene);
  const { moves, losses, unmanaged, doubted } = removalsOf(scene, new Set(unusable.keys()));
  const ofMoves = split(moves, whyHoldMoves(input, moves.length));
  const ofLosses = split(losses, whyHoldLosses(input, losses.length));
  const refused = [...input.rejected, ...unusable.values()];
  return {
    plan: planOf({
      actions: [...actions, ...ofMoves.going, ...ofLosses.going],
      held: [...ofMoves.held, ...ofLosses.held],
      refused: refused.map(({ cell, ...rest }) => ({ about: cell, ...rest })),
    }),
    deferred,
    unmanaged,
    doubted,
  };
}

/** Holds all of them where there is a reason to. */
function split(actions: readonly MemberAction[], because: string | undefined) {
  return because === undefined
    ? { going: actions, held: [] }
    : { going: [], held: actions.map((action) => ({ ...action, because })) };
}

/** Logins that must be looked up before deciding: wanted, in no managed team, not invited. */
export function loginsToLookUp(input: Omit<DecideInput, "accounts">): string[] {
  const nameOf = sheetNames(input.rows, input.head);
  const present = new Set([
    ...Object.values(input.github.teams).flatMap(({ members }) => members.map(nameOf)),
    ...invited(input.github).map(nameOf),
  ]);
  return [...wantedTeams(input).values()]
    .map(({ login }) => login)
    .filter((login) => !present.has(lower(login)));
}

function wantedTeams({ rows, today }: Pick<DecideInput, "rows" | "today">): Map<string, MemberRow> {
  return new Map(rows.filter((row) => !expired(row, today)).map((row) => [lower(row.login), row]));
}

function additions(scene: Scene): { actions: MemberAction[]; deferred: MemberAction[] } {
  const { accounts, github, head, nameOf, now, wanted } = scene;
  const actions: MemberAction[] = [];
  const candidates: { name: string; known: Known | undefined; action: MemberAction }[] = [];
  const loginInTeams = new Map<string, string>();
  const membersOf = new Map<string, Set<string>>();
  for (const [slug, { members }] of Object.entries(github.teams)) {
    membersOf.set(slug, new Set(members.map(nameOf)));
    for (const member of members) loginInTeams.set(nameOf(member), member.login);
  }
  const invitations = new Map(invited(github).map((invitation) => [nameOf(invitation), invitation]));
  const mailed = new Set(
    github.pending.flatMap(({ login, email }) => (login === undefined ? [lower(email ?? "")] : [])),
  );

  for (const [name, row] of wanted) {
    const login = loginInTeams.get(name);
    const invitation = invitations.get(name);
    // A member's invitation is one that was just accepted: only the team itself shows that they are in.
    if (membersOf.get(row.team)?.has(name)) continue;
    if (login === undefined && invitation?.teams.includes(row.team)) continue;
    const account = accounts.get(name);
    const present =
      login ?? invitation?.login ?? (usable(account, knownOf(head, name)) ? row.login : undefined);
    if (present === undefined) continue;
    const base = { about: lower(present) === name ? row.login : present, team: row.team, at: row.cell };
    const member = typeof account === "object" && account.member;
    if (login !== undefined || invitation !== undefined || member) {
      actions.push({ do: "add", ...base, why: `the sheet gives ${row.tier}` });
      continue;
    }
    const known = knownOf(head, name);
    // Somebody has invited the address by hand: two live invitations to one person help nobody.
    if (mailed.has(lower(row.email)) || !mayInvite(known, now)) continue;
    const why = `new in the sheet: ${row.tier}`;
    candidates.push({ name, known, action: { do: "invite", ...base, why } });
  }

  // Who was never asked comes first; then by name, for the order of rows must not matter: people sort their sheets.
  candidates.sort(
    (a, b) => (a.known?.invitations ?? 0) - (b.known?.invitations ?? 0) || (a.name < b.name ? -1 : 1),
  );
  const invites = candidates.map(({ action }) => action);
  const budget = Math.max(0, scene.settings.invitationsPerDay - sentInADay(scene));
  return { actions: [...actions, ...invites.slice(0, budget)], deferred: invites.slice(budget) };
}

function usable(account: Account | undefined, known: Known | undefined): boolean {
  return (
    account !== undefined &&
    account !== "not-found" &&
    account.type === "User" &&
    !anotherAccount(known, account)
  );
}

/** Invitations of the last 24 hours: those that are pending, and ours that were accepted or withdrawn since. */
function sentInADay({ github, head, nameOf, now }: Scene): number {
  const recent = (time: string) => now.getTime() - Date.parse(time) < dayMs;
  const pending = github.pending
    .filter(({ createdAt }) => recent(createdAt))
    .map(({ id, login, invitationId }) =>
      login === undefined ? `#${invitationId}` : nameOf({ ...(id === undefined ? {} : { id }), login }),
    );
  const ours = Object.entries(head?.known ?? {})
    .filter(([, { invitedAt }]) => invitedAt !== undefined && recent(invitedAt))
    .map(([login]) => login);
  return new Set([...pending, ...ours]).size;
}

function mayInvite(known: Known | undefined, now: Date): boolean {
  if (known === undefined || known.invitations === 0 || known.invitedAt === undefined) return true;
  if (known.invitations >= invitationBudget.times) return false;
  return now.getTime() - Date.parse(known.invitedAt) >= invitationBudget.daysBetween * dayMs;
}

/** A person's word is asked for when the sheet looks damaged, or when many would lose access at once. */
function whyHoldLosses(input: DecideInput, losses: number): string | undefined {
  if (losses === 0) return undefined;
  const { head, rows, settings } = input;
  const before = head?.goodRows ?? 0;
  if (rows.length < before * settings.shrunkBelow)
    return `the sheet has ${rows.length} good rows where it had ${before}: it may be damaged`;
  const limit = unasked(input);
  return losses > limit
    ? `${losses} removals are many at once; up to ${limit} go through unasked`
    : undefined;
}

/** Somebody who sorts one column of a sheet moves everybody. The new team is given; the old one is kept until a person says so. */
function whyHoldMoves(input: DecideInput, moves: number): string | undefined {
  const limit = unasked(input);
  return moves > limit
    ? `${moves} people would change teams at once; up to ${limit} do so unasked`
    : undefined;
}

/** How many removals in a run go through without a person's word. */
function unasked({ github, settings }: DecideInput): number {
  const managed = Object.values(github.teams).reduce((sum, { members }) => sum + members.length, 0);
  return Math.max(settings.holdRemovals.above, Math.floor(managed * settings.holdRemovals.share));
}

/** Rows whose login is well-formed but nobody's, not a person's, or another person's by now; by lower-case login. */
function unusableRows({ accounts, github, head, nameOf, wanted }: Scene): Map<string, Rejected> {
  const renamed = new Map(
    [...Object.values(github.teams).flatMap(({ members }) => members), ...invited(github)].flatMap(
      (account) =>
        nameOf(account) === lower(account.login) ? [] : [[nameOf(account), account.login] as const],
    ),
  );
  const whyNot = (name: string): Pick<Rejected, "why" | "suggestion"> | undefined => {
    const now = renamed.get(name);
    const account = accounts.get(name);
    if (now !== undefined)
      return { why: "this person has renamed the account; access is as it was", suggestion: now };
    if (account === "not-found")
      return { why: "GitHub has no account of this name; ask the person for the right one" };
    if (account === undefined) return undefined;
    if (account.type !== "User")
      return {
        why: `this is the account of ${account.type === "Bot" ? "a bot" : "an organisation"}, not of a person`,
      };
    if (anotherAccount(knownOf(head, name), account))
      return {
        why: "another account has this name now, perhaps a stranger's: ask the person, and if it is theirs, add it to the team on GitHub's own page",
      };
    return undefined;
  };
  return new Map(
    [...wanted].flatMap(([name, row]): [string, Rejected][] => {
      const reason = whyNot(name);
      return reason === undefined ? [] : [[name, { cell: row.cell, value: row.login, ...reason }]];
    }),
  );
}
