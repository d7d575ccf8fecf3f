// One row a schedule: what is published when, for a flow to look again though nobody said that anything changed. Pulumi, the
// sample hub and the console read it here.
import { keysOf } from "./closed.ts";
import type { EventName } from "./events.ts";
import type { FlowName } from "./functions.ts";

/** Schedule of what runs on time: a Cloud Scheduler job for each hub, or one for all, that publishes an event. */
export type Schedule = {
  publishes: EventName;
  /** unix-cron, in UTC. */
  cron: string;
  /** Minutes between two looks: what the cron says, for whoever counts. */
  everyMinutes: number;
  each: "hub" | "stack";
  /** The event it publishes; `hub` is empty where it serves the whole stack. */
  payload: (hub: string) => Record<string, unknown>;
  flow?: FlowName;
  what: string;
};

export const schedules = {
  heartbeat: {
    publishes: "sheet-changed",
    cron: "*/15 * * * *",
    everyMinutes: 15,
    each: "hub",
    payload: (hub) => ({ v: 1, hub, why: "schedule" }),
    flow: "sync-members",
    what: "compares sheet and teams though nobody said that anything changed",
  },
  "release-poll": {
    publishes: "release-published",
    cron: "17 * * * *",
    everyMinutes: 60,
    each: "hub",
    payload: (hub) => ({ v: 1, hub, why: "schedule" }),
    flow: "bump-image",
    what: "looks for a newer release of the images though GitHub said nothing",
  },
  "watch-renewal": {
    publishes: "watch-due",
    cron: "0 */12 * * *",
    everyMinutes: 720,
    each: "hub",
    payload: (hub) => ({ v: 1, hub }),
    flow: "sync-members",
    what: "opens a new push channel for the sheet; Drive lets one live for a day at most",
  },
  "quota-scan": {
    publishes: "quota-scan-due",
    cron: "0 6 * * *",
    everyMinutes: 1440,
    each: "hub",
    payload: (hub) => ({ v: 1, hub, why: "schedule" }),
    flow: "scan-quotas",
    what: "looks at the homes and at the room that is left",
  },
  "machine-sweep": {
    publishes: "sweep-due",
    cron: "*/10 * * * *",
    everyMinutes: 10,
    each: "stack",
    payload: () => ({ v: 1 }),
    flow: "run-transfer",
    what: "deletes machines of transfers that have ended or that nobody knows",
  },
  "transfer-look": {
    publishes: "transfer-request",
    cron: "*/15 * * * *",
    everyMinutes: 15,
    each: "hub",
    payload: (hub) => ({ v: 1, hub, why: "schedule" }),
    flow: "run-transfer",
    what: "looks how each open transfer stands though nobody said that anything changed",
  },
  "transfer-check": {
    publishes: "transfer-check-due",
    cron: "30 5 * * *",
    everyMinutes: 1440,
    each: "hub",
    payload: (hub) => ({ v: 1, hub }),
    flow: "run-transfer",
    what: "looks whether a transfer could run: remotes, keys, network, quotas, what machines left behind",
  },
  "consent-probe": {
    publishes: "consent-due",
    cron: "0 5 * * *",
    everyMinutes: 1440,
    each: "stack",
    payload: () => ({ v: 1 }),
    what: "asks whether Google still signs the mail account in",
  },
  tick: {
    publishes: "continue-due",
    cron: "* * * * *",
    everyMinutes: 1,
    each: "stack",
    payload: () => ({ v: 1 }),
    what: "goes on with work that asked to wait",
  },
} as const satisfies Record<string, Schedule>;

export type ScheduleName = keyof typeof schedules;
export const scheduleNames = keysOf(schedules);

/** The minutes between two looks that an event asks for by the clock; undefined where none does. */
export const periodOf = (topic: string | undefined): number | undefined =>
  Object.values(schedules).find(({ publishes }) => publishes === topic)?.everyMinutes;
