// Says what keeps a person of the sheet out, or lets them in: one finding for every state that a run can leave. Pure. What GitHub
// shows goes before what the sheet says, and what is known of the last outcome before what is guessed.
import type { Explanation } from "../errors.ts";
import type { StoredPlan } from "../flow/plan.ts";
import type { Verdict } from "../records.ts";
import type { Hub } from "../settings.ts";
import type { Finding } from "./answers.ts";
import type { MembersState, Rejected } from "./records.ts";
import { refusedCellOf } from "./refused-rows.ts";

export type Person = MembersState["people"][number];
export type Known = MembersState["known"][string];

/** A change of somebody that waits, with what was said of it. */
export type HeldChange = {
  do: string;
  team: string;
  because: string;
  verdict: Verdict | undefined;
  plan: string;
};

/**
 * Gives what waits of a plan, by lower-case login. To mark somebody's membership as ours changes nothing for them.
 * @param verdictOf gives the word on a held action; "gone" for one that waits no more.
 */
export const heldChangesOf = (
  { hash: plan, held }: Pick<StoredPlan, "hash" | "held">,
  verdictOf: (hash: string) => Verdict | "gone" | undefined,
): ReadonlyMap<string, HeldChange> =>
  new Map(
    held.flatMap(({ do: act, about, team = "", because, hash }): [string, HeldChange][] => {
      const verdict = verdictOf(hash);
      if (verdict === "gone" || act === "adopt") return [];
      return [[about.toLowerCase(), { do: act, team: String(team), because, verdict, plan }]];
    }),
  );

/** A home in which nothing more can be written, or soon. */
export type FullHome = { takes: string; most: string; measuredAt: string };

/** All that an answer to a row is made of, beside what the last run of sync-members left. */
export type Surroundings = {
  hub: Hub;
  mode: "off" | "plan" | "apply";
  /** By lower-case login, as the action has it. */
  held: ReadonlyMap<string, HeldChange>;
  /** By lower-case login; undefined where no figures of homes are to be had. */
  fullHomes: ReadonlyMap<string, FullHome> | undefined;
  /** Outage of GitHub, by which people sign in. */
  outage: Explanation | undefined;
  /** Reason why the members' flow does not get through. */
  stuck: Explanation | undefined;
};

/** Gives them as a run knows them that gets through: nothing of homes, and of no outage. */
export const surroundingsOf = (hub: Hub, held: Surroundings["held"]): Surroundings => ({
  hub,
  mode: "apply",
  held,
  fullHomes: undefined,
  outage: undefined,
  stuck: undefined,
});

/** Findings about somebody who has a row. */
export type RowFinding = Exclude<
  Finding,
  "not-in-sheet" | "not-found" | "applied" | "no-run-yet" | "unreadable"
>;

/** All that is known of a person who has a row. */
export type Standing = {
  person: Person;
  known: Known | undefined;
  /** Managed teams that they are in. */
  teams: string[];
  isInvited: boolean;
  held: HeldChange | undefined;
  /** Cell of their row that cannot be used. */
  cell: Rejected | undefined;
  home: FullHome | undefined;
};

/** Gathers what is known of a person who has a row. */
export function standingOf(person: Person, state: MembersState, looked: Surroundings): Standing {
  const { login, renamedTo = login, status, access, team } = person;
  const names = [login.toLowerCase(), renamedTo.toLowerCase()];
  const [name = ""] = names;
  const teams = [...(status === "in-team" ? [team] : []), ...(access?.teams ?? [])];
  const first = <T>(map: ReadonlyMap<string, T> | undefined) =>
    names.map((each) => map?.get(each)).find((one) => one !== undefined);
  return {
    person,
    known: Object.hasOwn(state.known, name) ? state.known[name] : undefined,
    teams,
    isInvited: teams.length === 0 && (status === "invited" || access?.invited === true),
    held: first(looked.held),
    cell: state.rejected.find(({ cell }) => cell === person.cell) ?? refusedCellOf(state, name),
    home: first(looked.fullHomes),
  };
}

/** Finds what it comes to. */
export function findingOf(standing: Standing, state: MembersState, looked: Surroundings): RowFinding {
  const { person, teams, isInvited, held, cell } = standing;
  if (teams.length > 0) return findingInside(standing, looked);
  if (isInvited) return "invited";
  if (held?.verdict === "rejected") return "turned-down";
  if (held !== undefined) return "held";
  const { status } = person;
  switch (status) {
    case "held":
    case "expired":
    case "no-such-user":
    case "in-team":
    case "invited":
      return status;
    case "to-invite":
    case "failed-invitation":
      return cell === undefined ? findingOutside(standing, state, looked) : "rejected";
    default:
      return status satisfies never;
  }
}

function findingInside({ person, teams, home }: Standing, { outage }: Surroundings): RowFinding {
  if (outage !== undefined) return "outage";
  if (home !== undefined) return "home-full";
  if (person.renamedTo !== undefined) return "renamed";
  return teams.includes(person.team) || person.status === "expired" ? "in-team" : "other-team";
}

/** Of somebody whom nothing in the sheet keeps out: what became of the last time that they were let in or asked. */
function findingOutside({ person, known }: Standing, state: MembersState, looked: Surroundings): RowFinding {
  const outcome = known?.outcome;
  switch (outcome) {
    case undefined:
      return person.status === "failed-invitation" ? "unknown-end" : notYet(state, looked);
    case "accepted":
      return notYet(state, looked);
    case "taken":
      return "invited";
    case "refused":
      return known?.refusal?.cause === "no-second-factor" ? "no-second-factor" : "refused";
    case "unknown":
      return "unknown-end";
    case "lapsed":
    case "declined":
    case "withdrawn":
    case "left":
    case "blocked":
    case "no-seat":
    case "organisation":
      return outcome;
    default:
      return outcome satisfies never;
  }
}

/** Of somebody whom the next run would let in. */
function notYet({ nobodyLetIn, nobodyLetInCause }: MembersState, { mode, stuck }: Surroundings): RowFinding {
  if (nobodyLetIn !== undefined) return nobodyLetInCause === "no-seat" ? "no-seat" : "organisation";
  if (mode !== "apply") return "only-planned";
  return stuck === undefined ? "to-invite" : "outage";
}
