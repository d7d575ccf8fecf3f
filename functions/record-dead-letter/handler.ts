// Records each event that Pub/Sub gives up on, for people to list, mend and replay. Its worker never got to end such an event:
// the platform refused it, or it was cut off, each time. It takes any payload and never gives up itself: an event that
// cannot be kept goes back to Pub/Sub.
import * as z from "zod";
import type { Publish } from "../../shared/bus/publish.ts";
import { type Clock, dayOf } from "../../shared/clock.ts";
import { explain } from "../../shared/delivery/explain.ts";
import { noteLasting } from "../../shared/delivery/note-lasting.ts";
import { type Passage, passageOf } from "../../shared/delivery/passage.ts";
import { openPush, payloadOf, type Received } from "../../shared/delivery/receive.ts";
import { hubIn, recordUndelivered, waitsForPerson } from "../../shared/delivery/undelivered.ts";
import { type Explanation, isPermanent } from "../../shared/errors.ts";
import { functions } from "../../shared/functions.ts";
import type { Entry, Ledger } from "../../shared/ledger.ts";
import type { Log } from "../../shared/log.ts";
import { Run } from "../../shared/records.ts";

/** https://cloud.google.com/pubsub/docs/dead-letter-topics#how_dead_letter_topics_work */
const sourceSubscription = "CloudPubSubDeadLetterSourceSubscription";
const deliveryCount = "CloudPubSubDeadLetterSourceDeliveryCount";
const sourceTime = "CloudPubSubDeadLetterSourceTopicPublishTime";

export type RecordDeps = {
  ledger: Ledger;
  now: Clock;
  log: Log;
  publish: Publish;
  verify: (authorization: string | undefined) => Promise<boolean>;
};

export async function recordDeadLetter(
  request: { authorization: string | undefined; raw: Buffer },
  deps: RecordDeps,
): Promise<Received> {
  const push = await openPush(request, deps);
  if ("status" in push) return push;
  const { attributes, data } = push.message;
  const worker = workerOf(attributes[sourceSubscription]);
  const payload = payloadOf(data);
  const hub = hubIn(payload);
  // A dead letter was published when its worker's message was given up: that message's own time is in an attribute.
  const publishTime = attributes[sourceTime] ?? push.message.publishTime;
  const passage = passageOf(
    { ...push.message, publishTime },
    Count.parse(attributes[deliveryCount]),
    deps.now(),
  );
  const { id: messageId, first } = passage;
  const attempts = passage.before + passage.attempt;
  try {
    const reason = await lastReason(deps.ledger, { worker, passage, payload });
    // The reason is found, or not: the cause is the same, should this come twice.
    const trouble = { function: worker, hub, reason, payload, cause: "unfinished" };
    const undeliverable = {
      ...trouble,
      messageId,
      attempts,
      event: topicOf(worker),
      first,
      at: deps.now(),
      replayed: passage.replays !== undefined,
    };
    await recordUndelivered(deps.ledger, undeliverable);
    await noteLasting({ ...trouble, waits: waitsForPerson(undeliverable) }, deps);
    deps.log("ERROR", "event undelivered", { messageId, worker, attempts });
    return { status: 204 };
  } catch (error) {
    deps.log("ERROR", "undelivered event not stored", { why: explain(error, "record-dead-letter").why });
    return { status: 503 };
  }
}

const Count = z.coerce.number().int().min(0).catch(0);

/** A subscription is called as its function. */
const workerOf = (subscription = ""): string => {
  const name = subscription.split("/").at(-1) ?? "";
  return Object.hasOwn(functions, name) ? name : "unknown";
};

const topicOf = (worker: string): string =>
  Object.entries(functions).flatMap(([name, row]) =>
    name === worker && "hears" in row ? [row.hears] : [],
  )[0] ?? "unknown";

/** Number of failed runs that are read in search of the last word on an event. */
const maximumReads = 20;

/** Tells why the last attempt failed. A dead letter has an id of its own, so the run is found by function and payload. */
async function lastReason(
  ledger: Ledger,
  dead: { worker: string; passage: Passage; payload: unknown },
): Promise<Explanation> {
  const { first, before, attempt } = dead.passage;
  const entries = await ledger.list("runs/", { from: `runs/${dayOf(first)}` });
  const failed = entries.filter(
    ({ metadata: { flow, outcome, startedAt = "" } }) =>
      flow === dead.worker && outcome === "failed" && startedAt >= first.toISOString(),
  );
  // The last attempt speaks first; where it left no word, because it was cut off, the one before does.
  const attemptOf = (entry: Entry): number => Number(entry.metadata["attempt"]);
  failed.reverse().sort((a, b) => attemptOf(b) - attemptOf(a));
  for (const { name } of failed.slice(0, maximumReads)) {
    const run = await readable(ledger, name);
    if (run?.error !== undefined && JSON.stringify(run.payload) === JSON.stringify(dead.payload))
      return { ...run.error, next: "mend the cause, of which its last run says more; then replay it" };
  }
  return {
    what: `${dead.worker === "unknown" ? "a worker" : dead.worker} did not finish this event`,
    why: `${before + attempt} attempts since ${timeOf(first)} were refused by the platform, or cut off, before they could say why`,
    next: "look at the function's log and at its number of instances, mend the cause, then replay it",
  };
}

const timeOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** A damaged record of a run hides a reason; it must not stop the event from being kept. */
async function readable(ledger: Ledger, name: string): Promise<Run | undefined> {
  try {
    return (await ledger.read(name, Run))?.value;
  } catch (error) {
    if (isPermanent(error)) return undefined;
    throw error;
  }
}
