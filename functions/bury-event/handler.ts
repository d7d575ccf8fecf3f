// What Pub/Sub gives up on comes here and becomes a record that people can list, mend and replay. It takes any payload and
// never gives up itself: an event that cannot be kept goes back to Pub/Sub.
import type { Clock } from "../../shared/clock.ts";
import type { Explanation } from "../../shared/errors.ts";
import { explain } from "../../shared/explain.ts";
import { functions } from "../../shared/functions.ts";
import type { Ledger } from "../../shared/ledger.ts";
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
  const worker = (attributes[sourceSubscription] ?? "").split("/").at(-1) ?? "";
  const attempts = Number(attributes[deliveryCount] ?? 0);
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

const topicOf = (worker: string): string =>
  Object.entries(functions).flatMap(([name, row]) =>
    name === worker && "hears" in row ? [row.hears] : [],
  )[0] ?? "unknown";

/** How many failed runs are read in search of the last word on an event. */
const maximumReads = 20;

/** Why the last attempt failed. A dead letter has an id of its own, so the run is found by function, attempt and payload. */
async function lastReason(
  ledger: Ledger,
  dead: { worker: string; attempts: number; payload: unknown; since: string | undefined; now: Date },
): Promise<Explanation> {
  const since = new Date(dead.since ?? dead.now);
  const from = Number.isNaN(since.getTime()) ? dead.now : since;
  const entries = await ledger.list("runs/", { from: `runs/${from.toISOString().slice(0, 10)}` });
  const failed = entries.filter(
    ({ metadata: { flow, outcome, attempt } }) =>
      flow === dead.worker && outcome === "failed" && Number(attempt) >= dead.attempts,
  );
  for (const { name } of failed.reverse().slice(0, maximumReads)) {
    const run = await ledger.read(name, Run);
    if (run?.value.error !== undefined && JSON.stringify(run.value.payload) === JSON.stringify(dead.payload))
      return run.value.error;
  }
  return {
    what: `${dead.worker || "a worker"} did not finish this event`,
    why: `${dead.attempts} attempts failed and left no record of the reason`,
    next: "look at the function's log, mend the cause, then replay it",
  };
}
