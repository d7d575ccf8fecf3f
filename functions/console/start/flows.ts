// The flows as a person sees them: how each is set, when it ran, when it runs next; and starting one now.
import { Cron } from "croner";
import type * as z from "zod";
import { type Clock, dayOf } from "../../../shared/clock.ts";
import type { FlowCard, RunLine, requests, ScheduleLine } from "../../../shared/control.ts";
import type { EventName } from "../../../shared/events.ts";
import { flowNames, rowOf } from "../../../shared/functions.ts";
import { runNow } from "../../../shared/run-now.ts";
import { type Schedule, scheduleNames, schedules } from "../../../shared/schedules.ts";
import { hubsOfSchedule, hubsServed, servesStack } from "../../../shared/serving.ts";
import type { Settings } from "../../../shared/settings.ts";
import { checkEvent, type Publish } from "../events/send.ts";
import { isOff, type Refusal, refuse } from "../http/refusal.ts";
import type { RunIndex } from "../runs/index-of-days.ts";

export type FlowDeps = { settings: Settings; now: Clock; runs: RunIndex; publish: Publish };

/** Days back over which a card looks for its last run: a heartbeat leaves several a day. */
const daysBack = 3;

export async function flowCards({ settings, now, runs }: Omit<FlowDeps, "publish">): Promise<FlowCard[]> {
  const last = new Map<string, RunLine>();
  for (let back = 0; back < daysBack && last.size < flowNames.length; back += 1)
    for (const line of await runs.day(dayOf(now(), -back)))
      if (!last.has(line.flow)) last.set(line.flow, line);
  return flowNames.map((flow) => {
    const { hears, impact } = rowOf(flow);
    const lastRun = last.get(flow);
    const nextRun = scheduleLines(settings, now())
      .filter((line) => line.publishes === hears && line.next !== undefined)
      .map(({ next }) => next)
      .sort()[0];
    return {
      flow,
      mode: settings.flows[flow],
      impact,
      ...(lastRun === undefined ? {} : { lastRun }),
      ...(nextRun === undefined ? {} : { nextRun }),
    };
  });
}

export function scheduleLines(settings: Settings, now: Date): ScheduleLine[] {
  return scheduleNames.map((name) => {
    const { cron, each, flow, publishes, what }: Schedule = schedules[name];
    const next =
      hubsOfSchedule(name, settings).length === 0
        ? undefined
        : new Cron(cron, { timezone: "Etc/UTC", paused: true }).nextRun(now)?.toISOString();
    return {
      schedule: name,
      what,
      publishes,
      cron,
      each,
      ...(flow === undefined ? {} : { flow }),
      ...(next === undefined ? {} : { next }),
    };
  });
}

/** Publishes now what a schedule publishes on time: for each hub that it serves. */
export async function runSchedule(
  schedule: string,
  { settings, publish }: Pick<FlowDeps, "settings" | "publish">,
): Promise<{ hub: string; messageId: string }[] | Refusal> {
  const name = scheduleNames.find((each) => each === schedule);
  if (name === undefined)
    return refuse(
      404,
      "nothing was started",
      "there is no such schedule",
      `name one of ${scheduleNames.join(", ")}`,
    );
  const { publishes, payload, flow }: Schedule = schedules[name];
  if (flow !== undefined && settings.flows[flow] === "off")
    return isOff({ what: "nothing was started", flow });
  return publishFor(hubsOfSchedule(name, settings), publishes, payload, { settings, publish });
}

/** Publishes the flow's own event: for one hub, or for each that has it. */
export async function runFlow(
  flow: string,
  request: z.infer<typeof requests.runFlow>,
  { settings, publish }: Pick<FlowDeps, "settings" | "publish">,
): Promise<{ hub: string; messageId: string }[] | Refusal> {
  const name = flowNames.find((each) => each === flow);
  if (name === undefined)
    return refuse(404, "nothing was started", "there is no such flow", `name one of ${flowNames.join(", ")}`);
  if (request.adopt === true && name !== "sync-members")
    return refuse(400, "nothing was started", `${flow} has nobody to adopt`, "leave adopt out");
  if (request.plan !== undefined && name !== "sync-members")
    return refuse(400, "nothing was started", `${flow} takes no plan by its hash`, "leave plan out");
  if (settings.flows[name] === "off") return isOff({ what: "nothing was started", flow: name });
  if (request.plan !== undefined && settings.flows[name] === "plan")
    return refuse(
      409,
      "nothing was started",
      `${flow} only plans, and may change nothing`,
      `set flows.${flow} to apply and ask again: a plan that is another one by then is refused`,
    );
  const hubs = request.hub === undefined || servesStack(name) ? hubsServed(settings, name) : [request.hub];
  if (hubs.length === 0)
    return refuse(
      409,
      "nothing was started",
      `no hub has what ${flow} works by`,
      "write its section under a hub in groundcrew.yaml",
    );
  const { dryRun, adopt, plan } = request;
  const asked = {
    ...(dryRun === true ? { dryRun } : {}),
    ...(adopt === true ? { adopt } : {}),
    ...(plan === undefined ? {} : { plan }),
  };
  const { topic } = runNow(name, "");
  const payload = (hub: string) => ({ ...runNow(name, hub).payload, ...asked });
  return publishFor(hubs, topic, payload, { settings, publish });
}

/** Publishes an event for each hub. */
async function publishFor(
  hubs: readonly string[],
  topic: EventName,
  payload: (hub: string) => unknown,
  { settings, publish }: Pick<FlowDeps, "settings" | "publish">,
): Promise<{ hub: string; messageId: string }[] | Refusal> {
  const messages: { hub: string; messageId: string }[] = [];
  for (const hub of hubs) {
    const check = checkEvent(topic, payload(hub), settings);
    if ("refused" in check) return check;
    messages.push({ hub, messageId: await publish(check.topic, check.event) });
  }
  return messages;
}
