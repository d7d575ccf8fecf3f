// The deployment's topics and subscriptions on our own Pub/Sub; replay.long.ts does the same on Google's.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ours, project } from "../local/pubsub/servers.ts";
import { type Graph, settingsWith, stackOf } from "./graph.ts";
import { expected, replay } from "./replay.ts";

let graph: Graph;
beforeAll(async () => {
  graph = await stackOf(settingsWith({ project }));
});

const servers: Awaited<ReturnType<typeof ours>>[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});
async function server() {
  const started = await ours();
  servers.push(started);
  return started.client;
}

test("all of them are taken, as they are", async () => {
  expect(await replay(graph, await server())).toEqual(expected);
});

describe("a slip that mocks let pass is refused", () => {
  /** The graph with one word changed. */
  const slip = (from: string, to: string): Graph => {
    const changed = JSON.parse(JSON.stringify(graph.resources).replaceAll(from, to));
    return {
      ...graph,
      of: (type) =>
        changed
          .filter((one: { type: string }) => one.type === type)
          .map((one: { inputs: Record<string, unknown> }) => one.inputs),
    };
  };

  test.each([
    ["a deadline of 5 s", '"ackDeadlineSeconds":30,', '"ackDeadlineSeconds":5,', 3],
    ["three attempts", '"maxDeliveryAttempts":100', '"maxDeliveryAttempts":3', 11],
    ["a back-off of 700 s", '"maximumBackoff":"600s"', '"maximumBackoff":"700s"', 3],
    ["a dead-letter topic that nobody made", "topics/undelivered", "topics/undeliverable", 5],
    ["a topic's name that begins with goog", '"name":"notice"', '"name":"google-notice"', 3],
    ["a push to no address", '"pushEndpoint":"https://', '"pushEndpoint":"htp://', 3],
  ])("%s", async (_what, from, to, code) => {
    await expect(replay(slip(from, to), await server())).rejects.toMatchObject({ code });
  });
});
