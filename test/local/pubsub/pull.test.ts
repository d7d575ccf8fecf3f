// Subscriptions that are pulled, ordered, filtered, replayed, expired and restarted, on the movable clock.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PubSub } from "@google-cloud/pubsub";
import { afterEach, expect, test } from "@jest/globals";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { endpoint, ours } from "./servers.ts";

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function world(options: Parameters<typeof ours>[0] = {}) {
  const started = await ours(options);
  cleanUps.push(started.stop);
  await started.farEnd.createTopic("notice");
  return started;
}

const subscription = "projects/sample-hub/subscriptions/pulled";

/** The client's generated stub: pulls once, without its streaming. */
async function subscriber(client: PubSub) {
  const { v1 } = await import("@google-cloud/pubsub");
  await client.getClientConfig();
  const stub = new v1.SubscriberClient({ ...client.options });
  cleanUps.push(() => stub.close());
  return {
    async pull(maxMessages = 100) {
      const [{ receivedMessages }] = await stub.pull({ subscription, maxMessages, returnImmediately: true });
      return (receivedMessages ?? []).map(({ ackId, message, deliveryAttempt }) => ({
        ackId: ackId ?? "",
        text: Buffer.from(message?.data ?? "").toString(),
        deliveryAttempt,
      }));
    },
    /** Opens a stream by these requests, one after the other's answer; gives the code with which it ends. */
    async stream(...requests: readonly object[]): Promise<number> {
      const opened = stub.streamingPull();
      const ended = new Promise<number>((resolve) => {
        opened.on("error", ({ code }: Error & { code?: number }) => resolve(code ?? -1));
        opened.on("end", () => resolve(0));
      });
      opened.on("data", () => undefined);
      for (const request of requests) opened.write(request);
      opened.end();
      return ended;
    },
    acknowledge: (ackIds: string[]) => stub.acknowledge({ subscription, ackIds }),
    modify: (ackIds: string[], ackDeadlineSeconds: number) =>
      stub.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds }),
  };
}

const texts = (messages: { text: string }[]): string[] => messages.map(({ text }) => text);

test("a lease ends with its deadline; an extended one later; a nack at once", async () => {
  const { farEnd, client, clock } = await world();
  await farEnd.createSubscription({ name: "pulled", topic: "notice", ackDeadlineSeconds: 10 });
  const { pull, acknowledge, modify } = await subscriber(client);
  await farEnd.publish("notice", "x");
  const [first] = await pull();
  expect(first?.text).toBe("x");
  clock.moveBy(9 * second);
  expect(await pull()).toEqual([]);
  await modify([first?.ackId ?? ""], 60);
  clock.moveBy(59 * second);
  expect(await pull()).toEqual([]);
  clock.moveBy(1 * second);
  // Without a policy it comes again soon, but not in a hot loop.
  expect(await pull()).toEqual([]);
  clock.moveBy(100);
  const [second_] = await pull();
  await modify([second_?.ackId ?? ""], 0);
  clock.moveBy(200);
  const [third] = await pull();
  await acknowledge([first?.ackId ?? ""]);
  expect(farEnd.pending()).toBe(1);
  await acknowledge([third?.ackId ?? ""]);
  expect(farEnd.pending()).toBe(0);
});

test("the first request of a stream acknowledges, too", async () => {
  const { farEnd, client } = await world();
  await farEnd.createSubscription({ name: "pulled", topic: "notice" });
  const { pull, stream } = await subscriber(client);
  await farEnd.publish("notice", "x");
  const [first] = await pull();
  expect(farEnd.pending()).toBe(1);
  const ackIds = [first?.ackId ?? ""];
  expect(await stream({ subscription, streamAckDeadlineSeconds: 10, ackIds }, {})).toBe(0);
  expect(farEnd.pending()).toBe(0);
});

test.each([{ subscription }, { maxOutstandingMessages: 1 }, { maxOutstandingBytes: 1 }])(
  "what only opens a stream ends it later: %j",
  async (later) => {
    const { farEnd, client } = await world();
    await farEnd.createSubscription({ name: "pulled", topic: "notice" });
    const { stream } = await subscriber(client);
    expect(await stream({ subscription, streamAckDeadlineSeconds: 10 }, later)).toBe(3);
  },
);

test("a malformed acknowledgement id is refused", async () => {
  const { farEnd, client } = await world();
  await farEnd.createSubscription({ name: "pulled", topic: "notice" });
  const { acknowledge } = await subscriber(client);
  await expect(acknowledge(["nonsense"])).rejects.toMatchObject({ code: 3 });
});

/** A pulled subscription in order, with these messages: a message's first letter is its key. */
async function ordered(said: readonly string[], options = {}) {
  const made = await world();
  await made.farEnd.createSubscription({ name: "pulled", topic: "notice", ordering: true, ...options });
  const topic = made.client.topic("notice", { messageOrdering: true });
  for (const text of said)
    await topic.publishMessage({ data: Buffer.from(text), orderingKey: text.charAt(0) });
  return { ...made, ...(await subscriber(made.client)) };
}

test("in order by key: after a nack all later messages of the key come again, also the acknowledged", async () => {
  const { pull, acknowledge, modify, clock, farEnd } = await ordered(["a0", "b0", "a1", "a2", "a3"]);
  const taken = await pull();
  expect(texts(taken).toSorted()).toEqual(["a0", "a1", "a2", "a3", "b0"]);
  const idOf = (text: string): string => taken.find((one) => one.text === text)?.ackId ?? "";
  await acknowledge([idOf("a0"), idOf("a2"), idOf("b0")]);
  await modify([idOf("a1")], 0);
  clock.moveBy(second);
  const again = await pull();
  expect(texts(again)).toEqual(["a1", "a2", "a3"]);
  // Their first leases are void.
  await acknowledge([idOf("a3")]);
  expect(farEnd.pending()).toBe(3);
  await acknowledge(again.map(({ ackId }) => ackId));
  expect(farEnd.pending()).toBe(0);
});

test("in order by key: a deadline that passes brings the key again from there, and a late acknowledgement is void", async () => {
  const { pull, acknowledge, modify, clock, farEnd, state } = await ordered(["a0", "a1", "a2"]);
  const taken = await pull();
  const [a0 = "", a1 = "", a2 = ""] = taken.map(({ ackId }) => ackId);
  await modify([a0, a2], 60);
  clock.moveBy(11 * second);
  expect(await pull()).toEqual([]);
  await acknowledge([a2]);
  clock.moveBy(second);
  const again = await pull();
  expect(texts(again)).toEqual(["a1", "a2"]);
  await acknowledge([a1, ...again.map(({ ackId }) => ackId)]);
  // All but the first are acknowledged, and wait for it.
  expect(farEnd.pending()).toBe(1);
  await acknowledge([a0]);
  expect(farEnd.pending()).toBe(0);
  for (const table of ["pubsub_delivery", "pubsub_message"])
    expect(state.prepare(`SELECT count(*) AS left FROM ${table}`).get()).toEqual({ left: 0 });
});

test("in order by key: one that waits for its next try is not overtaken when one before it is acknowledged", async () => {
  const { pull, acknowledge, modify, clock } = await ordered(["a0", "a1", "a2"]);
  const [a0 = "", a1 = ""] = (await pull()).map(({ ackId }) => ackId);
  await modify([a1], 0);
  await acknowledge([a0]);
  expect(await pull()).toEqual([]);
  clock.moveBy(second);
  expect(texts(await pull())).toEqual(["a1", "a2"]);
});

test("in order by key: a small pull takes the first, and the next is there for the next pull", async () => {
  const { pull, clock, modify } = await ordered(["a0", "a1", "a2"]);
  const [first] = await pull(1);
  expect(first?.text).toBe("a0");
  await modify([first?.ackId ?? ""], 0);
  // In its back-off nothing overtakes it.
  expect(await pull(1)).toEqual([]);
  clock.moveBy(second);
  expect(texts(await pull(1))).toEqual(["a0"]);
  expect(texts(await pull(1))).toEqual(["a1"]);
});

test("a filter lets through what it matches", async () => {
  const { farEnd, client } = await world();
  await farEnd.createSubscription({ name: "pulled", topic: "notice", filter: 'attributes.hub = "leap"' });
  const { pull } = await subscriber(client);
  await farEnd.publish("notice", "no", { hub: "other" });
  await farEnd.publish("notice", "yes", { hub: "leap" });
  expect(texts(await pull())).toEqual(["yes"]);
  expect(farEnd.pending()).toBe(1);
});

test("seek: back in time brings what was retained, forward throws away", async () => {
  const { farEnd, client, clock } = await world();
  await farEnd.createSubscription({ name: "pulled", topic: "notice", retainAcked: true });
  const { pull, acknowledge } = await subscriber(client);
  await farEnd.publish("notice", "early");
  clock.moveBy(minute);
  const between = clock.now();
  clock.moveBy(minute);
  await farEnd.publish("notice", "late");
  await acknowledge((await pull()).map(({ ackId }) => ackId));
  expect(await pull()).toEqual([]);
  await client.subscription("pulled").seek(between);
  expect(texts(await pull())).toEqual(["late"]);
  await client.subscription("pulled").seek(new Date(clock.now().getTime() + 1));
  expect(farEnd.pending()).toBe(0);
});

test("a topic that retains brings its messages to a later subscription that seeks", async () => {
  const { farEnd, client, clock } = await world();
  await client.createTopic({ name: "kept", messageRetentionDuration: { seconds: 3600 } });
  const start = clock.now();
  await farEnd.publish("kept", "before");
  await farEnd.createSubscription({ name: "pulled", topic: "kept" });
  const { pull } = await subscriber(client);
  expect(await pull()).toEqual([]);
  await client.subscription("pulled").seek(start);
  expect(texts(await pull())).toEqual(["before"]);
});

test("retention ends a message, and frees what its ordering key held back", async () => {
  const { farEnd, client, clock } = await world();
  await farEnd.createSubscription({
    name: "pulled",
    topic: "notice",
    ordering: true,
    retentionMilliseconds: 10 * minute,
  });
  const { pull } = await subscriber(client);
  const topic = client.topic("notice", { messageOrdering: true });
  await topic.publishMessage({ data: Buffer.from("old"), orderingKey: "k" });
  clock.moveBy(8 * minute);
  await topic.publishMessage({ data: Buffer.from("young"), orderingKey: "k" });
  clock.moveBy(3 * minute);
  expect(texts(await pull())).toEqual(["young"]);
  expect(farEnd.pending()).toBe(1);
});

test("a subscription that nobody uses expires, unless it never does", async () => {
  const { farEnd, client, clock } = await world();
  await farEnd.createSubscription({ name: "short", topic: "notice", expiresAfterMilliseconds: 2 * day });
  await farEnd.createSubscription({ name: "pulled", topic: "notice", neverExpires: true });
  clock.moveBy(400 * day);
  await farEnd.idle();
  const [left] = await client.getSubscriptions();
  expect(left.map(({ name }) => name)).toEqual([subscription]);
});

test("everything is there after a restart: what waited, the back-off, and the push that was under way", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pubsub-"));
  cleanUps.push(async () => rmSync(folder, { recursive: true }));
  const hook = await endpoint((pushed) => (pushed.text === "hangs" ? "hang" : 500));
  cleanUps.push(hook.close);
  const clock = stoppedClock(new Date("2026-03-02T08:00:00Z"));
  const first = await ours({ state: openState(join(folder, "state.db")), clock });
  await first.farEnd.createTopic("notice");
  await first.farEnd.createTopic("undelivered");
  const asked = {
    name: "send",
    topic: "notice",
    push: { endpoint: hook.url },
    deadLetter: { topic: "undelivered", maxAttempts: 10 },
    retry: { minimumMilliseconds: 10 * second, maximumMilliseconds: 600 * second },
  };
  await first.farEnd.createSubscription(asked);
  await first.farEnd.publish("notice", "fails");
  await first.farEnd.idle();
  await first.farEnd.publish("notice", "hangs");
  await hook.count(2);
  await first.stop();
  first.state.close();

  const other = await endpoint();
  cleanUps.push(other.close);
  const second_ = await world({ state: openState(join(folder, "state.db")), clock, onHold: true });
  await second_.farEnd.createSubscription({ ...asked, push: { endpoint: other.url } });
  expect(second_.farEnd.pending()).toBe(2);
  second_.farEnd.release();
  await second_.farEnd.idle();
  expect(second_.farEnd.pending()).toBe(1);
  clock.moveBy(10 * second);
  await second_.farEnd.idle();
  const all = [...hook.got, ...other.got].map(({ text, body }) => [text, body.deliveryAttempt]);
  expect(all.filter(([text]) => text === "fails")).toEqual([
    ["fails", 1],
    ["fails", 2],
  ]);
  expect(all.filter(([text]) => text === "hangs")).toEqual([
    ["hangs", 1],
    ["hangs", 2],
  ]);
  expect(second_.farEnd.pending()).toBe(0);
});
