// Keeps an event that no attempt can finish where people can list, mend and replay it.
import { dayOf } from "../clock.ts";
import type { Explanation } from "../errors.ts";
import { type EventName, HubName, isEventName } from "../events.ts";
import { type Failure, slug } from "../failure.ts";
import { functionNames, rowOf } from "../functions.ts";
import type { Ledger } from "../ledger.ts";
import type { Undelivered } from "../records.ts";
import { isHint } from "./hints.ts";
import { everyHub } from "./not-before.ts";

export type Trouble = {
  function: string;
  hub?: string | undefined;
  reason: Explanation;
  /** Of the service that failed, where one did. */
  failure?: Failure | undefined;
  /** Names it where neither says it for good. */
  cause?: string;
};

export type Undeliverable = Trouble & {
  /** The first message's. */
  messageId: string;
  attempts: number;
  event: string;
  payload: unknown;
  /** Time at which it was first published. */
  first: Date;
  at: Date;
  /** A person has sent it again: it is shown, whatever failed the same day. */
  replayed?: boolean;
};

/** Names a trouble for good: the same one has the same cause, whatever was being done. At most 60 of a-z, 0-9 and -. */
export function causeOf({ cause, failure, reason }: Pick<Trouble, "cause" | "failure" | "reason">): string {
  if (cause !== undefined) return cause;
  // Numbers change between runs.
  const words =
    failure === undefined ? reason.what.replace(/\d+/g, " ") : `${failure.service} ${failure.cause}`;
  return slug(words) || "unknown";
}

/** Under which a function's troubles are counted: its flow's name, or its own. */
export function flowOf(worker: string): string {
  const name = functionNames.find((known) => known === worker);
  return name === undefined ? "unknown" : (rowOf(name).flow ?? name);
}

/** Stores it, unless it is there already. */
export async function recordUndelivered(ledger: Ledger, undeliverable: Undeliverable): Promise<void> {
  const { hub, event, payload, attempts, reason, first, at } = undeliverable;
  const id = idOf(undeliverable);
  const record: Undelivered = {
    v: 1,
    id,
    topic: event,
    function: undeliverable.function,
    ...(hub === undefined ? {} : { hub }),
    payload,
    attempts,
    reason,
    firstAt: first.toISOString(),
    at: at.toISOString(),
  };
  await ledger.create(`undelivered/${id}.json`, record, {
    ...(hub === undefined ? {} : { hub }),
    incident: `${flowOf(undeliverable.function)}/${causeOf(undeliverable)}`,
  });
}

/** Tells whether it is kept by itself until a person decides: it carries what no later look brings back, or a person sent it again. */
export const waitsForPerson = ({
  event,
  payload,
  replayed,
}: Pick<Undeliverable, "event" | "payload" | "replayed">): boolean =>
  !isEventName(event) || replayed === true || !isPlainHint(event, payload);

/** A flow that looks every quarter of an hour would leave a record each time: one a day says the same. */
function idOf(undeliverable: Undeliverable): string {
  const { messageId, hub = everyHub, at } = undeliverable;
  return waitsForPerson(undeliverable)
    ? messageId
    : `${undeliverable.function}.${hub}.${causeOf(undeliverable)}.${dayOf(at)}`;
}

const isPlainHint = (topic: EventName, payload: unknown): boolean =>
  typeof payload === "object" && payload !== null && isHint(topic, payload);

/** The hub that a payload names. */
export const hubIn = (payload: unknown): string | undefined =>
  typeof payload === "object" && payload !== null && "hub" in payload
    ? HubName.safeParse(payload.hub).data
    : undefined;
