// Finding runs, reading one, and all attempts of a message.
import { type Clock, dayOf } from "../../../shared/clock.ts";
import type { EventLine, RunLine } from "../../../shared/control.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { Run } from "../../../shared/records.ts";
import { type Refusal, refuse } from "../http/refusal.ts";
import { matches, type RunFilter, type RunIndex } from "./index-of-days.ts";

export type RunReading = { ledger: Ledger; now: Clock; runs: RunIndex };

/** Days that a question without a day looks back. */
const daysBack = 7;

/** The newest runs that match, today's first; `before` is the id of the last one already seen. */
export async function findRuns(
  reading: RunReading,
  filter: RunFilter & { day?: string; before?: string; limit: number },
): Promise<{ runs: RunLine[]; next?: string }> {
  const found: RunLine[] = [];
  const days =
    filter.day === undefined
      ? Array.from({ length: daysBack }, (_, back) => dayOf(reading.now(), -back))
      : [filter.day];
  for (const day of days) {
    if (filter.before !== undefined && day > filter.before.slice(0, 10)) continue;
    for (const line of await reading.runs.day(day)) {
      if (filter.before !== undefined && line.id >= filter.before) continue;
      if (matches(line, filter)) found.push(line);
      if (found.length > filter.limit) break;
    }
    if (found.length > filter.limit) break;
  }
  const runs = found.slice(0, filter.limit);
  const last = runs.at(-1);
  return found.length > filter.limit && last !== undefined ? { runs, next: last.id } : { runs };
}

export async function readRun(reading: RunReading, id: string): Promise<Run | Refusal> {
  const found = /^\d{4}-\d\d-\d\d\/[\w-]{1,150}$/.test(id)
    ? await reading.ledger.read(`runs/${id}.json`, Run)
    : undefined;
  return (
    found?.value ??
    refuse(
      404,
      "there is no such run",
      "no record has this id",
      "look it up in the list of runs: its id begins with its day",
    )
  );
}

/** Days that a message is tried for at most, which is how far its first attempt and its last can be apart. */
const daysTried = 3;

/** Days in which attempts of a message are looked for: those about one of them, or, of one that was just sent, the last two. */
export function daysOfMessage(now: Date, day?: string): string[] {
  const middle = day === undefined ? now : new Date(`${day}T12:00:00Z`);
  const [before, after] = day === undefined ? [1, 0] : [daysTried, daysTried];
  return Array.from({ length: before + after + 1 }, (_, at) => dayOf(middle, at - before)).filter(
    (each) => each <= dayOf(now),
  );
}

/** All attempts of a message, of every function that heard it, oldest first. */
export async function attemptsOf(reading: RunReading, messageId: string, day?: string): Promise<RunLine[]> {
  const days = daysOfMessage(reading.now(), day);
  const lines = await Promise.all(days.map((each) => reading.runs.day(each)));
  return lines
    .flat()
    .filter((line) => line.messageId === messageId)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Events, newest first, as their runs tell of them. */
export async function recentEvents(reading: RunReading, limit: number): Promise<EventLine[]> {
  const { runs } = await findRuns(reading, { limit: limit * 10 });
  const events = new Map<string, EventLine>();
  for (const line of runs) {
    const known = events.get(line.messageId);
    if (known === undefined)
      events.set(line.messageId, {
        messageId: line.messageId,
        topic: line.event,
        ...(line.hub === undefined ? {} : { hub: line.hub }),
        firstAt: line.startedAt,
        attempts: 1,
        outcome: line.outcome,
        title: line.title,
      });
    else {
      known.firstAt = line.startedAt;
      known.attempts += 1;
    }
  }
  return [...events.values()].slice(0, limit);
}
