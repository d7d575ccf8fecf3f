// Delivers by HTTP POST, with an OIDC token where one is asked for. The time-out of a request is real time; when to try
// again is the movable clock's. Only 102, 200, 201, 202 and 204 acknowledge
// (https://cloud.google.com/pubsub/docs/push#receive_push).
import http from "node:http";
import https from "node:https";
import { setTimeout as wait } from "node:timers/promises";
import type { Issuer } from "../wire/oidc.ts";
import type { Leased } from "./deliveries.ts";
import type { Held } from "./directory.ts";
import type { Hub } from "./hub.ts";
import { never } from "./tables.ts";
import { retryMilliseconds } from "./turns.ts";

const acknowledging = new Set([102, 200, 201, 202, 204]);
const mostInFlight = 128;

export type Pushes = {
  /** Brings the takers into line with the subscriptions, after one was made, changed or deleted. */
  follow: () => void;
  inFlight: () => number;
  /** Tells whether new pushes are still held back. */
  onHold: () => boolean;
  release: () => void;
  close: () => void;
};

export function pushes(hub: Hub, issuer: Pick<Issuer, "tokenFor">, onHold: boolean): Pushes {
  const agents = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true }),
  };
  const joined = new Map<string, () => void>();
  const flying = new Map<string, number>();
  let inFlight = 0;
  let closed = false;

  async function deliver(leased: Leased, held: Held): Promise<void> {
    const { push, ackDeadlineSeconds, name } = held.is;
    if (push === undefined) return;
    count(name, 1);
    const body = JSON.stringify(envelope(leased, held));
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (push.oidc !== undefined) {
      const audience = push.oidc.audience || push.endpoint;
      headers["authorization"] = `Bearer ${issuer.tokenFor(push.oidc.email, audience)}`;
    }
    const accepted = await post({
      agents,
      url: new URL(push.endpoint),
      headers,
      body,
      timeoutMilliseconds: ackDeadlineSeconds * 1000,
      closed: () => closed,
    });
    if (closed) return;
    count(name, -1);
    const answer = accepted ? hub.deliveries.acknowledge : hub.deliveries.fail;
    await settle(() => answer(held, leased.message.id, leased.attempt));
  }

  /** Stores how a push has ended, and asks until that is stored: nothing else ends its lease but the next start. */
  async function settle(answer: () => void): Promise<void> {
    for (;;)
      try {
        return await hub.run(answer);
      } catch {
        await wait(retryMilliseconds, undefined, { ref: false });
        if (closed) return;
      }
  }

  function count(name: string, by: number): void {
    inFlight += by;
    flying.set(name, (flying.get(name) ?? 0) + by);
  }

  return {
    follow() {
      const pushed = hub.directory.subscriptions().filter((held) => held.is.push !== undefined);
      const names = new Set(pushed.map((held) => held.is.name));
      for (const [name, leave] of joined) {
        if (names.has(name)) continue;
        leave();
        joined.delete(name);
      }
      for (const subscription of names) {
        if (joined.has(subscription)) continue;
        const leave = hub.join({
          subscription,
          room: () =>
            onHold || hub.directory.find(subscription)?.is.push === undefined
              ? 0
              : mostInFlight - (flying.get(subscription) ?? 0),
          leaseUntil: () => never,
          take: (leased, held) => {
            for (const one of leased) void deliver(one, held);
          },
        });
        joined.set(subscription, leave);
      }
    },
    inFlight: () => inFlight,
    onHold: () => onHold,
    release() {
      onHold = false;
      hub.run(() => undefined).catch(() => undefined);
    },
    close() {
      closed = true;
      for (const leave of joined.values()) leave();
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** The body that a push endpoint gets; both spellings of the id and time are the cloud's. */
export function envelope({ message, attempt }: Leased, held: Held): unknown {
  const messageId = String(message.id);
  const publishTime = new Date(message.publishedAt).toISOString();
  return {
    ...(held.is.deadLetter && { deliveryAttempt: attempt }),
    message: {
      ...(Object.keys(message.attributes).length > 0 && { attributes: message.attributes }),
      ...(message.data.length > 0 && { data: Buffer.from(message.data).toString("base64") }),
      messageId,
      message_id: messageId,
      ...(message.orderingKey !== "" && { orderingKey: message.orderingKey }),
      publishTime,
      publish_time: publishTime,
    },
    subscription: held.is.name,
  };
}

type Agents = { "http:": http.Agent; "https:": https.Agent };

type Post = {
  agents: Agents;
  url: URL;
  headers: Record<string, string>;
  body: string;
  timeoutMilliseconds: number;
  closed: () => boolean;
};

/** Posts, and tells whether the endpoint accepted; every error and every other status is a no. */
function post(asked: Post): Promise<boolean> {
  const { agents, url, headers, body, timeoutMilliseconds, closed } = asked;
  return new Promise((resolve) => {
    const secure = url.protocol === "https:";
    const request = (secure ? https : http).request(url, {
      method: "POST",
      agent: secure ? agents["https:"] : agents["http:"],
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      request.destroy();
    }, timeoutMilliseconds);
    const answer = (accepted: boolean | Promise<boolean>): void => {
      clearTimeout(timer);
      resolve(accepted);
    };
    request.on("information", ({ statusCode }) => {
      if (acknowledging.has(statusCode)) answer(true);
    });
    request.on("response", (response) => {
      response.resume();
      response.on("error", () => undefined);
      answer(acknowledging.has(response.statusCode ?? 0));
    });
    request.on("error", () => {
      // The endpoint closed an idle connection just as it was used again: nothing was read, so ask once more.
      const again = request.reusedSocket && !late && !closed();
      answer(again && post(asked));
    });
    request.end(body);
  });
}
