// Which memberships must change. Pure: the same sheet, teams, memory and day give the same plan. It bounds what destroys:
// removals beyond the limit wait for a person, while additions go through.

import type { Account as GitHubAccount, TeamsRead } from "../../shared/github/people.ts";
import type { MemberAction, MembersHead, MembersPlan } from "../../shared/records.ts";
import type { MembersSettings } from "../../shared/settings.ts";
import type { MemberRow, Rejected } from "../../shared/sheets/rows.ts";

export type DecideInput = {
  rows: readonly MemberRow[];
  rejected: readonly Rejected[];
  /** Lower-case logins of rows that were refused: the sheet still names these people. */
  named: readonly string[];
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

export type Decision = Omit<MembersPlan, "hash"> & {
  /** Why removals are held, for people; undefined when none is. */
  heldBecause?: string;
  /** Invitations for which today's budget is used up: they go out later. */
  deferred: MemberAction[];
  unmanaged: { login: string; team: string }[];
};

/** Invitations to one person, and the days between two of them. */
const maximumInvitations = 3;
const daysBetweenInvitations = 7;

const dayMs = 24 * 3600 * 1000;

export function decide(input: DecideInput): Decision {
  const wanted = wantedTeams(input);
  const { actions, deferred } = additions(input, wanted);
  const { removals, unmanaged } = removalsOf(input, wanted);
  const moves = removals.filter(({ login }) => wanted.has(lower(login)));
  const losses = removals.filter(({ login }) => !wanted.has(lower(login)));
  const heldBecause = whyHold(input, losses.length);
  const rejected = [...input.rejected, ...unusableAccounts(input)];
  return heldBecause === undefined
    ? { actions: [...actions, ...moves, ...losses], held: [], rejected, deferred, unmanaged }
    : { actions: [...actions, ...moves], held: losses, heldBecause, rejected, deferred, unmanaged };
}

/** Logins that must be looked up before deciding: wanted, in no managed team, not invited. */
export function loginsToLookUp(input: Omit<DecideInput, "accounts">): string[] {
  const present = new Set([
    ...Object.values(input.github.teams).flatMap(({ members }) => members.map(({ login }) => lower(login))),
    ...input.github.pending.flatMap(({ login }) => (login === undefined ? [] : [lower(login)])),
  ]);
  return [...wantedTeams(input).values()]
    .map(({ login }) => login)
    .filter((login) => !present.has(lower(login)));
}

export const lower = (login: string): string => login.toLowerCase();

/** Lower-case login -> the row that gives it a team today. */
function wantedTeams({ rows, today }: Pick<DecideInput, "rows" | "today">): Map<string, MemberRow> {
  return new Map(rows.filter((row) => !expired(row, today)).map((row) => [lower(row.login), row]));
}

/** A membership lasts to the end of its last day. */
export const expired = (row: MemberRow, today: string): boolean =>
  row.expires !== undefined && row.expires < today;

function additions(input: DecideInput, wanted: Map<string, MemberRow>) {
  const { github, settings, now } = input;
  const actions: MemberAction[] = [];
  const deferred: MemberAction[] = [];
  const inOrganisation = new Set(
    Object.values(github.teams).flatMap(({ members }) => members.map(({ login }) => lower(login))),
  );
  const invitedTo = new Map(
    github.pending.flatMap(({ login, teams }) =>
      login === undefined ? [] : [[lower(login), teams] as const],
    ),
  );
  const membersOf = new Map(
    Object.entries(github.teams).map(([slug, { members }]) => [
      slug,
      new Set(members.map(({ login }) => lower(login))),
    ]),
  );
  const sentToday = github.pending.filter(
    ({ createdAt }) => now.getTime() - Date.parse(createdAt) < dayMs,
  ).length;
  let budget = settings.invitationsPerDay - sentToday;

  for (const [login, row] of wanted) {
    if (membersOf.get(row.team)?.has(login) || invitedTo.get(login)?.includes(row.team)) continue;
    const base = { login: row.login, team: row.team };
    if (inOrganisation.has(login) || invitedTo.has(login)) {
      actions.push({ do: "add", ...base, why: `the sheet gives ${row.tier} (${row.cell})` });
      continue;
    }
    const account = input.accounts.get(login);
    if (account === undefined || account === "not-found" || account.type !== "User") continue;
    if (!mayInvite(input.head?.known[login], now)) continue;
    const invite: MemberAction = {
      do: "invite",
      ...base,
      why: `new in the sheet: ${row.tier} (${row.cell})`,
    };
    budget -= 1;
    (budget >= 0 ? actions : deferred).push(invite);
  }
  return { actions, deferred };
}

/** Nobody is asked for ever: three times, a week apart. */
function mayInvite(known: MembersHead["known"][string] | undefined, now: Date): boolean {
  if (known === undefined || known.invitations === 0 || known.invitedAt === undefined) return true;
  if (known.invitations >= maximumInvitations) return false;
  return now.getTime() - Date.parse(known.invitedAt) >= daysBetweenInvitations * dayMs;
}

function removalsOf(
  { github, head, named, rejected, rows, settings, today }: DecideInput,
  wanted: Map<string, MemberRow>,
) {
  const removals: MemberAction[] = [];
  const unmanaged: { login: string; team: string }[] = [];
  const kept = new Set([...settings.protected, ...github.owners].map(lower));
  const rowOf = new Map(rows.map((row) => [lower(row.login), row]));
  // A row that cannot be understood may be theirs: whoever it could mean is left alone until it is mended.
  const namedInDoubt = new Set(named);
  const garbled = rejected.map(({ value }) => lower(value).replace(/\s/g, ""));
  const inDoubt = (login: string) =>
    namedInDoubt.has(login) || garbled.some((value) => value.includes(login));

  const judge = (login: string, team: string, act: "remove" | "cancel-invitation") => {
    const key = lower(login);
    const row = wanted.get(key);
    if (row?.team === team || kept.has(key) || inDoubt(key)) return;
    const listed = rowOf.get(key);
    if (row !== undefined)
      removals.push({ do: act, login, team, why: `the sheet now gives ${row.tier} (${row.cell})` });
    else if (listed !== undefined && expired(listed, today))
      removals.push({
        do: act,
        login,
        team,
        why: `the membership ended on ${listed.expires} (${listed.cell})`,
      });
    else if (head?.known[key] !== undefined)
      removals.push({ do: act, login, team, why: "no longer in the sheet" });
    else if (act === "remove") unmanaged.push({ login, team });
  };

  for (const [team, { members }] of Object.entries(github.teams))
    for (const { login } of members) judge(login, team, "remove");
  for (const { login, teams } of github.pending) {
    if (login === undefined) continue;
    const managed = teams.filter((team) => github.teams[team] !== undefined);
    // Still wanted elsewhere: only the wrong teams come off the invitation. Otherwise the invitation goes, once, as a whole.
    if (wanted.has(lower(login))) for (const team of managed) judge(login, team, "remove");
    else for (const team of managed.slice(0, 1)) judge(login, team, "cancel-invitation");
  }
  return { removals, unmanaged };
}

/** A person's word is asked for when the sheet looks damaged, or when many would lose access at once. */
function whyHold({ github, head, rows, settings }: DecideInput, losses: number): string | undefined {
  if (losses === 0) return undefined;
  const before = head?.goodRows ?? 0;
  if (rows.length < before * settings.shrunkBelow)
    return `the sheet has ${rows.length} good rows where it had ${before}: it may be damaged`;
  const managed = Object.values(github.teams).reduce((sum, { members }) => sum + members.length, 0);
  const limit = Math.max(settings.holdRemovals.above, Math.floor(managed * settings.holdRemovals.share));
  return losses > limit
    ? `${losses} people would lose access at once; up to ${limit} go through unasked`
    : undefined;
}

/** Logins that are well-formed, but nobody's, or not a person's. */
function unusableAccounts({ accounts, rows, today }: DecideInput): Rejected[] {
  return rows.flatMap((row) => {
    if (expired(row, today)) return [];
    const account = accounts.get(lower(row.login));
    if (account === "not-found")
      return [
        {
          cell: row.cell,
          value: row.login,
          why: "GitHub has no account of this name; ask the person for the right one",
        },
      ];
    if (account !== undefined && account.type !== "User")
      return [
        {
          cell: row.cell,
          value: row.login,
          why: `this is the account of ${account.type === "Bot" ? "a bot" : "an organisation"}, not of a person`,
        },
      ];
    return [];
  });
}
