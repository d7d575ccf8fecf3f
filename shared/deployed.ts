// Parts of the tables that a stack has. A flow that is off, or that serves no hub, leaves what it would need out of the stack.
// Pulumi and the sample hub's schedules ask here.
import { deadLetterTopic, type EventName, eventNames } from "./events.ts";
import { type FlowName, type FunctionName, functionNames, rowOf, type SecretName } from "./functions.ts";
import { notifications } from "./notifications.ts";
import { isInGoogle } from "./remotes/stores.ts";
import { type ScheduleName, scheduleNames, schedules } from "./schedules.ts";
import { hubsOfSchedule, hubsServed } from "./serving.ts";
import type { Remote, Settings } from "./settings.ts";

/** Tells whether a flow's things are there: it is on, and there is a hub that it serves. Things of no flow always are. */
const isThere = (settings: Settings, flow: FlowName | undefined): boolean =>
  flow === undefined || hubsServed(settings, flow).length > 0;

export type Job = {
  name: string;
  schedule: ScheduleName;
  cron: string;
  topic: EventName;
  payload: Record<string, unknown>;
};

/** The jobs of a schedule: one a hub, or one for all. */
export function jobsOf(name: ScheduleName, settings: Settings): Job[] {
  const { publishes: topic, payload, cron } = schedules[name];
  return hubsOfSchedule(name, settings).map((hub) => ({
    name: hub === "" ? name : `${name}-${hub}`,
    schedule: name,
    cron,
    topic,
    payload: payload(hub),
  }));
}

/** The secrets of a function: the channel's token is asked for only where the team is told in Slack. */
const secretsOf = (name: FunctionName, { team }: Settings): SecretName[] =>
  rowOf(name).secrets.filter((secret) => secret !== "slack-bot-token" || team.slack !== undefined);

export type Topic = EventName | typeof deadLetterTopic;

const everyTopic: readonly Topic[] = [...eventNames, deadLetterTopic];

export type Deployed = {
  functions: FunctionName[];
  /** Those that a function hears: what nobody hears would be lost. */
  topics: Topic[];
  secrets: SecretName[];
  jobs: Job[];
  notifications: { id: string; prefix: string; on: "OBJECT_FINALIZE"; publishes: EventName }[];
  /** Says whether machines are made. */
  machines: boolean;
  /** The buckets in Google Cloud that transfers go between. */
  remoteBuckets: string[];
  /** Those of them in which transfers may replace and delete objects. */
  replaceableBuckets: string[];
};

const bucketsOf = (remotes: readonly Remote[]): string[] =>
  [...new Set(remotes.filter(isInGoogle).map(({ bucket }) => bucket))].sort();

/** Which functions, topics, secrets, jobs and buckets a stack with these settings has. */
export function deployedBy(settings: Settings): Deployed {
  const names = functionNames.filter((name) => isThere(settings, rowOf(name).flow));
  const rows = names.map(rowOf);
  const heard = new Set(rows.map(({ hears }) => hears));
  const machines = rows.some((row) => row.machines?.includes("make"));
  const remotes = Object.values(settings.hubs).flatMap((hub) => Object.values(hub.transfers?.remotes ?? {}));
  return {
    functions: names,
    topics: everyTopic.filter((topic) => heard.has(topic)),
    secrets: [...new Set(names.flatMap((name) => secretsOf(name, settings)))].sort(),
    jobs: scheduleNames.flatMap((name) => jobsOf(name, settings)),
    notifications: Object.entries(notifications)
      .filter(([, { publishes }]) => heard.has(publishes))
      .map(([id, notification]) => ({ id, ...notification })),
    machines,
    remoteBuckets: bucketsOf(machines ? remotes : []),
    replaceableBuckets: bucketsOf(machines ? remotes.filter(({ replaceable }) => replaceable === true) : []),
  };
}
