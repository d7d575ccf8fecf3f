// Settles an event whose delivery failed. Pub/Sub tries it again, or it is published again before its attempts are used up. Else
// it is left to wait for a service, or kept as undelivered and told.
import { createHash } from "node:crypto";
import { type Explanation, isPermanent } from "../errors.ts";
import type { EventName, EventOf } from "../events.ts";
import { type Failure, failureIn, type Service, services } from "../failure.ts";
import { continueAt } from "../flow/continue.ts";
import { explain } from "./explain.ts";
import { isHint } from "./hints.ts";
import { meet } from "./incidents.ts";
import { everyHub, isKept, waitFor, waitingTitle } from "./not-before.ts";
import { noteLasting } from "./note-lasting.ts";
import { carriedOn, type Passage } from "./passage.ts";
import type { ReceiveDeps, Received } from "./receive.ts";
import type { Delivery, OpenRun } from "./recorder.ts";
import { hoursOf, verdictOn } from "./time-budget.ts";
import { recordUndelivered, waitsForPerson } from "./undelivered.ts";

export type Failed<N extends EventName> = {
  topic: N;
  /** Missing where it could not be understood. */
  event: EventOf<N> | undefined;
  delivery: Delivery;
  passage: Passage;
  needs: readonly Service[];
  run: OpenRun;
  deps: ReceiveDeps;
};

const done: Received = { status: 204 };
const comesBack: Received = { status: 503 };

export async function settle<N extends EventName>(error: unknown, failed: Failed<N>): Promise<Received> {
  const { topic, event, delivery, passage, run, deps } = failed;
  const { messageId, attempt } = delivery;
  const failure = failureIn(error);
  const reason = explain(error, deps.name);
  const waits = failure?.waitSeconds !== undefined && isKept(failure.service);
  const verdict = verdictOn({
    topic,
    lasts: isPermanent(error) ? "lasting" : (failure?.lasts ?? "transient"),
    ageSeconds: Math.max(0, (deps.now().getTime() - passage.first.getTime()) / 1000),
    attempt: passage.attempt,
    waits,
  });
  const told = { messageId, attempt, what: reason.what, why: reason.why };
  const lasting = verdict === "lasting" || verdict === "too-old";
  deps.log(lasting ? "ERROR" : "WARNING", said[verdict], told);
  try {
    if (verdict === "wait" && failure !== undefined && event !== undefined) {
      await wait(failure, event, failed);
      return done;
    }
    if (verdict === "publish-again" && event !== undefined) {
      await deps.publish(topic, event, carriedOn(passage));
      // The copy is on its way: that this attempt leaves no record must not make another.
      await run.close({ error: reason }).catch(unstored);
      await stillFails().catch(unstored);
      return done;
    }
    await run.close({ error: reason });
    if (!lasting) {
      await stillFails();
      return comesBack;
    }
    await giveUp(failed, verdict === "too-old" ? tooOld(reason, failure, failed) : reason, failure);
    return done;
  } catch (problem) {
    unstored(problem);
    return comesBack;
  }

  /** Time may mend it: people are told when it has lasted. */
  function stillFails(): Promise<void> {
    const { hub, payload } = delivery;
    const trouble = { function: deps.name, hub, reason, failure, payload, needs: failed.needs };
    return meet({ ...trouble, kind: "failed", lasting: false }, deps);
  }

  function unstored(problem: unknown): void {
    deps.log("ERROR", "record not stored", { messageId, attempt, why: explain(problem, deps.name).why });
  }
}

const said = {
  lasting: "delivery refused for good",
  "too-old": "delivery given up",
  wait: "delivery waits",
  "publish-again": "delivery failed: published again",
  again: "delivery failed",
} as const;

/** Recorded first and told afterwards: who dies in between comes here again, and both are harmless twice. */
async function giveUp<N extends EventName>(
  { delivery, passage, needs, deps }: Failed<N>,
  reason: Explanation,
  failure: Failure | undefined,
): Promise<void> {
  const { messageId, attempt, event, hub, payload } = delivery;
  const trouble = { function: deps.name, hub, reason, failure, payload };
  const undeliverable = {
    ...trouble,
    messageId,
    attempts: attempt,
    event,
    first: passage.first,
    at: deps.now(),
    replayed: passage.replays !== undefined,
  };
  await recordUndelivered(deps.ledger, undeliverable);
  if (!(await noteLasting({ ...trouble, needs, waits: waitsForPerson(undeliverable) }, deps)))
    deps.log("ERROR", "a message about a failure failed: nobody is told", { messageId });
}

/** Of what time should have mended: for how long it was tried. */
function tooOld<N extends EventName>(
  { what, why }: Explanation,
  failure: Failure | undefined,
  { topic, delivery }: Failed<N>,
): Explanation {
  const days = hoursOf(topic) / 24;
  const status = failure === undefined ? undefined : services[failure.service].status;
  const look = status === undefined ? "mend the cause, of which its last run says more" : `see ${status}`;
  return {
    what,
    why: `${why}; it was tried for ${days === 1 ? "a day" : `${days} days`}, ${delivery.attempt} times`,
    next: `${look}; once it is well, send this again under Undelivered`,
  };
}

/** Hints of the same words wait as one; what carries something waits by itself. */
async function wait<N extends EventName>(
  { service, cause, waitSeconds = 0, explanation: reason }: Failure,
  event: EventOf<N>,
  { topic, delivery, passage, needs, run, deps }: Failed<N>,
): Promise<void> {
  const hub = delivery.hub ?? everyHub;
  const at = await waitFor(deps, { hub, service, cause, seconds: waitSeconds });
  const key = isHint(topic, event) ? `hint-${digestOf(event)}` : passage.id;
  await continueAt(deps.ledger, {
    function: deps.name,
    hub,
    at,
    topic,
    event,
    key,
    service,
    attributes: carriedOn(passage),
  });
  const seconds = (at.getTime() - deps.now().getTime()) / 1000;
  await run.close({ outcome: "blocked", title: waitingTitle(service, seconds) });
  const { payload } = delivery;
  // The service has one trouble, whatever it asked for first and whoever was not called since.
  const left = { service, cause: "left-alone", lasts: "transient", explanation: reason } as const;
  const trouble = { function: deps.name, hub, reason, failure: left, payload, needs };
  await meet({ ...trouble, kind: "blocked", lasting: false }, deps);
}

const digestOf = (event: object): string =>
  createHash("sha256").update(JSON.stringify(event)).digest("hex").slice(0, 12);
