// Hubs that a flow serves, and hubs for which a schedule has a job: the tables meet the settings here. A flow that is off, or has
// no section, has none. Errors of workers about a hub that is not there.
import { Permanent } from "./errors.ts";
import type { FlowName } from "./functions.ts";
import { type Schedule, type ScheduleName, schedules } from "./schedules.ts";
import type { Hub, Settings } from "./settings.ts";

/** The section of a hub that each flow works by. "stack": it serves all hubs as one, and needs no section. */
const worksBy: Record<FlowName, keyof Hub | "stack"> = {
  "sync-members": "members",
  "scan-quotas": "quota",
  "bump-image": "images",
  "run-transfer": "transfers",
};

/** Gives the section of a hub that a flow works by; undefined where the hub has none, or the flow serves the whole stack. */
export function sectionOf(hub: Hub | undefined, flow: FlowName): Hub[keyof Hub] {
  const section = worksBy[flow];
  return section === "stack" ? undefined : hub?.[section];
}

/**
 * Lists the hubs that a flow serves, by name: those that have its section, or one empty name where it serves the whole stack. A
 * flow that is off serves none.
 */
export function hubsServed({ flows, hubs }: Settings, flow: FlowName): string[] {
  const section = worksBy[flow];
  if (flows[flow] === "off") return [];
  if (section === "stack") return [""];
  return Object.entries(hubs).flatMap(([name, hub]) => (hub[section] === undefined ? [] : [name]));
}

/** Tells whether a flow serves the stack as a whole: its event names no hub. */
export const servesStack = (flow: FlowName): boolean => worksBy[flow] === "stack";

/** A schedule's jobs: a hub's name for each, or one empty name where it serves the whole stack. */
export function hubsOfSchedule(name: ScheduleName, settings: Settings): string[] {
  const { each, flow }: Schedule = schedules[name];
  const hubs = flow === undefined ? Object.keys(settings.hubs) : hubsServed(settings, flow);
  if (each === "stack") return hubs.length > 0 ? [""] : [];
  return hubs.includes("") ? Object.keys(settings.hubs) : hubs;
}

/**
 * Gives the error that a worker throws at an event of a hub that the settings do not have, or that lacks the `section` it cannot
 * do without. `what` was to be done.
 */
export const noSuchHub = (what: string, section?: keyof Hub): Permanent =>
  new Permanent({
    what,
    why: `the settings know no such hub${section === undefined ? "" : `, or it has no ${section} section`}`,
    next: "add it to groundcrew.yaml, or drop the event",
  });
