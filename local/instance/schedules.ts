// Times when flows run: the schedules of shared/schedules.ts for the hubs of the settings, and what a person's press publishes.
import { jobsOf } from "../../shared/deployed.ts";
import { flowNames } from "../../shared/functions.ts";
import { runNow } from "../../shared/run-now.ts";
import { scheduleNames } from "../../shared/schedules.ts";
import { hubsServed } from "../../shared/serving.ts";
import type { Settings } from "../../shared/settings.ts";
import { schedulerFarEnd } from "../scheduler/far-end.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import type { State } from "../wire/state.ts";
import type { FarEnds } from "./far-ends.ts";

/** Lists the topic and the event that set each flow going once; a flow that is off has none. */
export function triggersOf(settings: Settings): [topic: string, payload: Record<string, unknown>][] {
  return flowNames.flatMap((flow) =>
    hubsServed(settings, flow).map((hub): [string, Record<string, unknown>] => {
      const { topic, payload } = runNow(flow, hub);
      return [topic, payload];
    }),
  );
}

/** At a start, as after a silence: look at everything once, and have Drive call where the door is now. */
export async function startFlows(settings: Settings, far: FarEnds): Promise<void> {
  for (const name of ["watch-renewal", "heartbeat", "quota-scan", "release-poll"] as const)
    for (const { topic, payload } of jobsOf(name, settings))
      await far.pubsub.publish(topic, JSON.stringify(payload));
}

/** Cloud Scheduler's jobs of the sample hub, from the table of schedules. */
export function startSchedules(
  settings: Settings,
  far: FarEnds,
  options: { clock: MovableClock; state: State; enabled: boolean },
) {
  if (!options.enabled) return { list: () => [], close: () => undefined };
  const jobs = scheduleNames.flatMap((name) => jobsOf(name, settings));
  const scheduler = schedulerFarEnd({
    ...options,
    jobs: jobs.map(({ name, cron, topic, payload }) => ({
      name,
      cron,
      fire: async () => void (await far.pubsub.publish(topic, JSON.stringify(payload))),
    })),
  });
  return {
    list: () =>
      jobs.map(({ name, schedule }) => {
        const last = scheduler.last(name)?.toISOString();
        const next = scheduler.next(name).toISOString();
        return { name, schedule, next, ...(last === undefined ? {} : { last }) };
      }),
    close: scheduler.close,
  };
}
