// Finds in the responses of the application form whom the member sheet does not have. Pure.
import type { Application } from "../sheets/applications.ts";
import { tidy, wordsOf } from "./asked.ts";
import { find, findSurely, type Meant } from "./find.ts";
import { nameIndex } from "./people-index.ts";
import type { MembersState } from "./records.ts";
import type { Known, Person } from "./standing.ts";

/** The applications, the newest last; or why they could not be read. */
export type Applications = { rows: readonly Application[] } | { unreadable: string };

/** Somebody who has applied; `near` is who perhaps is entered for them. */
export type Applicant = { is: "applied"; application: Application; near: Person | undefined };

/** Person that is meant, with sentences that an answer says besides, before and behind. */
export type Found = { meant: Meant | Applicant; lead?: string; tail?: string };

/** Finds who is meant; in the applications only whom nothing else has. Pure. */
export function findWith(state: MembersState, who: string, applications: Applications | undefined): Found {
  const meant = find(state, who);
  if (applications === undefined || !isMissing(meant)) return { meant };
  if ("unreadable" in applications)
    return { meant, tail: ` The applications could not be read: ${applications.unreadable}.` };
  const found = applied(applications.rows, who);
  const [one, ...others] = found;
  if (one === undefined) return { meant };
  if (others.length > 0) {
    const few = found.slice(0, 10).map(({ row }) => row);
    return {
      meant,
      tail: ` ${found.length} people of the applications have that in their name: rows ${few.join(", ")}${found.length > 10 ? " and more" : ""}.`,
    };
  }
  const entered = keysOf(one)
    .map((key) => findSurely(state, key))
    .find((each) => each !== undefined);
  const rowOf = `row ${one.row} of the applications`;
  if (entered !== undefined)
    return { meant: entered, lead: `By ${rowOf} they are ${one.login || one.email}. ` };
  if (meant.is === "gone" && one.day <= lastKnown(meant.known)) return { meant };
  return {
    meant: {
      is: "applied",
      application: one,
      near: meant.is === "nobody" ? (meant.near ?? namesake(state, one)) : undefined,
    },
  };
}

/** Tells whether neither the sheet nor a team has them. */
export const isMissing = (meant: Meant): meant is Extract<Meant, { is: "gone" | "nobody" }> =>
  meant.is === "gone" || meant.is === "nobody";

/** Finds the newest application of each person who may be meant: by login or address, else by name. */
function applied(rows: readonly Application[], asked: string): Application[] {
  const who = tidy(asked).toLowerCase();
  const sure = rows.findLast((row) => keysOf(row).includes(who));
  if (sure !== undefined) return [sure];
  const people = new Map(
    nameIndex(rows)(who).map((row) => [
      (row.email || row.login).toLowerCase() || wordsOf(row.name).join(" "),
      row,
    ]),
  );
  return [...people.values()];
}

/** Gives what names one person for sure. */
const keysOf = ({ login, email }: Application): string[] =>
  [login, email].filter((key) => key !== "").map((key) => key.toLowerCase());

/** Finds who has the whole name of an applicant. */
const namesake = ({ people }: MembersState, { name }: Application): Person | undefined => {
  const words = wordsOf(name).join(" ");
  return words === "" ? undefined : people.find((person) => wordsOf(person.name).join(" ") === words);
};

/** Gives the last day on which something is known of somebody, after which an application is a new one. */
function lastKnown({ invitedAt, outcomeAt, memberships = {} }: Known): string {
  const days = [invitedAt, outcomeAt, ...Object.values(memberships).map(({ at }) => at)];
  return days.reduce<string>((last, at = "") => (at > last ? at : last), "").slice(0, 10) || "9999";
}
