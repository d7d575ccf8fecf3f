// Bad inputs at Pub/Sub's door: none is a fault of the far end's own, and none is taken for something else.
import { afterAll, expect, test } from "@jest/globals";
import { oursByRequest, project } from "./servers.ts";

const world = await oursByRequest();
const { publisher, subscriber } = world;
afterAll(() => world.stop());

const [topic, subscription] = [
  `projects/${project}/topics/notice`,
  `projects/${project}/subscriptions/known`,
];
const invalid = 3;
const notFound = 5;
const beyond = 2 ** 32;

const named = ["a\nbc", "a\0bc", "x".repeat(1025), "e\u0301tude", "\u00e9tude", "a/b", ""];
test.each(named)("the name %j makes no topic and no subscription", async (short) => {
  const made = publisher.createTopic({ name: `projects/${project}/topics/${short}` });
  await expect(made).rejects.toMatchObject({ code: invalid });
  const name = `projects/${project}/subscriptions/${short}`;
  await expect(subscriber.createSubscription({ name, topic })).rejects.toMatchObject({ code: invalid });
});

type Asking = () => Promise<unknown>;
const subscribing =
  (options: object): Asking =>
  () =>
    subscriber.createSubscription({ name: `projects/${project}/subscriptions/other`, topic, ...options });
const publishing =
  (message: object): Asking =>
  () =>
    publisher.publish({ topic, messages: [message] });

test.each<[string, number, Asking]>([
  ["retention of 2^32 s", invalid, subscribing({ messageRetentionDuration: { seconds: beyond } })],
  ["retention below 0", invalid, subscribing({ messageRetentionDuration: { seconds: -1 } })],
  ["a time to live of 2^32 s", invalid, subscribing({ expirationPolicy: { ttl: { seconds: beyond } } })],
  ["a back-off of 2^32 s", invalid, subscribing({ retryPolicy: { maximumBackoff: { seconds: beyond } } })],
  ["a back-off below 0", invalid, subscribing({ retryPolicy: { minimumBackoff: { seconds: -1 } } })],
  ["a deadline of the largest int32", invalid, subscribing({ ackDeadlineSeconds: 2 ** 31 - 1 })],
  ["a filter with a NUL", invalid, subscribing({ filter: 'attributes.a = "\0' })],
  ["a push to no address", invalid, subscribing({ pushConfig: { pushEndpoint: "http://" } })],
  [
    "topics of another project",
    notFound,
    () => publisher.listTopics({ project: "projects/other" }, { autoPaginate: false }),
  ],
  [
    "subscriptions of another project",
    notFound,
    () => subscriber.listSubscriptions({ project: "projects/other" }, { autoPaginate: false }),
  ],
  [
    "topics of what is no project",
    invalid,
    () => publisher.listTopics({ project: `projects/${project}/topics` }, { autoPaginate: false }),
  ],
  ...["abc", `projects/${project}/subscriptions/a`].map((pageToken): [string, number, Asking] => [
    `topics after ${pageToken}`,
    invalid,
    () => publisher.listTopics({ project: `projects/${project}`, pageToken }, { autoPaginate: false }),
  ]),
  ["no message", invalid, () => publisher.publish({ topic, messages: [] })],
  ["an empty message", invalid, publishing({})],
  ["a key of 1,025 bytes", invalid, publishing({ data: Buffer.from("x"), orderingKey: "k".repeat(1025) })],
  ["an attribute without a name", invalid, publishing({ attributes: { "": "x" } })],
  ["a pull of no messages", invalid, () => subscriber.pull({ subscription, maxMessages: 0 })],
  ["a pull of less than none", invalid, () => subscriber.pull({ subscription, maxMessages: -1 })],
  [
    "a lease below 0",
    invalid,
    () => subscriber.modifyAckDeadline({ subscription, ackIds: ["1-1-1"], ackDeadlineSeconds: -1 }),
  ],
  [
    "an acknowledgement of another's",
    invalid,
    () => subscriber.acknowledge({ subscription, ackIds: ["99-1-1"] }),
  ],
  [
    "a seek to a time after 9999",
    invalid,
    () => subscriber.seek({ subscription, time: { seconds: 253_402_300_800 } }),
  ],
  [
    "a seek to a time before the year 1",
    invalid,
    () => subscriber.seek({ subscription, time: { seconds: -62_135_596_801 } }),
  ],
  ["a seek to nowhere", invalid, () => subscriber.seek({ subscription })],
  [
    "a mask of nothing",
    invalid,
    () => subscriber.updateSubscription({ subscription: { name: subscription }, updateMask: { paths: [] } }),
  ],
  [
    "a mask of what nobody knows",
    invalid,
    () =>
      subscriber.updateSubscription({
        subscription: { name: subscription },
        updateMask: { paths: ["colour"] },
      }),
  ],
  [
    "a page of less than none",
    invalid,
    () => publisher.listTopics({ project: `projects/${project}`, pageSize: -1 }, { autoPaginate: false }),
  ],
  ["a topic whose name is written otherwise", notFound, () => publisher.getTopic({ topic: `${topic}\n` })],
])("%s is refused, and changes nothing", async (_, code, ask) => {
  await expect(ask()).rejects.toMatchObject({ code });
  expect(world.farEnd.pending()).toBe(0);
  expect((await world.client.getSubscriptions())[0].map(({ name }) => name)).toEqual([subscription]);
});

test("a seek to 1970 brings nothing of before the subscription, and throws nothing away", async () => {
  await world.farEnd.publish("notice", "kept");
  await subscriber.seek({ subscription, time: { seconds: -1 } });
  expect(world.farEnd.pending()).toBe(1);
  // The other tests have the same subscription.
  const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: 1 });
  const ackIds = receivedMessages?.map(({ ackId }) => ackId ?? "") ?? [];
  await subscriber.acknowledge({ subscription, ackIds });
  expect(world.farEnd.pending()).toBe(0);
});

test.each(["notice", "projects/x", `${subscription}`, "_deleted-topic_"])(
  "%j is no name of a topic: it is not said to be missing",
  async (name) => {
    await expect(publisher.getTopic({ topic: name })).rejects.toMatchObject({ code: invalid });
  },
);
