// Which machines nobody needs, one by one, each at the edge of its rule.
import { expect, test } from "@jest/globals";
import { type Known, whyNotNeeded } from "../../../functions/sweep-machines/decide.ts";
import { shard, transfer } from "../run-transfer/samples.ts";

const now = new Date("2026-11-21T12:00:00Z");

/** A machine of shard 1, in its second attempt, of a transfer that may last for twelve hours. */
const whyGone = (known: Known, machine: { seconds?: number; status?: string; shard?: string } = {}) => {
  const { seconds = 3600, status = "RUNNING", shard = "1" } = machine;
  const createdAt = Number.isNaN(seconds) ? "once" : new Date(now.getTime() - seconds * 1000).toISOString();
  const labels = { hub: "prod", transfer: "t1", shard, attempt: "2" };
  const found = { id: "7", name: "transfer-prod-t1-1", zone: "us-central1-a", status, createdAt, labels };
  return whyNotNeeded(found, known, { now, maximumHours: 12 });
};

const running = transfer([
  shard({ n: 0, state: "done", attempt: 2 }),
  shard({ n: 1, state: "running", attempt: 2 }),
  shard({ n: 2, state: "running", attempt: 3 }),
  shard({ n: 3, state: "failed", attempt: 2 }),
]);

test.each([
  ["a machine at work is needed", running, {}, undefined],
  ["until no transfer may last so long", running, { seconds: 43_200 }, undefined],
  ["and no longer", running, { seconds: 43_201 }, "it is older than a transfer may last"],
  [
    "one whose age nobody knows is not",
    running,
    { seconds: Number.NaN },
    "it is older than a transfer may last",
  ],
  ["nor one that was stopped", running, { status: "TERMINATED" }, "it was stopped"],
  ["in whichever word", running, { status: "STOPPED" }, "it was stopped"],
  ["or sleeps", running, { status: "SUSPENDED", seconds: 1 }, "it was stopped"],
  ["a young one is let be, known or not", undefined, { seconds: 599 }, undefined],
  ["for ten minutes", undefined, { seconds: 600 }, "no transfer knows it"],
  ["nobody knows of one whose record cannot be read", "unreadable", {}, undefined],
  ["of a transfer that is done", { ...running, state: "done" }, {}, "its transfer has ended"],
  ["of one that was cancelled", { ...running, state: "cancelled" }, {}, "its transfer has ended"],
  ["of a shard that is not there", running, { shard: "4" }, "its transfer has no such shard"],
  ["of an attempt before", running, { shard: "2" }, "another one has taken its place"],
  ["of a shard that is done", running, { shard: "0" }, "its shard is over"],
  ["of a shard that has failed", running, { shard: "3" }, "its shard is over"],
] as const)("%s", (_, known, machine, why) => {
  expect(whyGone(known, machine)).toBe(why);
});
