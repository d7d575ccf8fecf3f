// The deployment's topics and subscriptions on Google's own emulator, where it is installed.
import { afterAll, expect, test } from "@jest/globals";
import { googles, project } from "../local/pubsub/servers.ts";
import { saySkipped } from "../skipped.ts";
import { settingsWith, stackOf } from "./graph.ts";
import { expected, replay } from "./replay.ts";

const google = await googles();
if ("missing" in google) saySkipped("test/infra/replay.long.ts", google.missing);
afterAll(async () => {
  if ("stop" in google) await google.stop();
});

test("Google's emulator takes them all, as they are", async () => {
  if ("missing" in google) return;
  const graph = await stackOf(settingsWith({ project }));
  expect(await replay(graph, google.client)).toEqual(expected);
});
