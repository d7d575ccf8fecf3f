// Events to try: for each topic that the console may publish, what its schedules and its Run now publish, and what only a
// person can make up. They come from the table of functions, so that a new flow brings its own.
import type { SampleEvent } from "../../../shared/control.ts";
import { type EventName, events } from "../../../shared/events.ts";
import { flowNames, functionNames, ledgerBucket, rowOf } from "../../../shared/functions.ts";
import { runNow } from "../../../shared/run-now.ts";
import { type Schedule, scheduleNames, schedules } from "../../../shared/schedules.ts";
import type { Settings } from "../../../shared/settings.ts";

/** Every topic that the console may publish, with at least one sample each, for one hub. */
export function sampleEvents(hub: string, settings: Settings, now: Date): SampleEvent[] {
  return rowOf("console").publishes.flatMap((topic) => {
    const made = [
      ...fromPeople(topic, hub),
      ...fromSchedules(topic, hub),
      ...madeUp(topic, hub, settings, now),
    ];
    const fitting = made.filter(({ payload }) => events[topic].safeParse(payload).success);
    return fitting.length > 0 ? fitting : [{ topic, name: "as bare as it can be", payload: { v: 1, hub } }];
  });
}

function fromPeople(topic: EventName, hub: string): SampleEvent[] {
  return flowNames
    .map((flow) => runNow(flow, hub))
    .filter((press) => press.topic === topic)
    .flatMap(({ payload }) => [
      { topic, name: "as Run now sends it", payload },
      { topic, name: "only a plan", payload: { ...payload, dryRun: true } },
    ]);
}

function fromSchedules(topic: EventName, hub: string): SampleEvent[] {
  return scheduleNames.flatMap((name) => {
    const { publishes, each, payload }: Schedule = schedules[name];
    return publishes === topic
      ? [{ topic, name: `as the schedule ${name} sends it`, payload: payload(each === "hub" ? hub : "") }]
      : [];
  });
}

/** Makes events that no schedule and no button sends. One that does not fit its event's schema is left out. */
function madeUp(topic: EventName, hub: string, settings: Settings, now: Date): SampleEvent[] {
  const made: Record<string, Omit<SampleEvent, "topic">> = {
    "sheet-changed": {
      name: "as an edit in the sheet sends it",
      payload: { v: 1, hub, why: "edit" },
    },
    notice: {
      name: "a message to the team",
      payload: {
        v: 1,
        hub,
        // A key is attempted once, ever: the time makes it a new one.
        key: `console/try/${now.toISOString().slice(0, 19).toLowerCase()}`,
        to: "team",
        subject: "A message to try",
        text: `Somebody on ${settings.name} pressed Send to see whether messages arrive. Nothing has to be done.\n`,
      },
    },
  };
  const sample = Object.hasOwn(made, topic) ? made[topic] : undefined;
  return sample === undefined ? arrived(topic, settings) : [{ topic, ...sample }];
}

/** Cloud Storage's own message about a new object, for the topics that hear of one. */
function arrived(topic: EventName, { project }: Settings): SampleEvent[] {
  const payload = { kind: "storage#object", bucket: ledgerBucket(project), name: "reports/nothing.json" };
  return [{ topic, name: "as a bucket sends it", payload }];
}

/** Gives what brings back an event that was lost before it was published: the schedules that publish the same. */
export function healers(topic: EventName, settings: Settings): Schedule[] {
  return scheduleNames
    .map((name): Schedule => schedules[name])
    .filter(
      ({ publishes, flow }) => publishes === topic && (flow === undefined || settings.flows[flow] !== "off"),
    );
}

/** Names the functions that hear a topic. */
export const hearersOf = (topic: string): string[] =>
  functionNames.filter((name) => rowOf(name).hears === topic);
