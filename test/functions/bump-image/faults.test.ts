// Calls of the worker fail once before they are done, and the ledger's are refused: every third here, all of them in
// faults.long.ts, which loses the answers, too.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BumpHarness, bumpHarness, proposed } from "./harness.ts";
import { before, refused, strikeEach } from "./strike.ts";

const every = 3;
let harness: BumpHarness;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

test("GitHub", async () =>
  expect(await strikeEach(harness, "github", [before], { every })).toBeGreaterThan(5));
test("a registry", async () =>
  expect(await strikeEach(harness, "registry", [before], { every })).toBeGreaterThan(3));
test("the ledger", async () =>
  expect(await strikeEach(harness, "storage", [refused], { every })).toBeGreaterThan(2));
test("the topic", async () => {
  const hub = harness.hub();
  hub.publishing.failAt = 1;
  await hub.deliver();
  expect(hub.end()).toEqual(proposed(hub));
  expect(hub.failures()).toBe(1);
});
