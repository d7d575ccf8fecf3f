// Calls of the worker fail once before they are done, and the ledger's are refused: every third here, all of them in
// faults.long.ts, which loses the answers, too.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BumpStand, bumpStand, proposed } from "./stand.ts";
import { before, refused, strikeEach } from "./strike.ts";

const every = 3;
let stand: BumpStand;
beforeAll(async () => {
  stand = await bumpStand();
});
afterAll(() => stand.close());

test("GitHub", async () => expect(await strikeEach(stand, "github", [before], { every })).toBeGreaterThan(5));
test("a registry", async () =>
  expect(await strikeEach(stand, "registry", [before], { every })).toBeGreaterThan(3));
test("the ledger", async () =>
  expect(await strikeEach(stand, "storage", [refused], { every })).toBeGreaterThan(2));
test("the topic", async () => {
  const scene = stand.scene();
  scene.publishing.failAt = 1;
  await scene.deliver();
  expect(scene.end()).toEqual(proposed(scene));
  expect(scene.failures()).toBe(1);
});
