// Every call of the worker fails once before it is done, and the ledger's are refused; faults.long.ts loses the answers, too.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BumpStand, bumpStand, proposed } from "./stand.ts";
import { before, refused, strikeEach } from "./strike.ts";

let stand: BumpStand;
beforeAll(async () => {
  stand = await bumpStand();
});
afterAll(() => stand.close());

test("GitHub", async () => expect(await strikeEach(stand, "github", [before])).toBeGreaterThan(15));
test("a registry", async () => expect(await strikeEach(stand, "registry", [before])).toBeGreaterThan(10));
test("the ledger", async () => expect(await strikeEach(stand, "storage", [refused])).toBeGreaterThan(8));
test("the topic", async () => {
  const scene = stand.scene();
  scene.publishing.failAt = 1;
  await scene.deliver();
  expect(scene.end()).toEqual(proposed(scene));
  expect(scene.failures()).toBe(1);
});
