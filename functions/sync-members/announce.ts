// Finds who is to be told of what they are given. Who is let in hears of it at once; whoever is given another team, once their row has been so
// for a while, and not at all where it was taken back meanwhile. Pure.
import { dayIn, dayOf, keyTime } from "../../shared/clock.ts";
import type { TeamsRead } from "../../shared/github/people.ts";
import { invitationEnds } from "../../shared/members/invitations.ts";
import type { MemberMail } from "../../shared/members/mails.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { Hub } from "../../shared/settings.ts";
import type { MemberRow } from "../../shared/sheets/row.ts";
import { rowsBefore } from "./doubt.ts";
import type { Facts, MemberAction, Seen } from "./facts.ts";
import { invited, knownOf, lower } from "./names.ts";
import { tellableFrom } from "./settled.ts";

export type Announce = MembersState["announce"];
type Due = Announce[string];

export const mayBeTold = ({ from, disputed }: Pick<Due, "from" | "disputed">, now: Date): boolean =>
  disputed === undefined && (from === undefined || Date.parse(from) <= now.getTime());

/**
 * Gives who is to be told what, written down before the act: a run that dies in between leaves it to the next. What an earlier
 * run left for an act that is only planned now never happened, and gives way.
 */
export function announcements(
  actions: readonly MemberAction[],
  seen: Pick<Seen, "rows" | "named" | "state" | "typed" | "now" | "github">,
): Announce {
  const { rows, named, state, now } = seen;
  const emails = new Map(rows.map(({ login, email }) => [lower(login), email]));
  const { changeOf, stillDue } = changesOfTeam(seen);
  const announce = new Map(
    Object.entries(state?.announce ?? {}).flatMap(([login, due]): [string, Due][] => {
      const kept = emails.has(login) || named.includes(login) ? stillDue(login, due) : undefined;
      return kept === undefined ? [] : [[login, kept]];
    }),
  );
  for (const { do: act, about, team } of actions) {
    const key = lower(about);
    const email = emails.get(key);
    if (email === undefined || email === "" || (act !== "invite" && act !== "add")) continue;
    const times = (knownOf(state, key)?.invitations ?? 0) + 1;
    const change = act === "invite" ? {} : changeOf(key, state?.announce[key]);
    // Moved back before they were told that they had been moved at all.
    if (change.was === team) {
      announce.delete(key);
      continue;
    }
    announce.set(key, {
      key: act === "invite" ? `invited/${key}/${times}` : keyOfChange(state, { login: key, team, now }),
      email,
      team,
      ...change,
    });
  }
  return Object.fromEntries(announce);
}

/**
 * Names the mail on a team that somebody is given: another one each time, for they may be moved to and fro within a day, or be told that
 * it was a mistake. It is the one before where the same team was given this day and was not taken since: a listing may lag behind, and
 * what was done is then planned again.
 */
function keyOfChange(
  state: MembersState | undefined,
  { login, team, now }: { login: string; team: string; now: Date },
): string {
  const key = `added/${login}/${team}/`;
  const { memberships = {} } = knownOf(state, login) ?? {};
  const untold =
    state !== undefined && Object.hasOwn(state.announce, login) ? state.announce[login] : undefined;
  const before = [untold?.key, Object.hasOwn(memberships, team) ? memberships[team]?.mailed?.key : undefined];
  const ofToday = before.find((one) => one?.startsWith(`${key}${dayOf(now)}`));
  return ofToday ?? `${key}${keyTime(now.toISOString())}`;
}

/** Gives whom an earlier run let in and did not live to tell, and whose change may be told by now. */
export function leftToTell(announce: Announce, github: TeamsRead, now: Date): string[] {
  return Object.entries(announce)
    .filter(([login, due]) => mayBeTold(due, now) && standsIn(login, due.team, github) !== undefined)
    .map(([login]) => login);
}

/** Says whether a lower-case login is in a team, or invited to it. */
export function standsIn(login: string, team: string, github: TeamsRead): "in-team" | "invited" | undefined {
  if (github.teams[team]?.members.some((member) => lower(member.login) === login)) return "in-team";
  const invited = github.pending.some(
    (invitation) =>
      invitation.login !== undefined && lower(invitation.login) === login && invitation.teams.includes(team),
  );
  return invited ? "invited" : undefined;
}

/** Tells of a lower-case login that is given a team which one they have, and from when they may be told; and of one to be told whether they still are. */
function changesOfTeam(facts: Pick<Facts, "typed" | "rows" | "state" | "now" | "github">): {
  changeOf: (login: string, untold: Due | undefined) => Pick<Due, "was" | "from">;
  stillDue: (login: string, due: Due) => Due | undefined;
} {
  const teamOf = new Map<string, string>();
  for (const { login, teams } of invited(facts.github))
    for (const team of teams) if (facts.github.teams[team] !== undefined) teamOf.set(lower(login), team);
  for (const [team, { members }] of Object.entries(facts.github.teams))
    for (const { login } of members) teamOf.set(lower(login), team);
  const rowOf = new Map(facts.rows.map((row) => [lower(row.login), row]));
  const mayTell = tellableFrom(facts);
  const pairings = new Set(rowsBefore(facts.state).map(({ login, email }) => `${login} ${email}`));
  const from = (login: string): string => mayTell(rowOf.get(login)?.cell ?? "");
  return {
    changeOf(login, untold) {
      const was = untold?.was ?? teamOf.get(login);
      return was === undefined ? {} : { was, from: from(login) };
    },
    stillDue(login, due) {
      const row = rowOf.get(login);
      // The sheet has taken it back, and nobody has been told of it.
      if (due.was !== undefined && row !== undefined && row.team !== due.team) return undefined;
      const email = row?.email || due.email;
      const isAsLetIn = lower(email) === lower(due.email);
      if (!isAsLetIn && !pairings.has(`${login} ${lower(email)}`)) return { ...due, disputed: true };
      const { disputed, ...told } = due;
      const isSettling = due.was !== undefined || disputed !== undefined || !isAsLetIn;
      return { ...told, email, ...(isSettling && { from: from(login) }) };
    },
  };
}

/** Makes the mail to somebody who was let in, or given another team. */
export function mailOnEntry(
  { login, became, due }: { login: string; became: "invited" | "added"; due: Due },
  { rows, hub, now }: { rows: readonly MemberRow[]; hub: Hub; now: Date },
): MemberMail {
  const row = rows.find((one) => lower(one.login) === login);
  const { name, tier, expires } = row ?? {};
  const occasion = became === "invited" ? "invited" : due.was === undefined ? "added" : "tier-changed";
  return {
    occasion,
    key: due.key,
    email: due.email,
    login,
    ...(name === undefined ? {} : { name }),
    ...(tier === undefined ? {} : { tier }),
    ...(expires === undefined ? {} : { ends: expires }),
    until: dayIn(hub.timeZone, invitationEnds(now)),
  };
}
