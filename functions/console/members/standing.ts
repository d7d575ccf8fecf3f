// Says what keeps a person of the sheet out, or lets them in: one finding for every state that a run can leave. Pure. What GitHub
// shows goes before what the sheet says, and what is known of the last outcome before what is guessed.
import type { Finding } from "../../../shared/members/answers.ts";
import type { MembersState, Rejected } from "../../../shared/members/records.ts";
import type { Known, Person } from "./find.ts";
import type { FullHome, HeldChange, Looked } from "./look.ts";

/** Findings about somebody who has a row. */
export type RowFinding = Exclude<Finding, "not-in-sheet" | "not-found" | "no-run-yet" | "unreadable">;

/** All that is known of a person who has a row. */
export type Standing = {
  person: Person;
  known: Known | undefined;
  /** Managed teams that they are in. */
  teams: string[];
  isInvited: boolean;
  held: HeldChange | undefined;
  /** Their cell, where it cannot be used. */
  cell: Rejected | undefined;
  home: FullHome | undefined;
};

export function standingOf(person: Person, state: MembersState, looked: Looked): Standing {
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
    cell: state.rejected.find(({ cell }) => cell === person.cell),
    home: first(looked.fullHomes),
  };
}

/** Finds what it comes to. */
export function findingOf(standing: Standing, state: MembersState, looked: Looked): RowFinding {
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

function findingInside({ person, teams, home }: Standing, { outage }: Looked): RowFinding {
  if (outage !== undefined) return "outage";
  if (home !== undefined) return "home-full";
  if (person.renamedTo !== undefined) return "renamed";
  return teams.includes(person.team) || person.status === "expired" ? "in-team" : "other-team";
}

/** Of somebody whom nothing in the sheet keeps out: what became of the last time that they were let in or asked. */
function findingOutside({ person, known }: Standing, state: MembersState, looked: Looked): RowFinding {
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
function notYet({ nobodyLetIn, nobodyLetInCause }: MembersState, { mode, stuck }: Looked): RowFinding {
  if (nobodyLetIn !== undefined) return nobodyLetInCause === "no-seat" ? "no-seat" : "organisation";
  if (mode !== "apply") return "only-planned";
  return stuck === undefined ? "to-invite" : "outage";
}
