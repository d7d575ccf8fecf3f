// Publishes events, each checked by its schema. Whoever awaits a publish knows that the event is stored, or that it isn't.
import type { PubSub, Topic } from "@google-cloud/pubsub";
import { causes } from "../delivery/passage.ts";
import type { Endpoints } from "../endpoints.ts";
import { Permanent } from "../errors.ts";
import { type EventName, type EventOf, events } from "../events.ts";
import { type Authorization, pubsubClient } from "./client.ts";
import { busFailure } from "./refusals.ts";

/** Publishes one event and gives the message's id. What is published while an event is handled says that this is its cause. */
export type Publish = <N extends EventName>(
  name: N,
  event: EventOf<N>,
  attributes?: Record<string, string>,
) => Promise<string>;

export type Bus = { publish: Publish; close: () => Promise<void> };

// A larger request is not refused at once but tried again for ten minutes, as RESOURCE_EXHAUSTED is on the client's list
// (https://cloud.google.com/pubsub/quotas#resource_limits).
const maxBytes = 10_000_000;
const totalTimeoutMilliseconds = 30_000;

// Codes that the client tries again, within the total: https://grpc.io/docs/guides/status-codes/
const transient = { UNKNOWN: 2, DEADLINE_EXCEEDED: 4, ABORTED: 10, INTERNAL: 13, UNAVAILABLE: 14 };

export function bus(options: {
  project: string;
  endpoints: Pick<Endpoints, "pubsub">;
  authorization?: Authorization;
  timeoutMilliseconds?: number;
}): Bus {
  const { project, endpoints, authorization, timeoutMilliseconds = totalTimeoutMilliseconds } = options;
  let client: Promise<PubSub> | undefined;
  const topics = new Map<EventName, Topic>();

  async function topicOf(name: EventName): Promise<Topic> {
    client ??= pubsubClient({ project, endpoint: endpoints.pubsub, authorization });
    const pubsub = await client;
    const known = topics.get(name) ?? pubsub.topic(name, publishing(timeoutMilliseconds));
    topics.set(name, known);
    return known;
  }

  return {
    async publish(name, event, attributes = {}) {
      const data = bytesOf(name, event);
      const topic = await topicOf(name);
      return within(
        timeoutMilliseconds,
        topic.publishMessage({
          data,
          attributes: { ...causes(attributes), ...attributes, event: name, ...versionOf(event) },
        }),
      ).catch((error: unknown) => {
        throw busFailure(`a ${name} event was not published`, error);
      });
    },
    async close() {
      await (await client)?.close();
    },
  };
}

/** A vendor's own message carries none. */
const versionOf = (event: object): { v?: string } => ("v" in event ? { v: String(event.v) } : {});

function bytesOf<N extends EventName>(name: N, event: EventOf<N>): Buffer {
  const parsed = events[name].safeParse(event);
  if (!parsed.success)
    throw new Permanent({
      what: `A ${name} event was not published`,
      why: `its field ${parsed.error.issues[0]?.path.join(".") || "(all of it)"} breaks the event's schema`,
      next: "Correct what makes the event, or the schema of it.",
    });
  const data = Buffer.from(JSON.stringify(parsed.data));
  if (data.length > maxBytes)
    throw new Permanent({
      what: `A ${name} event was not published`,
      why: `it has ${data.length} bytes, and a message may have ${maxBytes}`,
      next: "Let the event say where to look instead of carrying what is there.",
    });
  return data;
}

/** Batches hold what one turn of the event loop publishes: a single event waits for nothing. */
function publishing(timeoutMilliseconds: number) {
  return {
    batching: { maxMessages: 100, maxMilliseconds: 0 },
    gaxOpts: {
      retry: {
        retryCodes: Object.values(transient),
        backoffSettings: {
          initialRetryDelayMillis: 100,
          retryDelayMultiplier: 2,
          maxRetryDelayMillis: 5_000,
          initialRpcTimeoutMillis: timeoutMilliseconds,
          rpcTimeoutMultiplier: 1,
          maxRpcTimeoutMillis: timeoutMilliseconds,
          totalTimeoutMillis: timeoutMilliseconds,
        },
      },
    },
  };
}

/** The client's own limit covers its calls; this one covers all that happens before them too. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      reject(
        new Error("the event could not be published in time: nobody answers, or refuses again and again"),
      ),
    milliseconds,
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
