// Sorts the people of a class by what is to be done about them, as the page of the class shows them. Pure.
import type { ClassPerson } from "../../shared/members/class-answers.ts";
import { lightsOf } from "../../shared/members/class-lights.ts";
import type { ClassRecord } from "../../shared/members/classes.ts";
import { findingLooks } from "../../shared/members/findings.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { Looked } from "../../shared/members/who-answers.ts";

/** Somebody who is neither in nor invited, or of whom it is not sure who they are. */
export type Amiss = { who: string; why: string };
export type Attendance = { people: number; in: number; invited: string[]; others: Amiss[] };

/** Gives who is in, invited, or neither and why. Nobody is called by an address: the line of the list says where it is. */
export function attendanceOf(record: ClassRecord, looked: Looked & { state: MembersState }): Attendance {
  const names = new Map(looked.state.people.map(({ login, name }) => [login, name]));
  const found: Attendance = { people: 0, in: 0, invited: [], others: [] };
  for (const one of lightsOf(record, looked)) {
    const { light, word, called, login = called } = one;
    // Of whom the list may have another person in mind, what the list says.
    const name = (light === "grey" ? "" : names.get(login)) || called;
    const who = name === login ? name : `${name} (${login})`;
    found.people += 1;
    if (light === "green") found.in += 1;
    else if (word === findingLooks.invited.word) found.invited.push(who);
    else found.others.push({ who, why: `${word}${whereOf(one)}` });
  }
  return found;
}

/** Of somebody who was not found the cell is a guess. */
const whereOf = ({ cell, word }: ClassPerson): string =>
  cell === undefined ? "" : ` (${word === findingLooks["not-found"].word ? "perhaps " : ""}cell ${cell})`;
