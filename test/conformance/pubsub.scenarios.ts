// The scenarios of Pub/Sub that hold on any server of it: the same code, by the same client, on ours and on Google's
// emulator. What is known to differ is not here but in pubsub.differences.ts.
import type { Message, PubSub, Subscription } from "@google-cloud/pubsub";
import { afterAll, expect, test } from "@jest/globals";
import { endpoint, project } from "../local/pubsub/servers.ts";

const cleanUps: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

/** An endpoint to push to that is closed after the file. */
export async function receiver(answer?: Parameters<typeof endpoint>[0]) {
  const started = await endpoint(answer);
  cleanUps.push(started.close);
  return started;
}

let serial = 0;
/** A name that nobody has had in this file. */
export function fresh(word: string): string {
  serial += 1;
  return `${word}-${serial}`;
}

/** A topic of the test's own. */
export async function topicOf(client: PubSub) {
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

/** Tests of pushes: what one brings, and which answers end it. */
export function pushes(client: PubSub): void {
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
}

/** Tests of what comes again: when, how often, and where it ends. */
export function retries(client: PubSub): void {
  // Never over its maximum: by the movable clock in test/local/pubsub/pubsub.test.ts, for here a busy machine adds its own.
  test("the back-off is never under its minimum", async () => {
    const hook = await receiver((_pushed, count) => (count < 3 ? 500 : 204));
    const topic = await topicOf(client);
    await topic.createSubscription(fresh("sub"), {
      pushEndpoint: hook.url,
      retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 2 } },
    });
    await topic.publishMessage({ data: Buffer.from("x") });
    await hook.count(3);
    const waits = hook.got.slice(1).map(({ at }, index) => at - (hook.got[index]?.at ?? 0));
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(990);
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
}

/** Subscribers that stream. */
export function streams(client: PubSub): void {
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
}

/** Tests of who gets which message. */
export function copies(client: PubSub): void {
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
}

/** Topics and subscriptions as things. */
export function things(client: PubSub): void {
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
}

/** Each call of a subscriber by itself, without the client's streaming. */
export function byHand(client: PubSub): void {
  test("a pull leases, an extension holds, a nack gives back, an acknowledgement ends, a seek brings again", async () => {
    const topic = await topicOf(client);
    const [made] = await topic.createSubscription(fresh("sub"), { retainAckedMessages: true });
    const subscription = made.name;
    const { v1 } = await import("@google-cloud/pubsub");
    const stub = new v1.SubscriberClient({ ...client.options });
    const pull = async () => {
      const [{ receivedMessages }] = await stub.pull({ subscription, maxMessages: 10 });
      return (receivedMessages ?? []).map(({ ackId }) => ackId ?? "");
    };
    const nothing = async () =>
      (await stub.pull({ subscription, maxMessages: 10, returnImmediately: true }))[0].receivedMessages;
    const before = new Date(Date.now() - 60_000);
    await topic.publishMessage({ data: Buffer.from("x") });
    const first = await pull();
    await stub.modifyAckDeadline({ subscription, ackIds: first, ackDeadlineSeconds: 60 });
    expect(await nothing()).toEqual([]);
    await stub.modifyAckDeadline({ subscription, ackIds: first, ackDeadlineSeconds: 0 });
    const second = await pull();
    expect(second).toHaveLength(1);
    await stub.acknowledge({ subscription, ackIds: second });
    expect(await nothing()).toEqual([]);
    await made.seek(before);
    expect(await pull()).toHaveLength(1);
    await stub.close();
  });

  test("a pulled subscription can be made a pushed one, and its messages come", async () => {
    const hook = await receiver();
    const topic = await topicOf(client);
    const [subscription] = await topic.createSubscription(fresh("sub"));
    await topic.publishMessage({ data: Buffer.from("x") });
    await subscription.modifyPushConfig({ pushEndpoint: hook.url });
    await hook.count(1);
    expect(hook.got.map(({ text: words }) => words)).toEqual(["x"]);
  });
}
