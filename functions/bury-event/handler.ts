// What Pub/Sub gives up on comes here and becomes a record that people can list, mend and replay. It takes any payload and
// never gives up itself: an event that cannot be kept goes back to Pub/Sub.
import { z } from "zod";
import type { Clock } from "../../shared/clock.ts";
import { type Explanation, isPermanent } from "../../shared/errors.ts";
import { explain } from "../../shared/explain.ts";
import { functions } from "../../shared/functions.ts";
import type { Entry, Ledger } from "../../shared/ledger.ts";
import type { Log } from "../../shared/log.ts";
import { bury, openPush, payloadOf, type Received } from "../../shared/receive.ts";
import { Run } from "../../shared/records.ts";

/** https://cloud.google.com/pubsub/docs/dead-letter-topics#how_dead_letter_topics_work */
const sourceSubscription = "CloudPubSubDeadLetterSourceSubscription";
const deliveryCount = "CloudPubSubDeadLetterSourceDeliveryCount";
const publishTime = "CloudPubSubDeadLetterSourceTopicPublishTime";

export type BuryDeps = {
  ledger: Ledger;
  now: Clock;
  log: Log;
  verify: (authorization: string | undefined) => Promise<boolean>;
};

export async function buryEvent(
  request: { authorization: string | undefined; raw: Buffer },
  deps: BuryDeps,
): Promise<Received> {
  const push = await openPush(request, deps);
  if ("status" in push) return push;
  const { attributes, data } = push.message;
  const worker = workerOf(attributes[sourceSubscription]);
  const attempts = Count.parse(attributes[deliveryCount]);
  const { messageId } = push.message;
  const payload = payloadOf(data);
  const hub = typeof payload === "object" && payload !== null && "hub" in payload ? payload.hub : undefined;
  try {
    await bury(deps.ledger, {
      messageId,
      attempt: attempts,
      event: topicOf(worker),
      function: worker,
      ...(typeof hub === "string" && /^[a-z][a-z0-9-]{0,19}$/.test(hub) ? { hub } : {}),
      payload,
      reason: await lastReason(deps.ledger, {
        worker,
        attempts,
        payload,
        since: attributes[publishTime],
        now: deps.now(),
      }),
      at: deps.now(),
    });
    deps.log("ERROR", "event undelivered", { messageId, worker, attempts });
    return { status: 204 };
  } catch (error) {
    deps.log("ERROR", "undelivered event not stored", { why: explain(error, "bury-event").why });
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

/** How many failed runs are read in search of the last word on an event. */
const maximumReads = 20;

/** Why the last attempt failed. A dead letter has an id of its own, so the run is found by function and payload. */
async function lastReason(
  ledger: Ledger,
  dead: { worker: string; attempts: number; payload: unknown; since: string | undefined; now: Date },
): Promise<Explanation> {
  const since = new Date(dead.since ?? dead.now);
  const from = Number.isNaN(since.getTime()) ? dead.now : since;
  const entries = await ledger.list("runs/", { from: `runs/${from.toISOString().slice(0, 10)}` });
  const failed = entries.filter(
    ({ metadata: { flow, outcome, startedAt = "" } }) =>
      flow === dead.worker && outcome === "failed" && startedAt >= from.toISOString(),
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
    why: `${dead.attempts} attempts failed and left no record of the reason`,
    next: "look at the function's log, mend the cause, then replay it",
  };
}

/** A damaged record of a run hides a reason; it must not stop the event from being kept. */
async function readable(ledger: Ledger, name: string): Promise<Run | undefined> {
  try {
    return (await ledger.read(name, Run))?.value;
  } catch (error) {
    if (isPermanent(error)) return undefined;
    throw error;
  }
}
