// Every function from its archive, as the platform starts it: its first answer, its first effect, and all four flows, machines
// that copy included.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type FunctionName, functionNames, rowOf } from "../../../shared/functions.ts";
import { testWithRclone } from "../../flows/rclone.ts";
import { sample } from "../../flows/sample.ts";
import { type Effect, firstEffects } from "./first-effect.ts";
import { type BundleHarness, bundleHarness } from "./harness.ts";
import { answerOf } from "./platform.ts";

const hub = sample();
const withRclone = await testWithRclone("test/infra/bundles/start.long.ts");
let harness: BundleHarness;
let effectOf: (name: FunctionName) => Effect;

beforeAll(async () => {
  harness = await bundleHarness(hub);
  effectOf = firstEffects(harness.instance);
});
afterAll(() => harness.close());

const urlOf = (name: FunctionName) => harness.urlOf(name);

test.each(functionNames)("%s lets nobody in without a proof", async (name) => {
  // The platform refuses for a worker, a door by itself.
  const status = rowOf(name).kind === "worker" ? 403 : 401;
  expect(await answerOf(urlOf(name), { method: "POST" })).toBe(status);
});

withRclone("all four flows run from the archives, and nothing is left to do", async () => {
  const { farEnds } = harness.instance;
  const runs = await harness.instance.runOnce();
  expect(runs.filter(({ outcome }) => outcome !== "done")).toEqual([]);
  const flows = new Set(runs.filter(({ effects }) => effects.length > 0).map(({ flow }) => flow));
  const all = ["bump-image", "run-transfer", "scan-quotas", "send-notice", "sync-members"];
  expect([...flows].sort()).toEqual(all);
  expect(farEnds.github.snapshot("sample-hub").pending).toHaveLength(14);
  expect(farEnds.github.upstream.pulls("sample-operator/infrastructure")).toHaveLength(1);
  expect(farEnds.compute.made()).toBe(3);
  expect(farEnds.compute.machines()).toEqual([]);
  // 18 of the members' flow, three people above a limit; the team is told in Slack.
  expect(hub.mailedTo()).toHaveLength(21);
  expect((await harness.instance.runOnce()).flatMap(({ effects }) => effects)).toEqual([]);
  expect(farEnds.violations()).toEqual([]);
});

test.each(functionNames)("%s does its work", async (name) => {
  const { call, accepted } = effectOf(name);
  expect([await answerOf(urlOf(name), call), harness.output()]).toEqual([
    accepted,
    expect.not.stringContaining("failed"),
  ]);
});
