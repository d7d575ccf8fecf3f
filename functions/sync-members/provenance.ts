// Keeps whose doing each membership is: ours (which run, which row), somebody's by hand, or older than us. Only what is ours is
// ever taken away. Pure.
import { dayMs } from "../../shared/clock.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { MemberRow } from "../../shared/sheets/row.ts";
import type { Facts, MemberAction } from "./facts.ts";
import { invited, type Known, knownOf, lower, type NameOf } from "./names.ts";

type KnownPeople = MembersState["known"];
type Membership = NonNullable<Known["memberships"]>[string];

/** Time for which a membership that GitHub's lists do not show is still remembered: lists lag. */
const forgottenAfterMs = dayMs;

/** Gives whose doing a membership is, of somebody whom the sheet has named. */
export function membershipOf(
  state: Pick<MembersState, "known"> | undefined,
  name: string,
  team: string,
): Membership | undefined {
  const { memberships = {} } = knownOf(state, name) ?? {};
  return Object.hasOwn(memberships, team) ? memberships[team] : undefined;
}

/** Says how somebody came to be where no run of ours has put them: since we look on, by hand. */
export const notByUs = (state: MembersState | undefined): "by-hand" | "before" =>
  state?.provenanceSince === undefined ? "before" : "by-hand";

/** Brings the memberships of everybody known up to what GitHub shows. */
export function withMemberships(
  known: KnownPeople,
  { github, state, now }: Facts,
  nameOf: NameOf,
): KnownPeople {
  const present = presentIn(github, nameOf);
  const at = now.toISOString();
  const next = Object.entries(known).map(([name, one]): [string, Known] => {
    const is = present.get(name) ?? new Set<string>();
    const memberships = new Map(Object.entries(one.memberships ?? {}));
    for (const [team, { absentSince = at, ...membership }] of memberships) {
      const isGone = now.getTime() - Date.parse(absentSince) >= forgottenAfterMs;
      if (is.has(team)) memberships.set(team, membership);
      else if (isGone) memberships.delete(team);
      else memberships.set(team, { ...membership, absentSince });
    }
    for (const team of is) if (!memberships.has(team)) memberships.set(team, { how: notByUs(state), at });
    return [name, withThese(one, memberships)];
  });
  return Object.fromEntries(next);
}

function presentIn(github: Facts["github"], nameOf: NameOf): Map<string, Set<string>> {
  const present = new Map<string, Set<string>>();
  const note = (name: string, team: string) =>
    present.set(name, (present.get(name) ?? new Set<string>()).add(team));
  for (const [team, { members }] of Object.entries(github.teams))
    for (const member of members) note(nameOf(member), team);
  for (const invitation of invited(github))
    for (const team of invitation.teams) note(nameOf(invitation), team);
  return present;
}

/** Marks what actions give as ours, and forgets what they take away. */
export function withActions(
  known: KnownPeople,
  actions: readonly MemberAction[],
  { nameOf, run, now }: { nameOf: (about: string) => string; run: string; now: Date },
): KnownPeople {
  const next = new Map(Object.entries(known));
  for (const { do: act, about, team, at: cell } of actions) {
    const name = nameOf(about);
    const one = next.get(name);
    if (one === undefined || act === "pair") continue;
    const memberships = new Map(Object.entries(one.memberships ?? {}));
    if (act === "remove") {
      const gone = memberships.get(team);
      memberships.delete(team);
      if (gone?.how === "given") noteInstead(memberships, team);
    } else if (act === "cancel-invitation") memberships.clear();
    else {
      const row = cell === undefined ? {} : { cell };
      for (const [other, membership] of memberships) memberships.set(other, without(membership, team));
      memberships.set(team, { how: "given", at: now.toISOString(), run, ...row });
    }
    next.set(name, withThese(one, memberships));
  }
  return Object.fromEntries(next);
}

/** A move takes somebody out of one team for another, a day after it put them there: undone, both come back as they were. */
function noteInstead(memberships: Map<string, Membership>, team: string): void {
  for (const [other, membership] of memberships)
    if (membership.how === "given")
      memberships.set(other, { ...membership, instead: [...(membership.instead ?? []), team] });
}

function without({ instead, ...membership }: Membership, team: string): Membership {
  const left = (instead ?? []).filter((each) => each !== team);
  return left.length === 0 ? membership : { ...membership, instead: left };
}

/** Makes access somebody's to keep: a person has accepted it, and it is not ours to take any more. */
export function withAccepted(
  known: KnownPeople,
  accepted: readonly MemberAction[],
  { nameOf, now }: { nameOf: (about: string) => string; now: Date },
): KnownPeople {
  const next = new Map(Object.entries(known));
  for (const { do: act, about, team } of accepted) {
    const one = next.get(nameOf(about));
    if (one === undefined) continue;
    const theirs = ([each, { how }]: [string, Membership]) =>
      how === "given" && (each === team || act === "cancel-invitation");
    const memberships = Object.entries(one.memberships ?? {}).map((each): [string, Membership] =>
      theirs(each) ? [each[0], { how: "accepted", at: now.toISOString() }] : each,
    );
    next.set(nameOf(about), withThese(one, new Map(memberships)));
  }
  return Object.fromEntries(next);
}

/** Keeps which mail told somebody of what they were given. */
export function withMails(
  known: KnownPeople,
  told: ReadonlyMap<string, { team: string; key: string; email: string }>,
  nameOf: (about: string) => string,
): KnownPeople {
  const next = new Map(Object.entries(known));
  for (const [login, { team, key, email }] of told) {
    const one = next.get(nameOf(login));
    const membership = one?.memberships?.[team];
    if (one === undefined || membership?.how !== "given") continue;
    const memberships = { ...one.memberships, [team]: { ...membership, mailed: { key, email } } };
    next.set(nameOf(login), { ...one, memberships });
  }
  return Object.fromEntries(next);
}

function withThese({ memberships: _, ...one }: Known, memberships: ReadonlyMap<string, Membership>): Known {
  return memberships.size === 0 ? one : { ...one, memberships: Object.fromEntries(memberships) };
}

/** Finds the sheet's name for whom an action is about, whatever GitHub calls them. */
export function namesOfActions(github: Facts["github"], nameOf: NameOf): (about: string) => string {
  const names = new Map<string, string>();
  for (const { members } of Object.values(github.teams))
    for (const member of members) names.set(lower(member.login), nameOf(member));
  for (const invitation of invited(github)) names.set(lower(invitation.login), nameOf(invitation));
  return (about) => names.get(lower(about)) ?? lower(about);
}

/** Finds who stands in the sheet and in the right team without our doing: a person's word makes it ours. */
export function adoptions(
  { github, state }: Facts,
  { nameOf, wanted }: { nameOf: NameOf; wanted: ReadonlyMap<string, MemberRow> },
): (MemberAction & { because: string })[] {
  return Object.entries(github.teams).flatMap(([team, { members }]) =>
    members.flatMap((member) => {
      const name = nameOf(member);
      const row = wanted.get(name);
      if (row?.team !== team || membershipOf(state, name, team)?.how === "given") return [];
      const why = `the sheet gives ${row.tier}, and they are in its team`;
      return [{ do: "adopt" as const, about: row.login, team, why, at: row.cell, because: adopting }];
    }),
  );
}

const adopting = "once approved, their row counts as what let them in, and its end as theirs";
