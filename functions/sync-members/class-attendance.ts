// Says how far each person of a class is, by what the run leaves: in, invited, or neither and why. Pure.

import { calledOf, peopleOfList, whoOf } from "../../shared/members/class-people.ts";
import type { ClassRecord } from "../../shared/members/classes.ts";
import type { InvitationOutcome } from "../../shared/members/invitations.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { knownOf, lower } from "./names.ts";

type Person = MembersState["people"][number];
/** Somebody who is neither in nor invited, or of whom it is not sure who they are. */
export type Amiss = { who: string; why: string };
export type Attendance = { people: number; in: number; invited: string[]; others: Amiss[] };

/** Sorts the people of a class. Nobody is called by an address: the line of the list says where it is. */
export function attendanceOf({ people }: ClassRecord, state: MembersState): Attendance {
  const meant = whoOf(state.people);
  const outside = othersOf(state);
  const list = peopleOfList(people, meant);
  const found: Attendance = { people: list.length, in: 0, invited: [], others: [] };
  for (const { line, who: typed, meant: who } of list) {
    const shown = calledOf(typed, line);
    if (who.is === "several") {
      const cells = who.people.slice(0, 5).map(({ cell }) => cell);
      found.others.push({ who: shown, why: `${whySeveral[who.because]} (cells ${cells.join(", ")})` });
      continue;
    }
    if (who.is === "nobody") {
      const how = outside.get(lower(who.ask));
      if (how === "in") found.in += 1;
      else if (how === "invited") found.invited.push(shown);
      else found.others.push({ who: shown, why: how ?? "not in the sheet" });
      continue;
    }
    const { person, misfits } = who;
    const name = person.name === "" ? person.login : `${person.name} (${person.login})`;
    const how = standingOf(person, state);
    if (misfits !== undefined)
      found.others.push({ who: shown, why: `the name does not fit: cell ${person.cell} has ${name}` });
    else if (how === "in") found.in += 1;
    else if (how === "invited") found.invited.push(name);
    else found.others.push({ who: name, why: `${how} (cell ${person.cell})` });
  }
  return found;
}

const whySeveral = {
  name: "several people of the sheet have that name",
  address: "several people of the sheet have that address",
  line: "the line names several people: one a line",
};

/** Those who have access, or an invitation, and no good row; and cells that cannot be used. */
function othersOf({ unmanaged, others = [], rejected, pairings = [] }: MembersState): Map<string, string> {
  const typed = new Map(pairings.map((row) => [row.at, row]));
  return new Map<string, string>([
    ...rejected.flatMap(({ cell, value, why }) => {
      const { login = "", email = "" } = typed.get(Number(/\d+$/.exec(cell)?.[0])) ?? {};
      return [value, login, email].map(
        (name) => [lower(name), `cell ${cell} cannot be used: ${why}`] as const,
      );
    }),
    ...others.flatMap(({ login, email, team, invitedAt }) => {
      const how =
        invitedAt !== undefined ? "invited" : team === undefined ? "in the organisation alone" : "in";
      return [login, email].flatMap((name) => (name === undefined ? [] : [[lower(name), how] as const]));
    }),
    ...unmanaged.map(({ login }) => [lower(login), "in"] as const),
  ]);
}

function standingOf({ status, access, login }: Person, state: MembersState): string {
  if (status === "in-team" || (access?.teams.length ?? 0) > 0) return "in";
  if (status === "invited" || access?.invited === true) return "invited";
  const { outcome, refusal } = knownOf(state, lower(login)) ?? {};
  switch (status) {
    case "held":
      return "on hold: see Plans";
    case "expired":
      return "the membership's last day has passed";
    case "no-such-user":
      return "GitHub has no person of that name";
    case "to-invite":
    case "failed-invitation":
      return refusal?.why ?? (outcome === undefined ? "not invited yet" : ends[outcome]);
    default:
      return status satisfies never;
  }
}

/** Words for what became of the last invitation, where there is none now. */
const ends: Record<InvitationOutcome, string> = {
  taken: "not invited yet",
  accepted: "was in before, and is not now",
  lapsed: "the invitation lapsed",
  declined: "the invitation was declined",
  withdrawn: "access was taken back",
  left: "has left the organisation",
  blocked: "has blocked the organisation, or is blocked there",
  "no-seat": "the organisation has no free seat",
  organisation: "the organisation lets nobody in",
  refused: "GitHub refused them",
  unknown: "the invitation is there no more",
};
