// Forty minutes without one of the services that we call, or with one that asks to be left alone: nothing is undelivered, and when it
// is over all is as it would have been.
import { describe, expect, test } from "@jest/globals";
import { expectMadeGood, suffered } from "./suffered.ts";

const names = {
  down: [
    "github-down",
    "sheet-down",
    "gmail-down",
    "slack-down",
    "prometheus-down",
    "registry-down",
    "compute-down",
    "storage-down",
    "secrets-down",
  ],
  limits: ["github-limit", "sheet-limit", "gmail-limit", "slack-limit", "registry-limit"],
};

describe("forty minutes", () => {
  test("without a service: all is made good", async () => {
    const ends = await suffered("down");
    expect(ends.map(({ name }) => name).sort()).toEqual([...names.down].sort());
    for (const end of ends) expectMadeGood(end);
  }, 600_000);

  test("with one that asks to be left alone: asked once, or twice by whoever was under way, and made good", async () => {
    const ends = await suffered("limits");
    expect(ends.map(({ name }) => name).sort()).toEqual([...names.limits].sort());
    for (const end of ends) expectMadeGood(end);
    expect(ends.filter(({ refused }) => refused > 2)).toEqual([]);
  }, 600_000);
});

test("a way to the team that is gone for longer than an hour is told by the other one, and that it is over, too", async () => {
  const gone = await suffered("untold");
  for (const end of gone) expectMadeGood(end);
  expect(gone.map(({ name, told }) => [name, told])).toEqual([
    ["slack-down", ["mail: stands", "mail: over"]],
    ["gmail-down", ["slack: stands", "slack: over"]],
  ]);
}, 600_000);
