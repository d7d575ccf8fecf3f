// Parts of a request that pages and API take alike: its largest size, and the parts of an address.
import * as z from "zod";
import { type Refusal, refuse } from "./refusal.ts";

export const maximumBytes = 1024 * 1024;

export const tooLarge = (limitBytes: number): Refusal =>
  refuse(413, "nothing was done", `the request is larger than ${limitBytes / 1024 / 1024} MB`, "send less");

export const Day = z.iso.date("a day is yyyy-mm-dd, and one that there is");

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys that nobody gave. */
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}

export const notJson = (what: string): Refusal =>
  refuse(422, what, "it is not JSON", "mend it: look for a missing comma, quote or bracket");

export const noDay = refuse(
  422,
  "no runs were looked for",
  "there is no such day: it is written as 2026-03-02",
  "choose a day in the list of runs",
);

export const unclear = refuse(
  422,
  "nothing was done",
  "it is not clear whether it was only to be shown: dryRun is yes, or not there",
  "use the page's button",
);

export const notAForm = refuse(
  415,
  "nothing was done",
  "the request is not a form of the console's",
  "use the page's button",
);
