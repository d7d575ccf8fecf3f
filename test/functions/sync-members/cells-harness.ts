// Harness of the tables of sync-members: text with one line for each case, and what a decision comes to for one person, in a word.
import { decide } from "../../../functions/sync-members/decide.ts";
import type { Account, Facts } from "../../../functions/sync-members/facts.ts";
import { loginsToLookUp } from "../../../functions/sync-members/names.ts";
import { InvitationOutcome } from "../../../shared/members/invitations.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { MembersSettings } from "../../../shared/members/settings.ts";
import { account, ago, decided, github, idOf, inputOf, row, short, state } from "./facts-harness.ts";

type Known = MembersState["known"][string];
type Team = "public-access" | "base-access" | "full-access";
/** Word of the sheet on Ada: a tier, or why it gives her none. */
export type Said = "never" | "none" | Tier | "expired" | "suspended" | "bad tier" | "bad login";
type Tier = "public" | "base" | "full";
/** Origin of where she is. */
export type Whose = "given" | "by-hand" | "before" | "accepted";

/** Place of Ada at GitHub. */
type Place = {
  teams?: Team[];
  invited?: Team[];
  isMailed?: boolean;
  /** Number of invitations that ended by themselves, the last just now. */
  ended?: number;
  isMember?: boolean;
  isOwner?: boolean;
};

const all: Team[] = ["public-access", "base-access", "full-access"];
const places = {
  outside: () => ({}),
  invited: (right) => ({ invited: [right] }),
  "to none": () => ({ invited: [] }),
  elsewhere: (_, other) => ({ invited: [other] }),
  "by mail": () => ({ isMailed: true }),
  "ended 2x": () => ({ ended: 2 }),
  "ended 3x": () => ({ ended: 3 }),
  member: () => ({ isMember: true }),
  right: (right) => ({ teams: [right] }),
  other: (_, other) => ({ teams: [other] }),
  several: () => ({ teams: all }),
  // GitHub lists a team's own members alone: of whoever is in a child of it, it says that they are of the organisation.
  child: () => ({ isMember: true }),
  owner: (_, other) => ({ teams: [other], isOwner: true }),
} satisfies Record<string, (right: Team, other: Team) => Place>;
export type PlaceName = keyof typeof places;

const tiers: Record<Tier, [tier: string, right: Team, other: Team]> = {
  public: ["Public", "public-access", "full-access"],
  base: ["Education", "base-access", "full-access"],
  full: ["Research", "full-access", "base-access"],
};
const tierOf = (said: Said) => (said === "public" || said === "base" ? tiers[said] : tiers.full);

/** Gives what is so of Ada in one cell of the table. */
export function cellOf(said: Said, whose: Whose, place: PlaceName, settings?: Partial<MembersSettings>) {
  const [, right, other] = tierOf(said);
  const is: Place = places[place](right, other);
  const how = Object.fromEntries(
    [...(is.teams ?? []), ...(is.invited ?? [])].map((team) => [team, { how: whose, at: ago(30) }]),
  );
  const invitations: Known =
    is.ended === undefined
      ? { invitations: 0 }
      : // Two more were taken, and did not end by themselves.
        { invitations: is.ended + 2, ended: is.ended - 1, invitedAt: ago(8), outcome: "taken" };
  // Nothing is remembered of what came about by somebody's hand since the last run.
  const memberships = whose === "by-hand" ? {} : { memberships: how };
  return {
    right,
    is,
    facts: factsOf(said, is, { id: idOf("ada"), ...invitations, ...memberships }, settings),
  };
}

/** Time since an outcome and the invitation that led to it, the number of those that ended by themselves, and what GitHub has. */
const times = {
  "a minute": [ago(0, 1 / 60), 1, {}],
  "23 hours": [ago(0, 23), 1, {}],
  "a day": [ago(1), 1, {}],
  "6 days": [ago(6, 23), 1, {}],
  "7 days": [ago(7), 1, {}],
  third: [ago(99), 3, {}],
  "of the organisation": [ago(99), 3, { isMember: true }],
  "in another team": [ago(99), 3, { teams: ["base-access"] }],
} satisfies Record<string, [at: string, ended: number, is: Place]>;
export type Since = keyof typeof times;

/** Gives what is so of Ada, to whom the sheet gives a team, so long after an outcome. Records of older versions have none. */
export function againOf(outcome: string, sent: string, since: Since) {
  const [at, ended, is]: [string, number, Place] = times[since];
  const kept = InvitationOutcome.safeParse(outcome).data;
  const known: Known = {
    id: idOf("ada"),
    ...(sent === "sent" ? { invitations: ended, invitedAt: at } : { invitations: 0 }),
    ...(kept === undefined ? {} : { outcome: kept, outcomeAt: at }),
    // The last one of those that were taken has not ended yet.
    ...(kept === undefined || sent !== "sent" ? {} : { ended: kept === "taken" ? ended - 1 : ended }),
    memberships: Object.fromEntries((is.teams ?? []).map((team) => [team, { how: "given", at }])),
  };
  return { is, facts: factsOf("full", is, known) };
}

/** The facts about Ada and nobody else. */
function factsOf(said: Said, is: Place, known: Known, settings: Partial<MembersSettings> = {}): Facts {
  const [tier, right] = tierOf(said);
  const ada = row("ada", tier, said === "expired" ? { expires: "2026-11-20" } : {});
  const { email, cell } = ada;
  const rows = ["never", "none", "bad tier", "bad login"].includes(said) ? [] : [ada];
  const rejected = said.startsWith("bad") ? [{ cell, value: "x", why: "it cannot be read" }] : [];
  const listed = { login: "ada", email, cell, name: ada.name, tier, team: right };
  const facts = inputOf({
    rows,
    rejected,
    named: said === "bad tier" ? ["ada"] : [],
    unreadable: said === "bad login" ? [{ cell, email }] : [],
    github: github(Object.fromEntries((is.teams ?? []).map((team) => [team, ["Ada"]])), {
      pending: [
        ...(is.invited === undefined ? [] : [{ login: "Ada", teams: is.invited }]),
        ...(is.isMailed === true ? [{ email, teams: [right] }] : []),
      ],
      failed: is.ended === undefined ? [] : [{ invitationId: 1, login: "Ada", failedAt: ago(1), reason: "" }],
      owners: is.isOwner === true ? ["ADA"] : [],
    }),
    state: state({
      provenanceSince: ago(90),
      known: said === "never" ? {} : { ada: known },
      people: said === "never" ? [] : [{ ...listed, status: "in-team", since: ago(30) }],
    }),
    settings,
  });
  const found: Account =
    said === "suspended" ? "not-found" : account("ada", { member: is.isMember === true });
  return { ...facts, accounts: new Map(loginsToLookUp(facts).map((login) => [login, found])) };
}

/**
 * Says in words what is decided about Ada once every grace is over: invite, add, move (add, and take out of all other teams), trim (take out of
 * all but hers), remove, cancel; hold; ask and report (what stays); refuse; "-" where nothing is done or said.
 */
export function wordOf(right: string, is: Place, facts: Facts): string {
  const { actions, held, deferred, unmanaged, reported, refused } = decided(facts);
  const places = is.invited ?? is.teams ?? [];
  const others = places.filter((team) => team !== right);
  const lose = (teams: readonly string[]) => teams.map((team) => `remove Ada -> ${team}`);
  const acts = short([...actions, ...deferred]).map((act) => act.replace(" ada ", " Ada "));
  const words: [word: string, acts: string[]][] = [
    ["invite", [`invite Ada -> ${right}`]],
    ["cancel", [`cancel-invitation Ada -> ${places[0]}`]],
    ["add", [`add Ada -> ${right}`]],
    ["move", [`add Ada -> ${right}`, ...lose(others)]],
    ["remove", lose(places)],
    ["trim", lose(others)],
  ];
  const isSame = (list: readonly string[]) => list.join() === acts.join();
  const stays = (list: readonly { team: string }[], word: string) => {
    const teams = list.map(({ team }) => team).join();
    return list.length === 0
      ? []
      : [[others.join(), places.join()].includes(teams) ? word : `${word} ${teams}`];
  };
  const found = [
    ...(acts.length === 0 ? [] : [words.find(([, list]) => isSame(list))?.[0] ?? acts.join(", ")]),
    ...(held.length === 0 ? [] : ["hold"]),
    ...stays(unmanaged, "ask"),
    ...stays(reported, "report"),
    ...(refused.length === 0 ? [] : ["refuse"]),
  ];
  return found.length === 0 ? "-" : found.join("+");
}

/** Gives what is taken away without a person's word at a look like this one. */
export const taken = (facts: Facts): string[] =>
  short(decide(facts).plan.actions).filter((act) => !/^(?:invite|add) /.test(act));

/** Reads a table: the first line names the columns, the others begin with what the first columns say. */
export function linesOf<Column extends string>(
  table: string,
): { heads: string[]; cells: [column: Column, word: string][] }[] {
  const lines = table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const [head = [], ...rest] = lines;
  const first = head.findIndex((cell) => cell !== "");
  return rest.map((line) => ({
    heads: line.slice(0, first),
    cells: line.slice(first).map((word, n): [Column, string] => [head[first + n] as Column, word]),
  }));
}
