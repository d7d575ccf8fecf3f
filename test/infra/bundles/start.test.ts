// Archives as the platform starts them: alone in a folder with the framework. What the lean plugin cuts away would be missed
// here, where gRPC, storage and Google's APIs are really called. All fourteen, with all flows: start.long.ts.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type FunctionName, rowOf } from "../../../shared/functions.ts";
import { sample } from "../../flows/sample.ts";
import { type Effect, firstEffects } from "./first-effect.ts";
import { type BundleHarness, bundleHarness } from "./harness.ts";
import { answerOf } from "./platform.ts";

// A door, a worker that publishes, the one that mails, and one that asks for machines.
const names = ["sheet-webhook", "sync-members", "send-notice", "sweep-machines"] as const;
const hub = sample();
let harness: BundleHarness;
let effectOf: (name: FunctionName) => Effect;

beforeAll(async () => {
  harness = await bundleHarness(hub, names);
  effectOf = firstEffects(harness.instance);
});
afterAll(() => harness.close());

const urlOf = (name: FunctionName) => harness.urlOf(name);

test.each(names)("%s lets nobody in without a proof", async (name) => {
  expect(await answerOf(urlOf(name), { method: "POST" })).toBe(rowOf(name).kind === "door" ? 401 : 403);
});

test("a save of the sheet goes from door to worker to mail", async () => {
  const { call, accepted } = effectOf("sheet-webhook");
  expect(await answerOf(urlOf("sheet-webhook"), call)).toBe(accepted);
  await harness.instance.farEnds.pubsub.idle();
  expect(harness.instance.farEnds.github.snapshot("sample-hub").pending).toHaveLength(14);
  expect(hub.mailedTo()).toHaveLength(18);
});

test("machines are asked for through the cut client", async () => {
  const { call, accepted } = effectOf("sweep-machines");
  expect(await answerOf(urlOf("sweep-machines"), call)).toBe(accepted);
  const asked = [...harness.instance.farEnds.faults.calls().keys()].filter((one) =>
    one.startsWith("compute"),
  );
  expect(asked).toEqual(["compute GET /compute/v1/projects/sample-hub/aggregated/instances"]);
  expect(harness.instance.farEnds.violations()).toEqual([]);
});
