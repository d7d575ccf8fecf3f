// Pub/Sub on a laptop: durable, gRPC on loopback for the real client, push with OIDC. Everything that it knows lies in
// state.db, so it may be killed at any moment.
import type { Faults } from "../wire/faults.ts";
import type { Identities } from "../wire/identity.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import { type Issuer, oidcIssuer } from "../wire/oidc.ts";
import type { State } from "../wire/state.ts";
import type { Held } from "./directory.ts";
import type { Attributes } from "./filter.ts";
import { hub as makeHub } from "./hub.ts";
import { changeSubscription, createSubscription, publish } from "./operations.ts";
import { pushes } from "./push.ts";
import {
  newSubscription,
  newTopic,
  type SubscriptionRequest,
  subscriptionName,
  topicName,
} from "./resource.ts";
import { serve } from "./service.ts";

export type PubsubFarEnd = {
  /** host:port of gRPC. */
  address: string;
  /** Publishes as the operator and gives the message's id. Names may be short here and below. */
  publish: (topic: string, data: Uint8Array | string, attributes?: Attributes) => Promise<string>;
  /** Makes it unless it exists. */
  createTopic: (name: string) => Promise<void>;
  /** Makes it, or changes the one that exists into it; what waits in it goes on waiting. */
  createSubscription: (request: SubscriptionRequest) => Promise<void>;
  /** Pushes from now on, after a start on hold; the endpoints of a restarted instance are elsewhere than before. */
  release: () => void;
  /** Resolves when nothing is under way and no push is due now. A back-off in the future does not count. */
  idle: () => Promise<void>;
  /** The earliest time at which a push is due again, by the movable clock. */
  nextDue: () => Date | undefined;
  /** Messages that wait to be acknowledged, counted once a subscription. */
  pending: () => number;
  close: () => Promise<void>;
};

export async function pubsubFarEnd(options: {
  state: State;
  clock: MovableClock;
  random: () => number;
  identities: Identities;
  faults: Faults;
  project: string;
  issuer?: Pick<Issuer, "tokenFor">;
  port?: number;
  /** Starts without pushing, until `release`. */
  onHold?: boolean;
}): Promise<PubsubFarEnd> {
  const { state, clock, random, project } = options;
  const issuer = options.issuer ?? oidcIssuer(state);
  const waiting: (() => void)[] = [];
  const hub = makeHub({ state, clock, random, isUnruly: options.faults.sky.isUnruly, over });
  const outgoing = pushes(hub, issuer, options.onHold ?? false);
  await hub.run(hub.deliveries.abandonPushes);
  const service = await serve(hub, { ...options, port: options.port ?? 0, over: tellWaiting });

  function over(): void {
    outgoing.follow();
    tellWaiting();
  }

  const pushed = (): Held[] => hub.directory.subscriptions().filter(({ is }) => is.push !== undefined);
  const isIdle = (): boolean =>
    service.underWay() === 0 && outgoing.inFlight() === 0 && hub.quiet(outgoing.onHold() ? [] : pushed());

  function tellWaiting(): void {
    if (waiting.length === 0 || !isIdle()) return;
    for (const resolve of waiting.splice(0)) resolve();
  }

  return {
    address: service.address,
    async publish(topic, data, attributes = {}) {
      const message = { data: Buffer.from(data), attributes, orderingKey: "" };
      const ids = await hub.run(() =>
        publish(hub, { topic: topicName(project, topic), messages: [message] }),
      );
      return ids.join();
    },
    async createTopic(name) {
      await hub.run(() => {
        const topic = newTopic(project, { name: topicName(project, name) });
        if (hub.directory.findTopic(topic.name) === undefined) hub.directory.putTopic(topic);
      });
    },
    async createSubscription(asked) {
      const { deadLetter } = asked;
      const request = {
        ...asked,
        name: subscriptionName(project, asked.name),
        topic: topicName(project, asked.topic),
        deadLetter: deadLetter && { ...deadLetter, topic: topicName(project, deadLetter.topic) },
      };
      await hub.run(() => {
        const known = hub.directory.find(request.name);
        if (known === undefined) createSubscription(hub, project, request);
        else changeSubscription(hub, project, newSubscription(project, request));
      });
    },
    release: outgoing.release,
    async idle() {
      // One turn first: what was asked for before this call counts as well.
      await hub.run(() => undefined);
      if (isIdle()) return;
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    nextDue() {
      const times = pushed()
        .map(hub.deliveries.nextDue)
        .filter((at) => at !== undefined);
      return times.length === 0 ? undefined : new Date(Math.min(...times));
    },
    pending: hub.deliveries.pending,
    async close() {
      hub.close();
      outgoing.close();
      await service.close();
    },
  };
}
