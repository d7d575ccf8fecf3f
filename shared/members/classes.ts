// Classes: people who must have access on a day. A class is a record that is created once; a corrected list, and calling it off, are
// newer ones of the same day and name.
import * as z from "zod";
import { dayMs } from "../clock.ts";
import { HubName } from "../events.ts";
import type { Ledger } from "../ledger.ts";
import { Time, version } from "../records.ts";

/** Days before a class from which it is looked after: invitations are kept for it, and the team is told once of what is amiss. */
export const daysLookedAfter = 7;
/** Most days ahead that a class may be: beyond that the year was mistyped. */
export const mostDaysAhead = 180;
/** Days for which a class that is over is still listed. */
export const daysListedAfter = 30;
/** Most people of a class, and letters of a line. */
export const mostInClass = 1000;
export const mostInLine = 320;

/** Name of a class among those of its day: part of a record's name and of a message's key. */
export const ClassName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "a class's name is 1 to 40 of a-z, 0-9 and -");

/** Makes a class's name of what somebody calls it: "Intro, week 1.csv" is intro-week-1-csv. */
export const classNameOf = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "") || "class";

/** classes/<hub>/<day>/<name>/<time>.json: the newest of a day and name counts. */
export const ClassRecord = z.strictObject({
  v: version,
  hub: HubName,
  /** Day at the hub. */
  on: z.iso.date(),
  name: ClassName,
  /** Lines of the list, as they were typed: a login, an address or a name each, or several of these for one person. */
  people: z.array(z.string().min(1).max(mostInLine)).max(mostInClass),
  by: z.string(),
  at: Time,
  cancelled: z.literal(true).optional(),
});
export type ClassRecord = z.infer<typeof ClassRecord>;

/** head/classes/<hub>.json: what the team was told of classes that are not over, by the message's key. */
export const ClassesTold = z.strictObject({
  v: version,
  at: Time,
  told: z.record(z.string(), z.strictObject({ on: z.iso.date(), at: Time })),
});
export type ClassesTold = z.infer<typeof ClassesTold>;

/** Gives the day so many days after another one. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** Gives how many days there are from one day to another. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / dayMs;

/** Says of a class in a few words which one it is. */
export const classTitle = ({ on, name }: Pick<ClassRecord, "on" | "name">): string => `${name} on ${on}`;

/** Keeps a class; "exists" where somebody has kept it at the same moment. */
export function keepClass(
  ledger: Pick<Ledger, "create">,
  record: ClassRecord,
): Promise<"created" | "exists"> {
  const { hub, on, name, at, cancelled } = record;
  const path = `classes/${hub}/${on}/${name}/${at}.json`;
  return ledger.create(path, record, cancelled === undefined ? {} : { cancelled: "yes" });
}

/** Reads the classes of a hub from one day to another that stand, nearest first. Throws Permanent where one cannot be understood. */
export async function classesOf(
  ledger: Pick<Ledger, "list" | "read">,
  hub: string,
  { from, to }: { from: string; to: string },
): Promise<ClassRecord[]> {
  const folder = `classes/${hub}/`;
  const newest = new Map<string, { name: string; cancelled: boolean }>();
  for (const { name, metadata } of await ledger.list(folder, { from: `${folder}${from}` })) {
    const [day = "", title = ""] = name.slice(folder.length).split("/");
    if (day <= to) newest.set(`${day}/${title}`, { name, cancelled: metadata["cancelled"] === "yes" });
  }
  const standing = [...newest.values()].filter(({ cancelled }) => !cancelled);
  const read = await Promise.all(standing.map(({ name }) => ledger.read(name, ClassRecord)));
  return read.flatMap((one) => (one === undefined ? [] : [one.value]));
}
