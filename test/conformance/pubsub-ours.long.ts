// Our Pub/Sub by the scenarios that Google's emulator is held to as well (pubsub.long.ts), and by what is known to differ.
import { afterAll, describe, expect, test } from "@jest/globals";
import { realClock } from "../../local/wire/movable-clock.ts";
import { ours } from "../local/pubsub/servers.ts";
import { expectCalled } from "./calls.ts";
import { bounds } from "./pubsub.bounds.ts";
import { knownDifferences } from "./pubsub.differences.ts";
import { byHand, copies, pushes, retries, streams, things, topicOf } from "./pubsub.scenarios.ts";

const own = await ours({ clock: realClock(), random: Math.random });
afterAll(own.stop);

describe("ours", () => {
  pushes(own.client);
  retries(own.client);
  streams(own.client);
  copies(own.client);
  things(own.client);
  byHand(own.client);
  bounds(own.client);
});
describe("ours, as the cloud and not as the emulator", () => knownDifferences("ours", own.client));

// The emulator takes the 11 MB or hangs, by its mood and its memory.
test("a message of 11 MB is refused", async () => {
  const topic = await topicOf(own.client);
  const { v1 } = await import("@google-cloud/pubsub");
  const stub = new v1.PublisherClient({ ...own.client.options });
  const publishing = stub.publish({ topic: topic.name, messages: [{ data: Buffer.alloc(11_000_000, 1) }] });
  await expect(publishing.finally(() => stub.close())).rejects.toMatchObject({ code: 3 });
});

afterAll(() => expectCalled("Pub/Sub's scenarios"));
