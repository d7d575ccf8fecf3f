// Clock for everything that the operator may move: schedules, grace periods, back-offs, leases.
// Tokens and the vendor clients' own timers stay on the real clock and never come through here.
import { readFileSync } from "node:fs";

export type Clock = () => Date;

/**
 * The clock of a function. In the cloud it is the machine's; on the sample hub `GROUNDCREW_CLOCK_FILE` names a small
 * file with the number of milliseconds by which somebody has moved it.
 */
export function clockFrom(env: Record<string, string | undefined>): Clock {
  const file = env["GROUNDCREW_CLOCK_FILE"];
  if (file === undefined) return () => new Date();
  return () => new Date(Date.now() + Number(readFileSync(file, "utf8")));
}

/** Milliseconds of real time after which a wait looks whether somebody has moved the clock. */
const lookMilliseconds = 500;

/** Waits until a time of a clock that may be moved meanwhile. `pause` is by the real one. */
export async function waitUntil(
  until: Date,
  { now, pause }: { now: Clock; pause: (milliseconds: number) => Promise<unknown> },
): Promise<void> {
  const left = (): number => until.getTime() - now().getTime();
  while (left() > 0) await pause(Math.min(left(), lookMilliseconds));
}

/** In milliseconds. */
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Gives a time, to the second, as a part of a message's key, which has neither colons nor capitals. */
export const keyTime = (at: string): string => at.slice(0, 19).replaceAll(":", "-").toLowerCase();

/** Gives the day of a time in UTC, as YYYY-MM-DD, or a day counted from it: -1 is the one before. */
export const dayOf = (at: Date, offset = 0): string =>
  new Date(at.getTime() + offset * dayMs).toISOString().slice(0, 10);

/**
 * Tells whether a text is the name of a time zone in the IANA database, which Node has. An offset such as +01:00 is none.
 * Only another name of a zone (UTC has no other here) needs a format: its first one costs each process 8 MB.
 */
export function isTimeZone(name: string): boolean {
  if (name === "UTC" || Intl.supportedValuesOf("timeZone").includes(name)) return true;
  try {
    return /^[A-Z]/i.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Gives the day of a time in a time zone, as YYYY-MM-DD. */
export function dayIn(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Gives the hour of a time in a time zone, from 0 to 23. */
export const hourIn = (timeZone: string, at: Date): number =>
  Number(new Intl.DateTimeFormat("en", { timeZone, hour: "2-digit", hourCycle: "h23" }).format(at));
