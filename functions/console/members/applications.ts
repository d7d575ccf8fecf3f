// Reads the responses of the application form, once for a whole question, and finds in them whom the member sheet does not have.
// They stay in this process alone, and no record has anything of them.
import { failureIn } from "../../../shared/failure.ts";
import { tidy, wordsOf } from "../../../shared/members/asked.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { ApplicationSettings } from "../../../shared/members/settings.ts";
import type { Known, Person } from "../../../shared/members/standing.ts";
import { type Application, applicationRows } from "../../../shared/sheets/applications.ts";
import type { SheetReader } from "../../../shared/sheets/read.ts";
import type { ConsoleDeps } from "../context.ts";
import { byName, find, findSurely, type Meant } from "./find.ts";

/** Time for which what was read is used again: who asks person by person reads it once. */
const keptMs = 60_000;
/** Time after which an answer goes without the applications. */
export const applicationsTimeoutMs = 1_500;

/** The applications, the newest last; or why they could not be read. */
export type Applications = { rows: readonly Named[] } | { unreadable: string };
type Named = Application & { words: string[] };

export type ReadApplications = (settings: ApplicationSettings) => Promise<Applications>;

/** Reads applications, and never throws: without them an answer says less. */
export function applicationStore({ readTab, now }: Pick<ConsoleDeps, "readTab" | "now">): ReadApplications {
  const kept = new Map<string, { until: number; cells: ReturnType<SheetReader["readTab"]> }>();
  return async (settings) => {
    const { spreadsheet, tab } = settings;
    const key = `${spreadsheet} ${tab}`;
    const known = kept.get(key);
    const time = now().getTime();
    const read =
      known !== undefined && known.until > time
        ? known
        : {
            until: time + keptMs,
            cells: readTab({
              spreadsheet,
              tab,
              what: "the applications cannot be read",
              section: "members.applications",
            }),
          };
    kept.set(key, read);
    try {
      const rows = applicationRows(await read.cells, settings);
      if (typeof rows === "string") return { unreadable: rows };
      return { rows: rows.map((row) => ({ ...row, words: wordsOf(row.name) })) };
    } catch (error) {
      // Failures are not kept: a sheet that was just shared is seen at the next question.
      if (kept.get(key) === read) kept.delete(key);
      return { unreadable: failureIn(error)?.explanation.why ?? "an error that was not foreseen" };
    }
  };
}

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
function applied(rows: readonly Named[], asked: string): Application[] {
  const who = tidy(asked).toLowerCase();
  const sure = rows.findLast((row) => keysOf(row).includes(who));
  if (sure !== undefined) return [sure];
  const people = new Map(
    byName(rows, who).map((row) => [(row.email || row.login).toLowerCase() || row.words.join(" "), row]),
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
