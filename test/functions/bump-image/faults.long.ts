// Every answer of GitHub is lost once after the work was done, also when a newer release takes a pull request over.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BumpStand, bumpStand } from "./stand.ts";
import { after, strikeEach } from "./strike.ts";

let stand: BumpStand;
beforeAll(async () => {
  stand = await bumpStand();
});
afterAll(() => stand.close());

test("GitHub", async () => expect(await strikeEach(stand, "github", [after])).toBeGreaterThan(15));
test("GitHub, when a newer release takes over", async () =>
  expect(await strikeEach(stand, "github", [after], "2024.10.01")).toBeGreaterThan(12));
