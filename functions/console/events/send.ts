// Publishing an event that a person asked for: checked by its schema and the settings first, so that nonsense is refused
// where it is typed instead of failing in a worker.
import { type EventName, type EventOf, eventNames, events, isEventName } from "../../../shared/events.ts";
import { rowOf } from "../../../shared/functions.ts";
import { inWords } from "../../../shared/misfit.ts";
import type { Settings } from "../../../shared/settings.ts";
import { isRefusal, misfits, type Refusal, refuse } from "../http/refusal.ts";
import type { States } from "../states.ts";

export type Publish = <N extends EventName>(
  name: N,
  event: EventOf<N>,
  attributes?: Record<string, string>,
) => Promise<string>;

export type Checked = { topic: EventName; event: EventOf<EventName> };

/** The event, or which field is wrong and why. The answer never quotes a value: it may be somebody's address. */
export function checkEvent(topic: string, payload: unknown, settings: Settings): Checked | Refusal {
  const what = "the event was not sent";
  if (!isEventName(topic))
    return refuse(422, what, "topic: there is no such event", `name one of ${eventNames.join(", ")}`);
  if (!rowOf("console").publishes.includes(topic))
    return refuse(
      422,
      what,
      `topic: the console may not publish ${topic}`,
      "grant it in its row of shared/functions.ts",
    );
  const result = events[topic].safeParse(payload, inWords);
  if (!result.success)
    return refuse(
      422,
      what,
      misfits(result.error, "payload"),
      "mend the fields that are named and send it again",
    );
  const event = result.data;
  const hub = "hub" in event ? event.hub : undefined;
  if (typeof hub === "string" && !Object.hasOwn(settings.hubs, hub))
    return refuse(
      422,
      what,
      "payload.hub: the settings know no such hub",
      `name one of ${Object.keys(settings.hubs).join(", ")}`,
    );
  return { topic, event };
}

/**
 * Checks an event that a person has made or changed: as every event, and a message goes to no stranger, or whoever is let in here
 * could write to anybody in the team's name.
 * @param also addresses that the message had before it was changed.
 */
export async function checkMade(
  topic: string,
  payload: unknown,
  { settings, states }: { settings: Settings; states: States },
  also: readonly string[] = [],
): Promise<Checked | Refusal> {
  const check = checkEvent(topic, payload, settings);
  if (isRefusal(check) || check.topic !== "notice") return check;
  const { hub, to } = events.notice.parse(check.event);
  if (to === "team") return check;
  const state = (await states.all()).get(hub);
  const people =
    state === undefined || "unreadable" in state ? [] : [...state.people, ...Object.values(state.announce)];
  const known = new Set([...people.map(({ email }) => email), ...also].map(lower));
  if (to.mail.every((address) => known.has(lower(address)))) return check;
  return refuse(
    422,
    "the event was not sent",
    "payload.to: a message by hand goes to the team or to people of the hub's sheet, and an address in it is neither",
    'write "team", or put the person into the sheet first',
  );
}

const lower = (address: string): string => address.toLowerCase();

/** Publishes what a person has made, if it fits; gives the message's id. */
export async function sendMade(
  topic: string,
  payload: unknown,
  context: { settings: Settings; states: States; publish: Publish },
): Promise<{ messageId: string } | Refusal> {
  const check = await checkMade(topic, payload, context);
  return isRefusal(check) ? check : { messageId: await context.publish(check.topic, check.event) };
}

/** Publishes again what is recorded, if it fits; gives the message's id. */
export async function send(
  topic: string,
  payload: unknown,
  { settings, publish }: { settings: Settings; publish: Publish },
): Promise<{ messageId: string } | Refusal> {
  const check = checkEvent(topic, payload, settings);
  return isRefusal(check) ? check : { messageId: await publish(check.topic, check.event) };
}
