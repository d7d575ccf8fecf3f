// Tests of what a transfer that runs costs to its end, in numbers that were worked out by hand.
import { describe, expect, test } from "@jest/globals";
import { costToEnd, secondsUsed, withoutGone } from "../../../functions/run-transfer/cost.ts";
import { hoursOf, paceOf } from "../../../functions/run-transfer/hours.ts";
import { totalOf } from "../../../shared/transfers/figures.ts";
import { type InFlight, secondsRun } from "../../../shared/transfers/spent.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { figures, list, shard, transfer } from "./samples.ts";

const sample = sampleTransfers();
const settings = { ...sample, machine: { ...sample.machine, dollarsPerHour: 2 } };
const now = new Date("2026-11-21T11:00:00.000Z");
const since = "2026-11-21T10:30:00.000Z";
const nothing: InFlight = new Map();

describe("to its end", () => {
  const dollars = { egress: 40, retrieval: 8, operations: 2, machines: 2 };
  /** An hour for all bytes of a list, and 80 s for its turns. */
  const slowest = { bytesPerSecond: 1000 / 3600, turnSeconds: 0.8 };
  const whole = { objects: 100, bytes: 1000 };
  /** Of two lists, one that is over and another with all of its bytes and objects. */
  const cost = (
    more: Parameters<typeof list>[0],
    machine: Parameters<typeof shard>[0],
    inFlight: InFlight,
  ) => {
    const over = list({ ...whole, n: 1, state: "done", left: { objects: 0, bytes: 0 }, sent: whole });
    const lists = [list({ ...whole, ...more }), over];
    const of = transfer([shard(machine)], { lists, figures: figures({ dollars, slowest }) });
    return costToEnd(of, { settings, inFlight, now });
  };
  /** Two dollars an hour: for the beginnings of a machine and of a list, its bytes and its turns. */
  const all = (2 * (180 + 10 + 3600 + 80)) / 3600;

  test.each([
    // Half of egress, retrieval and requests is spent, and half to come.
    ["all is left", {}, {}, nothing, 25 + 25 + all],
    [
      "a tenth is left, of the hours too",
      { left: { objects: 10, bytes: 100 } },
      {},
      nothing,
      25 + 2.5 + (2 * (180 + 10 + 360 + 8)) / 3600,
    ],
    ["what its machine has run is spent, and counted once", {}, { since }, nothing, 25 + 25 + all],
    ["of what is in flight as well", {}, {}, new Map([[0, { objects: 50, bytes: 500 }]]), 25 + 25 + all],
    [
      "what was sent in vain is spent, and to be sent again",
      { sent: { objects: 0, bytes: 1000 } },
      {},
      nothing,
      25 + 24 + 25 + all,
    ],
    ["a machine that is late costs what it has run", {}, { since: "2026-11-21T01:00:00.000Z" }, nothing, 70],
    ["what is given up is left out", { state: "failed" as const }, {}, nothing, 25],
  ])("%s", (_, more, machine, inFlight, is) => {
    expect(cost(more, machine, inFlight)).toBeCloseTo(is, 9);
  });

  test("of four lists two are taken at a time, by machines of which one runs", () => {
    const lists = [0, 1, 2, 3].map((n) => list({ n, ...whole }));
    const shards = [shard({ state: "running", since }), shard({ n: 1 })];
    const of = transfer(shards, { lists, figures: figures({ dollars, slowest }) });
    const machines = (2 * (2 * 180 + 4 * 3690)) / 3600;
    expect(costToEnd(of, { settings, inFlight: nothing, now })).toBeCloseTo(50 + machines, 9);
  });

  test("a plan that begins costs no more than it said", () => {
    const lists = [0, 1, 2].map((n) => list({ n, objects: 1000, bytes: 700e9 }));
    const work = { bytes: 2100e9, turns: 3000 };
    const hours = hoursOf({ ...work, largest: 1e9, lists: 3, machines: 2 }, paceOf(5, []));
    const plan = figures({ dollars: { ...dollars, machines: 2 * 2 * hours[1] }, hours, work });
    const of = transfer([shard(), shard({ n: 1 })], { lists, figures: plan });
    expect(costToEnd(of, { settings, inFlight: nothing, now })).toBeCloseTo(totalOf(plan.dollars), 9);
  });
});

describe("on the way", () => {
  test("a machine costs until it is gone, and not until its last word", () => {
    const of = transfer([shard()], { machineSeconds: 60, ending: { "0-1": since, "1-2": since } });
    expect(secondsRun(of, now)).toBe(60 + 2 * 1800);
    const there = [
      { shard: 0, attempt: 1 },
      { shard: 1, attempt: 3 },
    ];
    const half = withoutGone(of, there, now);
    expect([half.machineSeconds, half.ending]).toEqual([1860, { "0-1": since }]);
    expect(withoutGone(half, there, now)).toBe(half);
    const all = withoutGone(half, [], now);
    expect([all.machineSeconds, "ending" in all]).toEqual([3660, false]);
  });

  test("the time that it waits for its hub's budgets is none that it has used", () => {
    const startedAt = "2026-11-21T10:00:00.000Z";
    const waits = { for: "dollars", since, until: since };
    expect([
      secondsUsed({ startedAt }, now),
      secondsUsed({ startedAt, waits }, now),
      secondsUsed({ startedAt, waitedSeconds: 600 }, now),
    ]).toEqual([3600, 1800, 3000]);
  });
});
