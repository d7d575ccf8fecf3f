// Decides what an undo takes back of a run: only what is still as that run left it, and only what Groundcrew may touch at all. What it
// leaves, it names with the reason. Pure.
import * as z from "zod";
import { type Plan, planOf } from "../../shared/flow/plan.ts";
import type { Run } from "../../shared/records.ts";
import { mayBeTold } from "./announce.ts";
import type { Facts, MemberAction } from "./facts.ts";
import { anotherAccount, invited, knownOf, lower, type NameOf, sheetNames } from "./names.ts";
import { partingOf } from "./partings.ts";
import { membershipOf, namesOfActions } from "./provenance.ts";
import { keptBy } from "./removals.ts";
import { isSame, type Undone } from "./undone.ts";

export type UndoFacts = Pick<Facts, "github" | "accounts" | "state" | "settings" | "now"> & {
  ran: Pick<Run, "id" | "messageId" | "startedAt" | "effects">;
};

/** One change that takes something back, and what of the run it takes back. */
export type Step = { action: MemberAction; undone: Undone[] };
type Left = { about: string; why: string };

const MemberEffect = z.looseObject({
  do: z.enum(["invite", "add", "remove", "cancel-invitation"]),
  login: z.string(),
  team: z.string(),
  teams: z.array(z.string()).optional(),
});
type MemberEffect = z.infer<typeof MemberEffect>;

/** Gives what a run did to people. */
export const effectsOn = ({ effects }: Pick<Run, "effects">): MemberEffect[] =>
  effects.flatMap((effect) => MemberEffect.safeParse(effect).data ?? []);

/** Gives the logins of whom GitHub must be asked: those to whom something is given back, and who are in no team. */
export function loginsToAsk({ ran, github }: Pick<UndoFacts, "ran" | "github">): string[] {
  const inTeams = new Set(
    Object.values(github.teams).flatMap(({ members }) => members.map(({ login }) => lower(login))),
  );
  const lost = effectsOn(ran).filter(({ do: act }) => act === "remove" || act === "cancel-invitation");
  return [...new Set(lost.map(({ login }) => login))].filter((login) => !inTeams.has(lower(login)));
}

/** Decides. Whoever is moved is let in where they were before they are taken out of where they are. */
export function planUndo(facts: UndoFacts): { plan: Plan<MemberAction>; steps: Step[] } {
  const people = peopleOf(facts);
  const left: Left[] = [];
  const taken = new Map<string, Step>();
  const given = new Map<string, Step>();
  const note = (steps: Map<string, Step>, step: Step | Left) => {
    if (!("action" in step)) {
      left.push(step);
      return;
    }
    const { do: act, about, team } = step.action;
    const key = act === "cancel-invitation" ? `${act} ${lower(about)}` : `${act} ${lower(about)} ${team}`;
    const before = steps.get(key);
    steps.set(key, before === undefined ? step : { ...before, undone: [...before.undone, ...step.undone] });
  };
  for (const { login, team } of effectsOn(facts.ran).filter(
    ({ do: act }) => act === "invite" || act === "add",
  ))
    note(taken, takeBack(people, people.find(login), team));
  for (const step of [...taken.values()])
    for (const team of insteadOf(people, step)) note(given, giveBack(people, step.action.about, team, "add"));
  for (const { do: act, login, team, teams = [team] } of effectsOn(facts.ran))
    if (act === "remove" || act === "cancel-invitation")
      for (const [index, each] of teams.entries()) {
        if (given.has(`add ${lower(login)} ${each}`)) continue;
        const by = act === "remove" ? "add" : index === 0 ? "invite" : "along";
        note(given, giveBack(people, login, each, by));
      }
  const steps = [...given.values(), ...taken.values()];
  const actions = steps.map(({ action }) => action);
  return { plan: planOf({ actions, held: [], refused: left }), steps };
}

type People = ReturnType<typeof peopleOf>;

function peopleOf(facts: UndoFacts) {
  const { github, state, accounts, ran } = facts;
  const nameOf: NameOf = sheetNames(state?.people ?? [], state);
  const nameOfLogin = namesOfActions(github, nameOf);
  const nameFor = (login: string): string => {
    const account = accounts.get(lower(login));
    return typeof account === "object" ? nameOf(account) : nameOfLogin(login);
  };
  const find = (login: string) => ({ login, name: nameFor(login) });
  const memberOf = (name: string, team: string) =>
    github.teams[team]?.members.find((member) => nameOf(member) === name);
  const invitation = (name: string) => invited(github).find((one) => nameOf(one) === name);
  const isKept = keptBy(facts);
  const undoneBefore = (mark: Mark) => state?.undone?.find((one) => one.run === ran.id && isSame(one, mark));
  return { ...facts, find, memberOf, invitation, isKept, undoneBefore };
}

type Mark = Pick<Undone, "login" | "did" | "team">;

const markOf = ({ ran, now }: People, mark: Mark): Undone => ({
  run: ran.id,
  ranAt: ran.startedAt,
  at: now.toISOString(),
  ...mark,
});

/** Takes back that a run let somebody in, if that is still what holds them there. */
function takeBack(
  people: People,
  { login, name }: { login: string; name: string },
  team: string,
): Step | Left {
  const { github, state, ran, now } = people;
  const leave = (because: string): Left => ({ about: login, why: `${team}: ${because}` });
  const why = "the run that let them in is undone";
  if (github.teams[team] === undefined) return leave("it is no team of the settings any more");
  const member = people.memberOf(name, team);
  const invitation = people.invitation(name);
  const isInvited = invitation?.teams.includes(team) === true;
  if (member === undefined && !isInvited) {
    const before = people.undoneBefore({ login: name, did: "let-in", team });
    // Done by an attempt that did not live to say so: done again it changes nothing, and is told and written down.
    if (before?.pending === true)
      return { action: { do: "remove", about: login, team, why }, undone: [before] };
    return leave(
      before === undefined ? "they are not in it any more, nor invited to it" : "taken back already",
    );
  }
  const account = member ?? invitation;
  if (people.isKept({ name, login: account?.login ?? login, id: account?.id }))
    return leave("they are protected, or in charge of a team");
  const membership = membershipOf(state, name, team);
  if (membership?.how === "accepted") return leave("a person has accepted that they keep it");
  if (membership?.how !== "given") return leave("they were put there by hand since, or before");
  if (membership.run !== ran.messageId) return leave("another run has given it to them since");
  const { mailed } = membership;
  const due = state?.announce[name];
  // Was written down to be told, and may have been, by a run that died.
  const mail =
    mailed ?? (due?.team === team && mayBeTold(due, now) ? { key: due.key, email: due.email } : undefined);
  const undone = [
    {
      ...markOf(people, { login: name, did: "let-in", team }),
      ...(mail === undefined ? {} : { mail: { ...mail, key: `undone/${mail.key}` } }),
    },
  ];
  if (member !== undefined) return { action: { do: "remove", about: member.login, team, why }, undone };
  if (invitation === undefined || invitation.role !== "direct_member")
    return leave("their invitation would make them more than a member");
  const managed = invitation.teams.filter((each) => github.teams[each] !== undefined);
  const isWhole =
    !invitation.isByPerson &&
    invitation.teamCount === managed.length &&
    managed.every((each) => membershipOf(state, name, each)?.run === ran.messageId);
  const about = invitation.login;
  return isWhole
    ? { action: { do: "cancel-invitation", about, team: managed[0] ?? team, why }, undone }
    : { action: { do: "remove", about, team, why }, undone };
}

/** Names the teams that somebody was taken out of since, for the one that an undo takes back. */
function insteadOf(people: People, { action, undone }: Step): string[] {
  const name = undone[0]?.login ?? lower(action.about);
  return undone.flatMap(({ team }) => membershipOf(people.state, name, team)?.instead ?? []);
}

/**
 * Gives back what a run took, unless they have left since, or something else was given to them. An invitation that led to several teams
 * is sent for the first, and the others come along.
 */
function giveBack(people: People, login: string, team: string, by: "add" | "invite" | "along"): Step | Left {
  const { github, state, accounts, ran } = people;
  const { name } = people.find(login);
  const leave = (because: string): Left => ({ about: login, why: `${team}: ${because}` });
  const why = "the run that took it from them is undone";
  if (github.teams[team] === undefined) return leave("it is no team of the settings any more");
  const invitation = people.invitation(name);
  const mark = { login: name, did: "taken-out", team } as const;
  const before = people.undoneBefore(mark);
  if (people.memberOf(name, team) !== undefined || invitation?.teams.includes(team) === true) {
    if (before?.pending === true) return { action: { do: "add", about: login, team, why }, undone: [before] };
    return leave(before === undefined ? "they have it again" : "given back already");
  }
  if (before !== undefined && before.pending !== true)
    return leave("given back already, and taken away since");
  const since = Object.entries(knownOf(state, name)?.memberships ?? {}).find(
    ([other, { run, at }]) =>
      run !== ran.messageId &&
      at > ran.startedAt &&
      (people.memberOf(name, other) !== undefined || invitation?.teams.includes(other) === true),
  );
  if (since !== undefined) return leave(`they were given ${since[0]} since`);
  const present = Object.keys(github.teams).flatMap((other) => people.memberOf(name, other) ?? [])[0];
  const account = accounts.get(lower(login));
  if (present === undefined && invitation === undefined) {
    if (account === undefined || account === "not-found")
      return leave("GitHub has no account of this name any more");
    if (anotherAccount(knownOf(state, name), account)) return leave("another account has this name now");
    if (by === "add" && !account.member) return leave("they are not in the organisation any more");
  }
  const isMember = present !== undefined || (typeof account === "object" && account.member);
  const about = present?.login ?? invitation?.login ?? login;
  const act = by === "invite" && !isMember && invitation === undefined ? "invite" : "add";
  const parting = partingOf(state, name);
  const mail = parting?.told && { key: `undone/${parting.told.key}`, email: parting.email };
  return {
    action: { do: act, about, team, why },
    undone: [{ ...markOf(people, mark), ...(mail && { mail }) }],
  };
}
