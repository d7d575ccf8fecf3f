// Every call of the worker fails once before it is done, the ledger's are refused, and every answer of GitHub is lost once after
// the work was done, also when a newer release takes a pull request over.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BumpStand, bumpStand } from "./stand.ts";
import { after, before, refused, strikeEach } from "./strike.ts";

let stand: BumpStand;
beforeAll(async () => {
  stand = await bumpStand();
});
afterAll(() => stand.close());

test("GitHub", async () => expect(await strikeEach(stand, "github", [before, after])).toBeGreaterThan(30));
test("GitHub, when a newer release takes over", async () =>
  expect(await strikeEach(stand, "github", [after], { takenOver: "2024.10.01" })).toBeGreaterThan(12));
test("a registry", async () => expect(await strikeEach(stand, "registry", [before])).toBeGreaterThan(10));
test("the ledger", async () => expect(await strikeEach(stand, "storage", [refused])).toBeGreaterThan(8));
