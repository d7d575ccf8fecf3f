// Google's Pub/Sub emulator by the same scenarios as ours (pubsub.test.ts), and on both those that last as long as the
// shortest ack deadline, 10 s of real time.
import type { PubSub } from "@google-cloud/pubsub";
import { afterAll, describe, expect, test } from "@jest/globals";
import { realClock } from "../../local/wire/movable-clock.ts";
import { googles, ours } from "../local/pubsub/servers.ts";
import { saySkipped } from "../skipped.ts";
import { bounds } from "./pubsub.bounds.ts";
import { knownDifferences } from "./pubsub.differences.ts";
import {
  byHand,
  copies,
  fresh,
  pushes,
  receiver,
  retries,
  streams,
  things,
  topicOf,
} from "./pubsub.scenarios.ts";

const google = await googles();
const own = await ours({ clock: realClock(), random: Math.random });
afterAll(async () => {
  await own.stop();
  if ("stop" in google) await google.stop();
});

describe("ours", () => deadlines(own.client));
if ("missing" in google) saySkipped("test/conformance/pubsub.long.ts, Google's emulator", google.missing);
else {
  const { client } = google;
  describe("Google's emulator", () => {
    pushes(client);
    retries(client);
    streams(client);
    copies(client);
    things(client);
    byHand(client);
    bounds(client);
    deadlines(client);
  });
  describe("where Google's emulator is known to differ", () => knownDifferences("emulator", client));
}

function deadlines(client: PubSub): void {
  test("a push that hangs is pushed again after the deadline", async () => {
    const hook = await receiver((_pushed, count) => (count === 1 ? "hang" : 204));
    const topic = await topicOf(client);
    await topic.createSubscription(fresh("sub"), { pushEndpoint: hook.url, ackDeadlineSeconds: 10 });
    await topic.publishMessage({ data: Buffer.from("x") });
    await hook.count(2);
    const wait = (hook.got[1]?.at ?? 0) - (hook.got[0]?.at ?? 0);
    expect(wait).toBeGreaterThan(9_900);
  });

  test("a stream's client extends the deadline for as long as its handler works", async () => {
    const topic = await topicOf(client);
    const [subscription] = await topic.createSubscription(fresh("sub"), { ackDeadlineSeconds: 10 });
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
}
