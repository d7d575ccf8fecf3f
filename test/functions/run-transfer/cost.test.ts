// Tests of what a transfer costs, in numbers that were worked out by hand: before, so far, and to its end.
import { describe, expect, test } from "@jest/globals";
import {
  budgetOf,
  costToEnd,
  overLimit,
  priceWarning,
  secondsUsed,
  spent,
  withoutGone,
} from "../../../functions/run-transfer/cost.ts";
import type { Place } from "../../../functions/run-transfer/request.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { list, shard, transfer } from "./samples.ts";

const sample = sampleTransfers();
const settings = {
  ...{ ...sample, gigabytesPerMachine: 1000, dollarsPerEgressGB: 0.1 },
  machine: { ...sample.machine, dollarsPerHour: 2 },
  limits: { ...sample.limits, machines: 4, gigabytes: 5, dollars: 10, hours: 1 },
};
/** Bytes that one machine moves in an hour at the slowest pace, and in a fifth of one at the best. */
const hourly = 504e9;

const sized = (...sizes: number[]) => ({
  objects: sizes.length,
  bytes: sizes.reduce((sum, size) => sum + size, 0),
  largest: Math.max(0, ...sizes),
});

describe("beforehand", () => {
  test("hours, and dollars for machines, for what leaves Google and for each object", () => {
    const of = (leaving: number) => budgetOf(sized(hourly), settings, leaving);
    const hours = [expect.closeTo(0.25, 9), expect.closeTo(1.05, 9)];
    expect(of(0)).toEqual({ machines: 1, hours, dollars: expect.closeTo(2.1000054, 9) });
    expect(budgetOf(sized(hourly, hourly), settings, 0)).toMatchObject({ machines: 2, hours });
    expect(of(hourly)).toEqual({ machines: 1, hours, dollars: expect.closeTo(52.5000054, 9) });
  });

  test("dollars at most: those of the dearest machine that the settings approve", () => {
    const machine = { ...settings.machine, standard: { dollarsPerHour: 5 } };
    const { dollars } = budgetOf({ objects: 1, bytes: hourly, largest: hourly }, { ...settings, machine }, 0);
    expect(dollars).toBeCloseTo(5.2500054, 9);
  });

  test.each([
    ["no object", [], 1],
    ["as many as the bytes need", [900e9, 900e9, 900e9], 3],
    ["no more than the limit", Array<number>(9).fill(1000e9), 4],
    ["no more than the largest object lets work at once", [2000e9, 500e9], 2],
  ])("machines: %s", (_, sizes, machines) => {
    expect(budgetOf(sized(...sizes), settings, 0).machines).toBe(machines);
  });

  test("what is just within every limit is within it", () => {
    const plan = { machines: 1, hours: [1, 5] as [number, number], dollars: 10, bytes: 5e9 };
    const hub = { dollarsPerDay: 10, dollarsPerMonth: 10 };
    expect(overLimit(plan, settings, hub)).toBeUndefined();
    expect(overLimit({ ...plan, bytes: 5e9 + 1 }, settings, hub)).toMatch(/the limit is 5 GB$/);
  });

  test("prices are old after ninety days", () => {
    expect(priceWarning("2026-01-01", new Date("2026-04-01T00:00:00.000Z"))).toBeUndefined();
    expect(priceWarning("2026-01-01", new Date("2026-04-01T00:00:00.001Z"))).toMatch(/of 2026-01-01/);
  });
});

describe("on the way", () => {
  const now = new Date("2026-11-21T11:00:00.000Z");
  const since = "2026-11-21T10:30:00.000Z";
  const inside: Place = { remote: "a", path: "", store: { kind: "gcs", bucket: "a" } };
  const s3 = { kind: "s3", endpoint: "https://s3.example.org", region: "r", provider: "Other" } as const;
  const outside: Place = { remote: "b", path: "", store: { ...s3, bucket: "b" } };
  const leaving = { request: { from: inside, to: outside }, settings, now };
  const staying = { request: { from: inside, to: inside }, settings, now };

  test("spent: machines by the second, those that run with them, and what has left Google", () => {
    const lists = [
      list({ bytes: 60e9, left: { objects: 1, bytes: 20e9 } }),
      list({ bytes: 20e9, left: { objects: 0, bytes: 0 }, state: "done" }),
    ];
    const of = transfer([shard(), shard({ state: "running", since })], { lists, machineSeconds: 3600 });
    expect([spent(of, staying), spent(of, leaving)]).toEqual([3, 9]);
  });

  test("spent: a standard machine at its own price, while it runs and when it is over", () => {
    const approved = { ...settings.machine, standard: { dollarsPerHour: 5 } };
    const dear = { ...staying, settings: { ...settings, machine: approved } };
    const runs = shard({ state: "running", since, standard: true });
    expect(spent(transfer([runs], { machineSeconds: 3600, dearer: 7 }), dear)).toBeCloseTo(2 + 7 + 2.5, 9);
  });

  test("what is only read back leaves nobody: neither spent nor to its end", () => {
    const left = { objects: 2, bytes: 900e9, copyBytes: 20e9 };
    const of = transfer([shard()], { lists: [list({ bytes: 960e9, copyBytes: 60e9, left })] });
    expect(spent(of, leaving)).toBeCloseTo(40 * settings.dollarsPerEgressGB, 9);
    expect(costToEnd(of, leaving) - costToEnd(of, staying)).toBeCloseTo(60 * settings.dollarsPerEgressGB, 9);
  });

  test("to its end: what is left at the slowest pace, without what its machine has run and what is over", () => {
    const left = { objects: 1000, bytes: hourly };
    const cost = (
      more: Parameters<typeof shard>[0],
      of = staying,
      state: "open" | "done" | "failed" = "open",
    ) => costToEnd(transfer([shard(more)], { lists: [list({ bytes: hourly, left, state })] }), of);
    expect(cost({})).toBeCloseTo(2.1054, 9);
    expect(cost({}, leaving)).toBeCloseTo(2.1054 + 50.4, 9);
    // Half an hour is spent, and counted once.
    expect(cost({ state: "running", since })).toBeCloseTo(2.1054, 9);
    expect(cost({ state: "running", since: "2026-11-21T01:00:00.000Z" })).toBeCloseTo(20.0054, 9);
    expect([cost({}, staying, "done"), cost({}, staying, "failed")]).toEqual([0, 0]);
    // Of four lists two are taken at a time, by machines of which one runs.
    const four = [0, 1, 2, 3].map((n) =>
      list({ n, bytes: hourly / 4, left: { objects: 250, bytes: hourly / 4 } }),
    );
    const two = [shard({ state: "running", since }), shard({ n: 1 })];
    // Half an hour is spent, of which 0.3 may be for the list in hand.
    expect(costToEnd(transfer(two, { lists: four }), staying)).toBeCloseTo(1 + 2 * 0.8 + 0.0054, 9);
  });

  test("a machine costs until it is gone, and not until its last word", () => {
    const of = transfer([shard()], { machineSeconds: 60, ending: { "0-1": since, "1-2": since } });
    expect(spent(of, staying)).toBeCloseTo((2 * (60 + 2 * 1800)) / 3600, 9);
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
