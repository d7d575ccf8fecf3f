// Pub/Sub push -> event -> handler -> acknowledge or try again. The one place that decides which, and the only catch: a return
// acknowledges; what time cannot mend, or has not, is kept as undelivered, told and acknowledged; what a service asks to wait
// for goes on then; anything else comes back later.
import { isUtf8 } from "node:buffer";
import * as z from "zod";
import type { Publish } from "../bus/publish.ts";
import type { Clock } from "../clock.ts";
import { isPermanent, Permanent } from "../errors.ts";
import { type EventName, type EventOf, events } from "../events.ts";
import type { Service } from "../failure.ts";
import type { IncidentDeps } from "../flow/incident-stage.ts";
import { type FunctionName, pushBytes } from "../functions.ts";
import { jsonOf } from "../json.ts";
import type { Ledger } from "../ledger.ts";
import type { Log } from "../log.ts";
import { explain } from "./explain.ts";
import { concluded, type Ended } from "./incidents.ts";
import { everyHub, heed } from "./not-before.ts";
import { handling, MessageId, type Passage, passageOf } from "./passage.ts";
import { openRun, type Recorder, type Result } from "./recorder.ts";
import { settle } from "./settle.ts";
import { hubIn } from "./undelivered.ts";

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const Push = z.object({
  message: z.object({
    messageId: MessageId,
    data: z.string().default(""),
    attributes: z.record(z.string(), z.string()).default({}),
    publishTime: z.string().optional(),
  }),
  subscription: z.string(),
  deliveryAttempt: z.number().int().min(1).default(1),
});
export type PushedMessage = z.infer<typeof Push>;

export type Received = { status: 204 | 400 | 401 | 413 | 503; body?: string };

export type ReceiveDeps = {
  name: FunctionName;
  ledger: Ledger;
  now: Clock;
  log: Log;
  publish: Publish;
  /** Incidents that stand, as this process remembers them. */
  knownIncidents: IncidentDeps["knownIncidents"];
  /** Tells whether the bearer token is Pub/Sub's own, made for this function. */
  verify: (authorization: string | undefined) => Promise<boolean>;
};

export type Handle<N extends EventName> = (
  event: EventOf<N>,
  run: Recorder,
  /** The id is the event's own: that of the first message, should this be a copy, and `first` is when that was published. */
  delivery: { messageId: string; attempt: number; first: Date },
) => Promise<Result>;

/** The services that an event needs: while one of them asks to be left alone, its handler is not called. */
export type Needs<N extends EventName> = (event: EventOf<N>) => readonly Service[];

/** Takes one push. `raw` is parsed only after the token was verified. */
export async function receive<N extends EventName>(
  topic: N,
  request: { authorization: string | undefined; raw: Buffer },
  handle: Handle<N>,
  deps: ReceiveDeps & { needs?: Needs<N> },
): Promise<Received> {
  const push = await openPush(request, deps);
  if ("status" in push) return push;
  const payload = payloadOf(push.message.data);
  const passage = passageOf(push.message, push.deliveryAttempt, deps.now());
  return handling(passage, () => deliver(topic, { payload, passage }, handle, deps));
}

async function deliver<N extends EventName>(
  topic: N,
  { payload, passage }: { payload: unknown; passage: Passage },
  handle: Handle<N>,
  deps: ReceiveDeps & { needs?: Needs<N> },
): Promise<Received> {
  const hub = hubIn(payload);
  const known = { messageId: passage.id, attempt: passage.before + passage.attempt };
  const delivery = { ...known, event: topic, payload, ...(hub === undefined ? {} : { hub }) };
  const run = openRun(deps.name, delivery, deps);
  let event: EventOf<N> | undefined;
  let needs: readonly Service[] = [];
  const began = deps.now();
  try {
    event = parseEvent(topic, payload);
    needs = deps.needs?.(event) ?? [];
    await heed(deps, { hub: hub ?? everyHub, needs });
    const result = await handle(event, run, { ...known, first: passage.first });
    await run.close(result);
    await conclude(result, { topic, event, hub, needs, began, attempt: known.attempt });
    deps.log("INFO", "delivery done", { ...known, outcome: result.outcome });
    return { status: 204 };
  } catch (error) {
    return settle(error, { topic, event, delivery, passage, needs, run, deps });
  }

  /**
   * A trouble that cannot be written down brings the delivery back. That all is well, the next good run says again; for an event that has
   * failed before there may be none for long.
   */
  async function conclude(result: Result, ended: Ended): Promise<void> {
    try {
      await concluded(result, ended, deps);
    } catch (error) {
      if (result.outcome === "blocked" || result.outcome === "held") throw error;
      if (known.attempt > 1 && !isPermanent(error)) throw error;
      deps.log("WARNING", "incidents not looked at", { ...known, why: explain(error, deps.name).why });
    }
  }
}

/** Verifies and opens the envelope. What is not a push at all is answered, not kept: nobody but Pub/Sub gets this far. */
export async function openPush(
  request: { authorization: string | undefined; raw: Buffer },
  deps: Pick<ReceiveDeps, "verify" | "log">,
): Promise<PushedMessage | Received> {
  const verified = await deps.verify(request.authorization).catch(() => undefined);
  if (verified === undefined) {
    deps.log("WARNING", "push not verified: Google's certificates could not be had");
    return { status: 503 };
  }
  if (!verified) {
    deps.log("WARNING", "push refused: its token is not Pub/Sub's for this function");
    return { status: 401, body: "unauthenticated" };
  }
  if (request.raw.length > pushBytes) return { status: 413, body: "too large" };
  const push = Push.safeParse(jsonOf(request.raw.toString()));
  if (push.success) return push.data;
  deps.log("ERROR", "push refused: its body is not a Pub/Sub message");
  return { status: 400, body: "not a Pub/Sub message" };
}

/**
 * The message's JSON; its text where it is not JSON; its base64 where it is no text either, for text keeps neither other
 * bytes nor, in JSON's escapes, its size. So what came is what is kept.
 */
export function payloadOf(base64: string): unknown {
  const bytes = Buffer.from(base64, "base64");
  const text = bytes.toString();
  const json = jsonOf(text);
  if (json !== undefined) return json;
  return isUtf8(bytes) && !controls.test(text) ? text : `base64:${bytes.toString("base64")}`;
}

/** Control characters other than the white space of plain text. */
const controls = /[^\P{Cc}\t\r\n]/u;

function parseEvent<N extends EventName>(topic: N, payload: unknown): EventOf<N> {
  const result = events[topic].safeParse(payload);
  // The compiler cannot see that a schema picked by N gives N's own type.
  if (result.success) return result.data as EventOf<N>;
  const version = z.object({ v: z.number() }).safeParse(payload);
  if (version.success && version.data.v > 1)
    throw new Permanent({
      what: `an event on ${topic} was not understood`,
      why: `it is of version ${version.data.v}, published by a newer Groundcrew`,
      next: "deploy the newer version here too, then replay it",
    });
  const where = result.error.issues.map((issue) => issue.path.join(".") || "the event").join(", ");
  throw new Permanent({
    what: `an event on ${topic} was not understood`,
    why: `it does not fit its schema at: ${where}`,
    next: "mend it and send it again from Undelivered, or drop it",
  });
}
