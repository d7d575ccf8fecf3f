// The same scenarios on our Pub/Sub and on Google's emulator, by the same client. Where the emulator is known to differ from
// the cloud (it checks no filter, no attribute, no short deadline, and signs nothing) it is no judge, and ours is tested alone.

import type { Message, PubSub, Subscription } from "@google-cloud/pubsub";
import { afterAll, describe, expect, jest, test } from "@jest/globals";
import { endpoint, googles, ours, project, realClock } from "./pubsub.servers.ts";

const google = await googles();
if ("missing" in google)
  process.stderr.write(`SKIPPED: conformance with Google's Pub/Sub emulator: ${google.missing}\n`);
const own = await ours({ clock: realClock(), random: Math.random });
const servers: [string, PubSub][] = [["ours", own.client]];
if ("client" in google) servers.push(["Google's emulator", google.client]);

const cleanUps: (() => Promise<void>)[] = [own.stop];
if ("stop" in google) cleanUps.push(google.stop);
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function receiver(answer?: Parameters<typeof endpoint>[0]) {
  const started = await endpoint(answer);
  cleanUps.push(started.close);
  return started;
}

jest.setTimeout(20_000);

let serial = 0;
function fresh(word: string): string {
  serial += 1;
  return `${word}-${serial}`;
}

async function topicOf(client: PubSub) {
  const [topic] = await client.createTopic(fresh("topic"));
  return topic;
}

/** The next messages that a subscription streams, each answered by `answer`. */
function streamed(
  subscription: Subscription,
  count: number,
  answer: (message: Message) => void,
): Promise<Message[]> {
  const got: Message[] = [];
  return new Promise((resolve, reject) => {
    subscription.on("error", reject);
    subscription.on("message", (message) => {
      got.push(message);
      answer(message);
      if (got.length === count) resolve(got);
    });
  });
}

const text = (message: { data: Uint8Array }): string => Buffer.from(message.data).toString();

describe.each(servers)("%s", (_, client) => {
  test.each([200, 201, 204])("a push that is answered %i is done", async (status) => {
    const hook = await receiver((pushed) => (pushed.text === "first" ? status : 204));
    const topic = await topicOf(client);
    await topic.createSubscription(fresh("sub"), { pushEndpoint: hook.url });
    await topic.publishMessage({ data: Buffer.from("first") });
    await hook.count(1);
    await topic.publishMessage({ data: Buffer.from("second") });
    await hook.count(2);
    expect(hook.got.map((pushed) => pushed.text)).toEqual(["first", "second"]);
  });

  test("a push carries data, attributes, ids and the subscription", async () => {
    const hook = await receiver();
    const topic = await topicOf(client);
    const name = fresh("sub");
    await topic.createSubscription(name, { pushEndpoint: hook.url });
    const id = await topic.publishMessage({ data: Buffer.from("x"), attributes: { hub: "leap" } });
    await hook.count(1);
    expect(hook.got[0]?.body).toMatchObject({
      message: {
        data: "eA==",
        attributes: { hub: "leap" },
        messageId: id,
        message_id: id,
        publishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      },
      subscription: `projects/${project}/subscriptions/${name}`,
    });
  });

  test("the back-off is never under its minimum nor over its maximum", async () => {
    const hook = await receiver((_pushed, count) => (count < 3 ? 500 : 204));
    const topic = await topicOf(client);
    await topic.createSubscription(fresh("sub"), {
      pushEndpoint: hook.url,
      retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 2 } },
    });
    await topic.publishMessage({ data: Buffer.from("x") });
    await hook.count(3);
    const waits = hook.got.slice(1).map(({ at }, index) => at - (hook.got[index]?.at ?? 0));
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(990);
      // What a busy machine adds is not the server's.
      expect(wait).toBeLessThan(3_000);
    }
  });

  test("after five tries a message goes to the dead-letter topic, as it was and with where it came from", async () => {
    const hook = await receiver(() => 500);
    const grave = await receiver();
    const topic = await topicOf(client);
    const dead = await topicOf(client);
    await dead.createSubscription(fresh("sub"), { pushEndpoint: grave.url });
    const name = fresh("sub");
    await topic.createSubscription(name, {
      pushEndpoint: hook.url,
      deadLetterPolicy: { deadLetterTopic: dead.name, maxDeliveryAttempts: 5 },
    });
    await topic.publishMessage({ data: Buffer.from("x"), attributes: { hub: "leap" } });
    await grave.count(1);
    expect(hook.got).toHaveLength(5);
    expect(grave.got[0]?.text).toBe("x");
    expect(grave.got[0]?.body.message.attributes).toEqual({
      hub: "leap",
      CloudPubSubDeadLetterSourceDeliveryCount: "5",
      CloudPubSubDeadLetterSourceSubscription: name,
      CloudPubSubDeadLetterSourceSubscriptionProject: project,
      CloudPubSubDeadLetterSourceTopicPublishTime: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test("in order by key, and the one that failed comes again before the next", async () => {
    const hook = await receiver((pushed, count) => (pushed.text === "2" && count === 3 ? 500 : 204));
    const [topic] = await client.createTopic(fresh("topic"));
    topic.setPublishOptions({ messageOrdering: true });
    await topic.createSubscription(fresh("sub"), { pushEndpoint: hook.url, enableMessageOrdering: true });
    for (const data of ["0", "1", "2", "3", "4"])
      await topic.publishMessage({ data: Buffer.from(data), orderingKey: "k" });
    await hook.count(6);
    expect(hook.got.map((pushed) => pushed.text)).toEqual(["0", "1", "2", "2", "3", "4"]);
  });

  test("a stream: a nack brings it again with its attempt, an ack ends it", async () => {
    const topic = await topicOf(client);
    const dead = await topicOf(client);
    const [subscription] = await topic.createSubscription(fresh("sub"), {
      deadLetterPolicy: { deadLetterTopic: dead.name, maxDeliveryAttempts: 10 },
      retryPolicy: { minimumBackoff: { nanos: 50_000_000 }, maximumBackoff: { nanos: 100_000_000 } },
    });
    await topic.publishMessage({ data: Buffer.from("x") });
    const got = await streamed(subscription, 3, (message) =>
      message.deliveryAttempt < 3 ? message.nack() : message.ack(),
    );
    expect(got.map((message) => [text(message), message.deliveryAttempt])).toEqual([
      ["x", 1],
      ["x", 2],
      ["x", 3],
    ]);
    await subscription.close();
  });

  test("a stream takes more than it may hold at once, as long as it acknowledges", async () => {
    const topic = await topicOf(client);
    const [made] = await topic.createSubscription(fresh("sub"));
    const subscription = client.subscription(made.name, { flowControl: { maxMessages: 10 } });
    const ids = await Promise.all(
      Array.from({ length: 60 }, (_unused, index) => topic.publishMessage({ data: Buffer.from(`${index}`) })),
    );
    const got = await streamed(subscription, 60, (message) => message.ack());
    expect(new Set(got.map((message) => message.id))).toEqual(new Set(ids));
    await subscription.close();
  });

  test("each subscription gets a copy, and none of what was published before it", async () => {
    const first = await receiver();
    const second = await receiver();
    const topic = await topicOf(client);
    await topic.createSubscription(fresh("sub"), { pushEndpoint: first.url });
    await topic.publishMessage({ data: Buffer.from("before") });
    await topic.createSubscription(fresh("sub"), { pushEndpoint: second.url });
    await topic.publishMessage({ data: Buffer.from("after") });
    await Promise.all([first.count(2), second.count(1)]);
    expect(first.got.map((pushed) => pushed.text).toSorted()).toEqual(["after", "before"]);
    expect(second.got.map((pushed) => pushed.text)).toEqual(["after"]);
  });

  test("a subscription outlives its topic", async () => {
    const topic = await topicOf(client);
    const [subscription] = await topic.createSubscription(fresh("sub"));
    await topic.delete();
    const [metadata] = await subscription.getMetadata();
    expect(metadata.topic).toBe("_deleted-topic_");
    await subscription.delete();
    await expect(subscription.getMetadata()).rejects.toMatchObject({ code: 5 });
  });

  test("topics and subscriptions are listed", async () => {
    const topic = await topicOf(client);
    const [subscription] = await topic.createSubscription(fresh("sub"));
    expect((await client.getTopics())[0].map(({ name }) => name)).toContain(topic.name);
    expect((await client.getSubscriptions())[0].map(({ name }) => name)).toContain(subscription.name);
    expect((await topic.getSubscriptions())[0].map(({ name }) => name)).toEqual([subscription.name]);
  });

  test("settings come back as they were given, and can be changed", async () => {
    const topic = await topicOf(client);
    const [subscription] = await topic.createSubscription(fresh("sub"), {
      ackDeadlineSeconds: 77,
      labels: { flow: "sync" },
      pushEndpoint: "http://127.0.0.1:9/hook",
      retryPolicy: { minimumBackoff: { seconds: 11 }, maximumBackoff: { seconds: 22 } },
    });
    await subscription.setMetadata({ ackDeadlineSeconds: 88 });
    const [metadata] = await subscription.getMetadata();
    expect(metadata).toMatchObject({
      ackDeadlineSeconds: 88,
      labels: { flow: "sync" },
      pushConfig: { pushEndpoint: "http://127.0.0.1:9/hook" },
      retryPolicy: { minimumBackoff: { seconds: "11" }, maximumBackoff: { seconds: "22" } },
      topic: topic.name,
    });
  });

  test("a burst loses nothing", async () => {
    const hook = await receiver();
    const topic = await topicOf(client);
    await topic.createSubscription(fresh("sub"), { pushEndpoint: hook.url });
    const ids = await Promise.all(
      Array.from({ length: 500 }, (_unused, index) =>
        topic.publishMessage({ data: Buffer.from(`${index}`) }),
      ),
    );
    await hook.count(500);
    expect(new Set(hook.got.map(({ body }) => body.message.messageId))).toEqual(new Set(ids));
  });

  const refused: [string, number, (client: PubSub, topic: string) => Promise<unknown>][] = [
    ["a topic that exists", 6, (c, topic) => c.createTopic(topic)],
    ["a topic that is missing", 5, (c) => c.topic("missing").getMetadata()],
    [
      "publishing to a missing topic",
      5,
      (c) => c.topic("missing").publishMessage({ data: Buffer.from("x") }),
    ],
    ["a subscription to a missing topic", 5, (c) => c.createSubscription("missing", fresh("sub"))],
    ["a missing subscription", 5, (c) => c.subscription("missing").getMetadata()],
    ["a name that begins with goog", 3, (c) => c.createTopic("google-thing")],
    ["a name of two letters", 3, (c) => c.createTopic("ab")],
    ["a name that begins with a digit", 3, (c) => c.createTopic("1abc")],
    ["a deadline of 601 s", 3, (c, t) => c.createSubscription(t, fresh("sub"), { ackDeadlineSeconds: 601 })],
    [
      "a back-off of 700 s",
      3,
      (c, t) => c.createSubscription(t, fresh("sub"), { retryPolicy: { maximumBackoff: { seconds: 700 } } }),
    ],
    ["a push to no URL", 3, (c, t) => c.createSubscription(t, fresh("sub"), { pushEndpoint: "nope" })],
    [
      "three attempts",
      11,
      (c, t) =>
        c.createSubscription(t, fresh("sub"), {
          deadLetterPolicy: { deadLetterTopic: t, maxDeliveryAttempts: 3 },
        }),
    ],
    [
      "a dead-letter topic that is missing",
      5,
      (c, t) =>
        c.createSubscription(t, fresh("sub"), {
          deadLetterPolicy: { deadLetterTopic: `projects/${project}/topics/missing`, maxDeliveryAttempts: 5 },
        }),
    ],
  ];
  test.each(refused)("refused: %s, with %i", async (_what, code, act) => {
    const topic = await topicOf(client);
    await expect(act(client, topic.name)).rejects.toMatchObject({ code });
  });
});

describe("ours is as strict as the cloud where the emulator is not", () => {
  const attributes = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_unused, index) => [`k${index}`, "v"]));
  const refused: [string, (topic: string) => Promise<unknown>][] = [
    ["a deadline of 5 s", (t) => own.client.createSubscription(t, fresh("sub"), { ackDeadlineSeconds: 5 })],
    [
      "a filter that isn't one",
      (t) => own.client.createSubscription(t, fresh("sub"), { filter: "hub = leap" }),
    ],
    ["101 attributes", (t) => publish(t, { attributes: attributes(101) })],
    ["an attribute that begins with goog", (t) => publish(t, { attributes: { googly: "x" } })],
    ["an attribute of 1,025 bytes", (t) => publish(t, { attributes: { k: "x".repeat(1025) } })],
    ["an empty message", (t) => publish(t, { data: Buffer.alloc(0), attributes: {} })],
    ["11 MB", (t) => publish(t, { data: Buffer.alloc(11_000_000, 1) })],
    [
      "a subscription that would keep for an hour and a month",
      (t) =>
        own.client.createSubscription(t, fresh("sub"), {
          messageRetentionDuration: { seconds: 31 * 86_400 + 3_600 },
        }),
    ],
  ];
  async function publish(topic: string, message: { data?: Buffer; attributes?: Record<string, string> }) {
    const { v1 } = await import("@google-cloud/pubsub");
    const stub = new v1.PublisherClient({ ...own.client.options });
    const [answer] = await stub
      .publish({ topic, messages: [{ data: Buffer.from("x"), ...message }] })
      .finally(() => stub.close());
    return answer;
  }
  test.each(refused)("refused: %s", async (_what, act) => {
    const topic = await topicOf(own.client);
    await expect(act(topic.name)).rejects.toMatchObject({ code: 3 });
  });
});
