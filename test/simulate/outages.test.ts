// Forty minutes with a service that asks to be left alone: it is left alone, and afterwards all is as it would have been. The
// *.long.ts beside this has those that are not there at all.
import { beforeAll, expect, test } from "@jest/globals";
import { expectMadeGood, type Suffered, suffered } from "./suffered.ts";

let ends: Suffered[];
beforeAll(async () => {
  ends = await suffered("limits");
}, 600_000);

test.each(["github-limit", "sheet-limit", "gmail-limit", "slack-limit", "registry-limit"])(
  "%s: asked once, or twice by whoever was under way, and made good",
  (name) => {
    const end = ends.find((one) => one.name === name);
    expectMadeGood(end);
    expect(end?.refused).toBeLessThanOrEqual(2);
  },
);

test("a way to the team that is gone for longer than an hour is told by the other one", async () => {
  const gone = await suffered("untold");
  for (const end of gone) expectMadeGood(end);
  expect(gone.map(({ name, told }) => [name, told])).toEqual([
    ["slack-down", ["mail"]],
    ["gmail-down", ["slack"]],
  ]);
}, 600_000);
