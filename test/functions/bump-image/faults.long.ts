// Every call of the worker fails once before it is done, the ledger's are refused, and every answer of GitHub is lost once after
// the work was done, also when a newer release takes a pull request over.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BumpHarness, bumpHarness } from "./harness.ts";
import { after, before, refused, strikeEach } from "./strike.ts";

let harness: BumpHarness;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

test("GitHub", async () => expect(await strikeEach(harness, "github", [before, after])).toBeGreaterThan(30));
test("GitHub, when a newer release takes over", async () =>
  expect(await strikeEach(harness, "github", [after], { takenOver: "2024.10.01" })).toBeGreaterThan(12));
test("a registry", async () => expect(await strikeEach(harness, "registry", [before])).toBeGreaterThan(10));
test("the ledger", async () => expect(await strikeEach(harness, "storage", [refused])).toBeGreaterThan(8));
