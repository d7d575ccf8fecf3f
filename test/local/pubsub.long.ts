// Scenarios that last as long as the shortest ack deadline, 10 s of real time, on both servers.

import type { PubSub } from "@google-cloud/pubsub";
import { afterAll, describe, expect, jest, test } from "@jest/globals";
import { endpoint, googles, ours, realClock } from "./pubsub.servers.ts";

jest.setTimeout(60_000);
const google = await googles();
if ("missing" in google)
  process.stderr.write(`SKIPPED: deadlines of Google's Pub/Sub emulator: ${google.missing}\n`);
const own = await ours({ clock: realClock(), random: Math.random });
const servers: [string, PubSub][] = [["ours", own.client]];
if ("client" in google) servers.push(["Google's emulator", google.client]);
afterAll(async () => {
  await own.stop();
  if ("stop" in google) await google.stop();
});

describe.each(servers)("%s", (_, client) => {
  test("a push that hangs is pushed again after the deadline", async () => {
    const hook = await endpoint((_pushed, count) => (count === 1 ? "hang" : 204));
    const [topic] = await client.createTopic("hanging");
    await topic.createSubscription("hanging", { pushEndpoint: hook.url, ackDeadlineSeconds: 10 });
    await topic.publishMessage({ data: Buffer.from("x") });
    await hook.count(2);
    const wait = (hook.got[1]?.at ?? 0) - (hook.got[0]?.at ?? 0);
    expect(wait).toBeGreaterThan(9_900);
    expect(wait).toBeLessThan(15_000);
    await hook.close();
  });

  test("a stream's client extends the deadline for as long as its handler works", async () => {
    const [topic] = await client.createTopic("slow");
    const [subscription] = await topic.createSubscription("slow", { ackDeadlineSeconds: 10 });
    let seen = 0;
    const done = new Promise<void>((resolve) => {
      subscription.on("message", (message) => {
        seen += 1;
        setTimeout(() => {
          message.ack();
          resolve();
        }, 14_000);
      });
    });
    await topic.publishMessage({ data: Buffer.from("x") });
    await done;
    expect(seen).toBe(1);
    await subscription.close();
  });
});
