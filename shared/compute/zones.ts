// Reads what lies in the zones of a project, by an aggregated list: zone by zone, and whole or not at all.
import * as z from "zod";
import { again, failed, failureIn, refused } from "../failure.ts";
import { computeFailure } from "./refusals.ts";

/** A zone's name, from the address that a resource names it by. */
export const ZoneOf = z.string().transform((url) => url.slice(url.lastIndexOf("/") + 1));

const Warned = z.object({ warning: z.object({ code: z.string().nullish() }).nullish() });

/**
 * Reads each zone's part of a list; throws where a zone does not say what it has, or where the answer is none. Every zone is named,
 * those with nothing by a warning that says so: whatever names none is an answer of another shape
 * (https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList).
 * @param what cannot be done where this fails.
 */
export async function inZones<T>(
  answers: AsyncIterable<[string, unknown]>,
  part: z.ZodType<T>,
  what: string,
): Promise<T[]> {
  const parts: T[] = [];
  let isList = false;
  try {
    for await (const [, answer] of answers) {
      isList = true;
      // A zone that says nothing may hold machines: to take them for gone would make them twice.
      if (Warned.parse(answer).warning?.code === "UNREACHABLE") throw unreachable(what);
      parts.push(part.parse(answer));
    }
  } catch (error) {
    throw failureIn(error) === undefined ? computeFailure(what, error) : error;
  }
  if (!isList) throw refused({ service: "compute", what }, "unreadable", []);
  return parts;
}

const unreachable = (what: string): Error =>
  failed({
    service: "compute",
    cause: "zone-unreachable",
    lasts: "transient",
    explanation: { what, why: "a zone did not say what it has", next: again("compute") },
  });
