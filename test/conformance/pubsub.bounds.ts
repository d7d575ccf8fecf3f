// Every bound of a topic, a subscription and a message: what is just within is taken, what is just outside is refused with
// the same code by every server.
import type { PubSub } from "@google-cloud/pubsub";
import { expect, test } from "@jest/globals";
import { project } from "../local/pubsub/servers.ts";
import { fresh, topicOf } from "./pubsub.scenarios.ts";

type Act = (client: PubSub, topic: string) => Promise<unknown>;
type Options = Parameters<PubSub["createSubscription"]>[2];

const subscribe =
  (options: Options): Act =>
  (client, topic) =>
    client.createSubscription(topic, fresh("sub"), options);
const deadLetter =
  (maxDeliveryAttempts: number): Act =>
  (client, topic) =>
    subscribe({ deadLetterPolicy: { deadLetterTopic: topic, maxDeliveryAttempts } })(client, topic);
const longName = (length: number): string => fresh("n").padEnd(length, "x");
const minutes = (count: number): Options => ({ messageRetentionDuration: { seconds: count * 60 } });
const backOff = (minimum: number, maximum: number): Options => ({
  retryPolicy: { minimumBackoff: { seconds: minimum }, maximumBackoff: { seconds: maximum } },
});

const invalid = 3;
const notFound = 5;
const alreadyThere = 6;
const outOfRange = 11;

const refused: [string, number, Act][] = [
  ["a topic that exists", alreadyThere, (c, topic) => c.createTopic(topic)],
  ["a topic that is missing", notFound, (c) => c.topic("missing").getMetadata()],
  [
    "publishing to a missing topic",
    notFound,
    (c) => c.topic("missing").publishMessage({ data: Buffer.from("x") }),
  ],
  ["a subscription to a missing topic", notFound, (c) => c.createSubscription("missing", fresh("sub"))],
  ["a missing subscription", notFound, (c) => c.subscription("missing").getMetadata()],
  ["deleting a missing topic", notFound, (c) => c.topic("missing").delete()],
  ["deleting a missing subscription", notFound, (c) => c.subscription("missing").delete()],
  [
    "a subscription that exists",
    alreadyThere,
    async (c, topic) => {
      const name = fresh("sub");
      await c.createSubscription(topic, name);
      const { v1 } = await import("@google-cloud/pubsub");
      const stub = new v1.SubscriberClient({ ...c.options });
      // The client's own create takes an existing one for its own.
      return stub
        .createSubscription({ name: `projects/${project}/subscriptions/${name}`, topic })
        .finally(() => stub.close());
    },
  ],
  ["a name that begins with goog", invalid, (c) => c.createTopic("google-thing")],
  ["a name of two letters", invalid, (c) => c.createTopic("ab")],
  ["a name of 256 letters", invalid, (c) => c.createTopic(longName(256))],
  ["a name that begins with a digit", invalid, (c) => c.createTopic("1abc")],
  ["a deadline of 601 s", invalid, subscribe({ ackDeadlineSeconds: 601 })],
  ["a deadline of -1 s", invalid, subscribe({ ackDeadlineSeconds: -1 })],
  ["a back-off of 700 s", invalid, subscribe({ retryPolicy: { maximumBackoff: { seconds: 700 } } })],
  ["a back-off whose least is over its most", invalid, subscribe(backOff(20, 10))],
  ["retention of 9 minutes", invalid, subscribe(minutes(9))],
  ["retention of 31 days and a minute", invalid, subscribe(minutes(31 * 24 * 60 + 1))],
  ["a push to no URL", invalid, subscribe({ pushEndpoint: "nope" })],
  ["four attempts", outOfRange, deadLetter(4)],
  ["101 attempts", outOfRange, deadLetter(101)],
  [
    "a dead-letter topic that is missing",
    notFound,
    subscribe({
      deadLetterPolicy: { deadLetterTopic: `projects/${project}/topics/missing`, maxDeliveryAttempts: 5 },
    }),
  ],
];

const taken: [string, Act][] = [
  ["a name of three letters", (c) => c.createTopic(`t${fresh("").slice(-2).replace("-", "z")}`)],
  ["a name of 255 letters", (c) => c.createTopic(longName(255))],
  ["deadlines of 10 s", subscribe({ ackDeadlineSeconds: 10 })],
  ["a deadline of 600 s", subscribe({ ackDeadlineSeconds: 600 })],
  ["back-offs of 0 s and 600 s", subscribe(backOff(0, 600))],
  ["retention of 10 minutes", subscribe(minutes(10))],
  ["retention of 7 days", subscribe(minutes(7 * 24 * 60))],
  ["five attempts", deadLetter(5)],
  ["100 attempts", deadLetter(100)],
];

/** Tests of the bounds: what is over one is refused, and what lies just within is not. */
export function bounds(client: PubSub): void {
  test.each(refused)("refused: %s, with %i", async (_what, code, act) => {
    const topic = await topicOf(client);
    await expect(act(client, topic.name)).rejects.toMatchObject({ code });
  });
  test.each(taken)("taken: %s", async (_what, act) => {
    const topic = await topicOf(client);
    await expect(act(client, topic.name)).resolves.toBeDefined();
  });
  test("an empty message is refused", async () => {
    const topic = await topicOf(client);
    const { v1 } = await import("@google-cloud/pubsub");
    const stub = new v1.PublisherClient({ ...client.options });
    const publishing = stub.publish({ topic: topic.name, messages: [{ data: Buffer.alloc(0) }] });
    await expect(publishing.finally(() => stub.close())).rejects.toMatchObject({ code: invalid });
  });
}
