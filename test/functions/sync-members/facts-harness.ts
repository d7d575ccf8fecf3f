// Harness of sync-members' tests: one invented hub, its sheet and its teams, as plain values.
import { decide } from "../../../functions/sync-members/decide.ts";
import {
  type Account,
  type Acted,
  type Decision,
  type Facts,
  type MemberAction,
  nothingDone,
  type Seen,
} from "../../../functions/sync-members/facts.ts";
import { sheetNames } from "../../../functions/sync-members/names.ts";
import { after } from "../../../functions/sync-members/state.ts";
import type { Hold } from "../../../shared/flow/hold.ts";
import type { TeamsRead } from "../../../shared/github/people.ts";
import { MembersState } from "../../../shared/members/records.ts";
import type { MembersSettings } from "../../../shared/members/settings.ts";
import type { Hub } from "../../../shared/settings.ts";
import type { MemberRow } from "../../../shared/sheets/row.ts";
import { fewMembers, settingsOf } from "../../local/sample/sample-settings.ts";

export const now = new Date("2026-11-21T12:00:00.000Z");
export const today = "2026-11-21";
const dayMs = 24 * 3600 * 1000;
/** So many days, and hours, before now. */
export const ago = (days: number, hours = 0): string =>
  new Date(now.getTime() - days * dayMs - hours * 3600 * 1000).toISOString();

const tiers = {
  Public: "public-access",
  Education: "base-access",
  Research: "full-access",
  "Funded research": "full-access",
};
const settings = settingsOf({ hubs: { prod: { members: { ...fewMembers, tiers, removals: "apply" } } } });

export const hub = settings.hubs["prod"] as Hub;
export const membersSettings = hub.members as MembersSettings;

export const teamIds: Record<string, number> = { "public-access": 11, "base-access": 12, "full-access": 13 };

/** The same login always has the same number. */
export function idOf(login: string): number {
  let id = 1000;
  for (const letter of login.toLowerCase()) id = (id * 31 + letter.charCodeAt(0)) % 1_000_000_007;
  return id;
}

/** A row of the sheet; in `C2` unless told. */
export function row(login: string, tier = "Research", more: Partial<MemberRow> = {}): MemberRow {
  const team = membersSettings.tiers[tier] ?? "";
  return {
    cell: "C2",
    login,
    email: `${login.toLowerCase()}@example.org`,
    name: `The one called ${login}`,
    tier,
    team,
    ...more,
  };
}

type Invited = Partial<TeamsRead["pending"][number]>;

/** The teams by their members' logins. */
export function github(
  members: Partial<Record<"public-access" | "base-access" | "full-access", readonly string[]>> = {},
  more: { pending?: readonly Invited[]; failed?: TeamsRead["failed"]; owners?: string[] } = {},
): TeamsRead {
  const team = (slug: "public-access" | "base-access" | "full-access") => ({
    id: teamIds[slug] ?? 0,
    members: (members[slug] ?? []).map((login) => ({ id: idOf(login), login })),
  });
  return {
    teams: {
      "public-access": team("public-access"),
      "base-access": team("base-access"),
      "full-access": team("full-access"),
    },
    pending: (more.pending ?? []).map((invitation, index) => ({
      invitationId: 500 + index,
      teams: [],
      createdAt: ago(2),
      role: "direct_member",
      teamCount: invitation.teams?.length ?? 0,
      ...(invitation.login === undefined ? {} : { id: idOf(invitation.login) }),
      ...invitation,
    })),
    failed: more.failed ?? [],
    owners: more.owners ?? [],
  };
}

export const account = (login: string, more: Partial<Exclude<Account, "not-found">> = {}): Account => ({
  id: idOf(login),
  login,
  type: "User",
  member: false,
  ...more,
});

/** Gives GitHub's word on these logins: ordinary people outside the organisation. */
export const strangers = (...logins: string[]): Map<string, Account> =>
  new Map(logins.map((login) => [login.toLowerCase(), account(login)]));

export type Remembered = Omit<Partial<MembersState>, "known"> & {
  known?: string[] | MembersState["known"];
};

/** The memory of the last run; `known` by login alone, or in full. */
export function state({ known = [], ...more }: Remembered = {}): MembersState {
  return {
    v: 1,
    at: ago(1),
    goodRows: 0,
    people: [],
    rejected: [],
    announce: {},
    unmanaged: [],
    ...more,
    known: Array.isArray(known)
      ? Object.fromEntries(known.map((login) => [login, { invitations: 0 }]))
      : known,
  };
}

/** Decides on what is given; what isn't is empty, and everybody in the sheet exists at GitHub. */
export function decideOn(
  input: Partial<Omit<Facts, "settings">> & { settings?: Partial<MembersSettings> },
): Flat {
  return decided(inputOf(input));
}

type Flat = Omit<Decision["plan"], "hash"> & Omit<Decision, "plan" | "leaving">;

/** A decision and its plan as one, for what a test is about is seldom the hash. It is that of the second look. */
export function decided(input: Facts): Flat {
  const { plan, leaving: _, ...rest } = decide(lookedAt(input));
  const { hash: __, ...parts } = plan;
  return { ...parts, ...rest };
}

/** The same, two days after it was first seen so: every grace is over. */
export function lookedAt(input: Facts): Facts {
  if (input.state === undefined) return input;
  const leaving = Object.keys(decide(input).leaving).map((key) => [key, ago(2)]);
  return {
    ...input,
    state: { ...input.state, leaving: Object.fromEntries(leaving) },
  };
}

/** Marks all that anybody known has at GitHub as given by us, unless a test says otherwise. */
function allGiven(facts: Facts): Facts {
  const { state, rows, github: teams } = facts;
  if (state === undefined || state.provenanceSince !== undefined) return facts;
  const nameOf = sheetNames(rows, state);
  const known = new Map(Object.entries(state.known));
  const give = (name: string, team: string) => {
    const one = known.get(name) ?? { invitations: 0 };
    if (!known.has(name) && !rows.some(({ login }) => login.toLowerCase() === name)) return;
    const before = one.memberships ?? {};
    known.set(name, { ...one, memberships: { [team]: { how: "given", at: ago(30) }, ...before } });
  };
  for (const [team, { members }] of Object.entries(teams.teams))
    for (const member of members) give(nameOf(member), team);
  for (const { login, id, teams: leadsTo } of teams.pending)
    if (login !== undefined)
      for (const team of leadsTo) give(nameOf({ login, ...(id === undefined ? {} : { id }) }), team);
  return { ...facts, state: { ...state, known: Object.fromEntries(known) } };
}

export function inputOf(
  input: Partial<Omit<Facts, "settings">> & { settings?: Partial<MembersSettings> },
): Facts {
  const rows = input.rows ?? [];
  return allGiven({
    rejected: [],
    named: [],
    unreadable: [],
    github: github(),
    accounts: strangers(...rows.map(({ login }) => login)),
    state: state(),
    today,
    now,
    ...input,
    rows,
    settings: { ...membersSettings, ...input.settings },
  });
}

export const act = (what: MemberAction["do"], login: string, team = "full-access"): MemberAction => ({
  do: what,
  about: login,
  team,
  why: "x",
});

/** "invite ada -> full-access": an action without its reason. */
export const short = (actions: readonly { do: string; about: string; team: string }[]): string[] =>
  actions.map(({ do: act, about, team }) => `${act} ${about} -> ${team}`);

export const seenOf = (facts: Facts, more: Partial<Seen> = {}): Seen => ({
  digest: "digest-of-this-sheet",
  run: "m1",
  ...facts,
  ...more,
});

/** Gives what a hold makes of a plan on which nobody has said a word. */
export function unasked({ plan, at, before }: Asked): Hold<MemberAction> {
  const since = Object.fromEntries(plan.held.map(({ hash }) => [hash, before?.since[hash] ?? at]));
  const waiting = plan.held.length === 0 ? undefined : { plan: before?.plan ?? plan.hash, since };
  const held = plan.held.map((action) => ({ ...action, verdict: undefined }));
  const waits = held.length > 0;
  return {
    plan,
    shown: plan,
    go: plan.actions,
    held,
    waiting,
    asked: before,
    waits,
    isNew: before === undefined && waits,
    key: plan.hash,
  };
}
type Asked = { plan: Decision["plan"]; at: string; before?: MembersState["waiting"] };

/** The state after a run that did nothing, but for what is said. */
export function stateAfter(
  facts: Facts,
  { held, ...done }: Partial<Acted> & { held?: [] } = {},
): MembersState {
  const decision = decide(facts);
  const plan = held === undefined ? decision.plan : { ...decision.plan, held };
  const asked: Asked = { plan, at: facts.now.toISOString(), before: facts.state?.waiting };
  const ran = { seen: seenOf(facts), decision, held: unasked(asked), planning: false };
  const next = after(ran, { ...nothingDone({}), ...done });
  return MembersState.parse(JSON.parse(JSON.stringify(next)));
}
