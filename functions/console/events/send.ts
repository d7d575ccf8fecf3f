// Publishing an event that a person asked for: checked by its schema and the settings first, so that nonsense is refused
// where it is typed instead of failing in a worker.
import { type EventName, type EventOf, eventNames, events, isEventName } from "../../../shared/events.ts";
import { rowOf } from "../../../shared/functions.ts";
import type { Settings } from "../../../shared/settings.ts";
import { isRefusal, misfits, type Refusal, refuse } from "../http/refusal.ts";

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
  const result = events[topic].safeParse(payload);
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

/** Publishes what fits; gives the message's id. */
export async function send(
  topic: string,
  payload: unknown,
  { settings, publish }: { settings: Settings; publish: Publish },
): Promise<{ messageId: string } | Refusal> {
  const check = checkEvent(topic, payload, settings);
  return isRefusal(check) ? check : { messageId: await publish(check.topic, check.event) };
}
