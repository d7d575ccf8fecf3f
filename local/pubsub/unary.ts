// The unary methods: each with the permission that it needs, the resource that the permission is on, and what it does.
import * as z from "zod";
import type { Hub } from "./hub.ts";
import {
  acknowledge,
  createSubscription,
  createTopic,
  modifyDeadlines,
  modifyPush,
  Publish,
  pageOf,
  publish,
  UpdateSubscription,
  updateSubscription,
} from "./operations.ts";
import { pull } from "./pulls.ts";
import { notServed, refusal } from "./refusal.ts";
import { checkProject } from "./resource.ts";
import * as wire from "./wire.ts";

export type Unary = {
  permission: string;
  /** The resource in question, from the request. */
  on: (request: unknown) => string;
  answer: (request: unknown, cancelled: (listener: () => void) => void) => Promise<Record<string, unknown>>;
};

const OfTopic = z.object({ topic: z.string() });
const OfSubscription = z.object({ subscription: z.string() });
/** https://google.aip.dev/158 */
const page = { pageSize: z.number().min(0), pageToken: z.string() };
const OfProject = z.object({ project: z.string(), ...page });
const OfTopicPaged = OfTopic.extend(page);
/** Seconds of the years 1 to 9999. https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp */
const [firstSecond, lastSecond] = [-62_135_596_800, 253_402_300_799];
const Acks = OfSubscription.extend({ ackIds: z.array(z.string()) });
const Seek = OfSubscription.extend({
  time: z.object({ seconds: z.number().min(firstSecond).max(lastSecond), nanos: z.number() }).nullish(),
  snapshot: z.string().nullish(),
});

export function unaryMethods(hub: Hub, project: string): Record<string, Unary> {
  const { directory } = hub;

  /** A method whose work is done within one turn. */
  function method<T extends z.ZodType>(
    schema: T,
    permission: string,
    on: (request: z.output<T>) => string,
    work: (request: z.output<T>) => Record<string, unknown>,
  ): Unary {
    return {
      permission,
      on: (request) => on(wire.read(schema, request)),
      answer: (request) => hub.run(() => work(wire.read(schema, request))),
    };
  }
  const described = (name: string): Record<string, unknown> => {
    const held = directory.subscription(name);
    return wire.subscriptionOnWire(held, directory.findTopic(held.is.topic));
  };

  return {
    CreateTopic: method(
      wire.WireTopic,
      "pubsub.topics.create",
      () => `projects/${project}`,
      (request) => createTopic(hub, project, request),
    ),
    GetTopic: method(OfTopic, "pubsub.topics.get", topicOf, ({ topic }) =>
      wire.topicOnWire(directory.topic(topic)),
    ),
    ListTopics: method(OfProject, "pubsub.topics.list", projectOf, (request) => {
      checkProject(project, request.project);
      const { items, nextPageToken } = pageOf(directory.topics(), request, "topics");
      return { topics: items.map(wire.topicOnWire), nextPageToken };
    }),
    ListTopicSubscriptions: method(OfTopicPaged, "pubsub.topics.attachSubscription", topicOf, (request) => {
      directory.topic(request.topic);
      const { items, nextPageToken } = pageOf(
        directory.of(request.topic).map(({ is }) => is),
        request,
        "subscriptions",
      );
      return { subscriptions: items.map(({ name }) => name), nextPageToken };
    }),
    DeleteTopic: method(OfTopic, "pubsub.topics.delete", topicOf, ({ topic }) => {
      directory.removeTopic(topic);
      return {};
    }),
    Publish: method(Publish, "pubsub.topics.publish", topicOf, (request) => ({
      messageIds: publish(hub, request).map(String),
    })),
    CreateSubscription: method(
      wire.WireSubscription,
      "pubsub.subscriptions.create",
      () => `projects/${project}`,
      (request) => {
        createSubscription(hub, project, wire.requestOf(request));
        return described(request.name);
      },
    ),
    GetSubscription: method(OfSubscription, "pubsub.subscriptions.get", subscriptionOf, (request) =>
      described(request.subscription),
    ),
    ListSubscriptions: method(OfProject, "pubsub.subscriptions.list", projectOf, (request) => {
      checkProject(project, request.project);
      const names = directory.subscriptions().map(({ is }) => is);
      const { items, nextPageToken } = pageOf(names, request, "subscriptions");
      return { subscriptions: items.map(({ name }) => described(name)), nextPageToken };
    }),
    UpdateSubscription: method(
      UpdateSubscription,
      "pubsub.subscriptions.update",
      ({ subscription }) => subscription.name,
      (request) => {
        updateSubscription(hub, project, request);
        return described(request.subscription.name);
      },
    ),
    ModifyPushConfig: method(
      OfSubscription.extend({ pushConfig: wire.WirePushConfig }),
      "pubsub.subscriptions.update",
      subscriptionOf,
      ({ subscription, pushConfig }) => {
        modifyPush(hub, subscription, wire.pushOf(pushConfig));
        return {};
      },
    ),
    DeleteSubscription: method(
      OfSubscription,
      "pubsub.subscriptions.delete",
      subscriptionOf,
      ({ subscription }) => {
        hub.history.removeSubscription(subscription);
        return {};
      },
    ),
    Acknowledge: method(Acks, "pubsub.subscriptions.consume", subscriptionOf, (request) => {
      acknowledge(hub, directory.subscription(request.subscription), request.ackIds);
      return {};
    }),
    ModifyAckDeadline: method(
      Acks.extend({ ackDeadlineSeconds: z.number() }),
      "pubsub.subscriptions.consume",
      subscriptionOf,
      ({ subscription, ackIds, ackDeadlineSeconds }) => {
        const held = directory.subscription(subscription);
        modifyDeadlines(hub, held, ackIds, Array(ackIds.length).fill(ackDeadlineSeconds));
        return {};
      },
    ),
    Seek: method(Seek, "pubsub.subscriptions.consume", subscriptionOf, ({ subscription, time, snapshot }) => {
      if (snapshot) throw notServed("a snapshot");
      if (!time) throw refusal("INVALID_ARGUMENT", "A seek needs a time.");
      hub.history.seek(directory.subscription(subscription), time.seconds * 1000 + time.nanos / 1e6);
      return {};
    }),
    Pull: pullMethod(hub),
  };
}

function pullMethod(hub: Hub): Unary {
  const schema = OfSubscription.extend({ maxMessages: z.number(), returnImmediately: z.boolean() });
  return {
    permission: "pubsub.subscriptions.consume",
    on: (request) => wire.read(schema, request).subscription,
    async answer(request, cancelled) {
      const { subscription, maxMessages, returnImmediately } = wire.read(schema, request);
      const taken = await pull(hub, {
        subscription,
        most: Math.min(maxMessages, 1000),
        atOnce: returnImmediately,
        cancelled,
      });
      if (taken === undefined) return { receivedMessages: [] };
      return { receivedMessages: taken.leased.map((one) => wire.receivedOnWire(taken.held, one)) };
    },
  };
}

const topicOf = ({ topic }: z.output<typeof OfTopic>): string => topic;
const subscriptionOf = ({ subscription }: z.output<typeof OfSubscription>): string => subscription;
const projectOf = ({ project }: z.output<typeof OfProject>): string => project;
