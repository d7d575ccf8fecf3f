// What of the tables a stack has: what a flow that is off would need is not there at all. Pulumi and the sample hub's
// schedules ask here.
import { deadLetterTopic, type EventName, eventNames } from "./events.ts";
import {
  type FlowName,
  type FunctionName,
  functionNames,
  notifications,
  rowOf,
  type ScheduleName,
  type SecretName,
  scheduleNames,
  schedules,
} from "./functions.ts";
import type { Settings } from "./settings.ts";

/** Whether a flow's things are there; what belongs to no flow always is. */
export const isOn = (settings: Settings, flow: FlowName | undefined): boolean =>
  flow === undefined || settings.flows[flow] !== "off";

export type Job = {
  name: string;
  schedule: ScheduleName;
  cron: string;
  topic: EventName;
  payload: Record<string, unknown>;
};

/** The jobs of a schedule: one a hub, or one for all. */
export function jobsOf(name: ScheduleName, settings: Settings): Job[] {
  const { publishes: topic, each, payload, ...schedule } = schedules[name];
  if (!isOn(settings, "flow" in schedule ? schedule.flow : undefined)) return [];
  return (each === "hub" ? Object.keys(settings.hubs) : [""]).map((hub) => ({
    name: hub === "" ? name : `${name}-${hub}`,
    schedule: name,
    cron: schedule.cron,
    topic,
    payload: payload(hub),
  }));
}

export type Topic = EventName | typeof deadLetterTopic;

const everyTopic: readonly Topic[] = [...eventNames, deadLetterTopic];

export type Deployed = {
  functions: FunctionName[];
  /** Those that a function hears: what nobody hears would be lost. */
  topics: Topic[];
  secrets: SecretName[];
  jobs: Job[];
  notifications: { id: string; prefix: string; on: "OBJECT_FINALIZE"; publishes: EventName }[];
  /** Whether machines are made. */
  machines: boolean;
  /** The Google-shaped buckets that transfers go between. */
  remoteBuckets: string[];
};

export function deployedBy(settings: Settings): Deployed {
  const names = functionNames.filter((name) => isOn(settings, rowOf(name).flow));
  const rows = names.map(rowOf);
  const heard = new Set(rows.map(({ hears }) => hears));
  const machines = rows.some((row) => row.machines?.includes("make"));
  const remotes = Object.values(settings.hubs).flatMap((hub) => Object.values(hub.transfers?.remotes ?? {}));
  return {
    functions: names,
    topics: everyTopic.filter((topic) => heard.has(topic)),
    secrets: [...new Set(rows.flatMap(({ secrets }) => secrets))].sort(),
    jobs: scheduleNames.flatMap((name) => jobsOf(name, settings)),
    notifications: Object.entries(notifications)
      .filter(([, { publishes }]) => heard.has(publishes))
      .map(([id, notification]) => ({ id, ...notification })),
    machines,
    remoteBuckets: machines
      ? [...new Set(remotes.flatMap((remote) => (remote.kind === "gcs" ? [remote.bucket] : [])))].sort()
      : [],
  };
}
