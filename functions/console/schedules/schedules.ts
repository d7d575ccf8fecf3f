// The schedules with what is known of their last time: on a sample hub the tick itself, everywhere the newest run.
import * as z from "zod";
import { dayOf } from "../../../shared/clock.ts";
import type { RunLine, ScheduleLine } from "../../../shared/control.ts";
import type { ConsoleContext } from "../context.ts";
import { scheduleLines } from "../start/flows.ts";

/** Days back over which the newest run of an event is looked for. */
const daysBack = 3;

export async function scheduleStore(context: ConsoleContext): Promise<ScheduleLine[]> {
  const [fired, runs] = await Promise.all([firedTicks(context), newestRuns(context)]);
  return scheduleLines(context.settings, context.now()).map((line) => {
    const lastFired = fired.get(line.schedule);
    const lastRun = runs.get(line.publishes);
    return {
      ...line,
      ...(lastFired === undefined ? {} : { lastFired }),
      ...(lastRun === undefined ? {} : { lastRun }),
    };
  });
}

async function newestRuns({ runs, now }: ConsoleContext): Promise<Map<string, RunLine>> {
  const newest = new Map<string, RunLine>();
  for (let back = 0; back < daysBack; back += 1)
    for (const line of await runs.day(dayOf(now(), -back)))
      if (!newest.has(line.event)) newest.set(line.event, line);
  return newest;
}

const Ticks = z.object({
  schedules: z.array(z.object({ schedule: z.string().optional(), last: z.string().optional() })),
});

/** The latest of a schedule's jobs, which are one a hub. */
async function firedTicks({ world }: ConsoleContext): Promise<Map<string, string>> {
  const answer = await world?.({ method: "GET", path: "/" });
  const ticks = Ticks.safeParse(answer?.ok === true ? await answer.json() : undefined);
  const latest = new Map<string, string>();
  for (const { schedule, last } of ticks.data?.schedules ?? [])
    if (schedule !== undefined && last !== undefined && last > (latest.get(schedule) ?? ""))
      latest.set(schedule, last);
  return latest;
}
