// Hours of transfers, in seconds that were worked out by hand, and what the pace of earlier ones changes of it.
import { describe, expect, test } from "@jest/globals";
import {
  busyMachines,
  hoursLeft,
  hoursOf,
  type Load,
  paceOf,
} from "../../../functions/run-transfer/hours.ts";
import { list } from "./samples.ts";

const load = (change: Partial<Load> = {}): Load => ({
  ...{ bytes: 875e9, turns: 10_000, largest: 0, lists: 1, machines: 1 },
  ...change,
});
const seconds = (of: Load, requests = 5) => hoursOf(of, paceOf(requests, [])).map((hours) => hours * 3600);

describe("without earlier transfers", () => {
  test.each([
    // Bytes: 1,000 s at best and 6,250 s at worst. Turns: 1,000 s and 2,500 s. To begin: 60 and 180 s, and 2 and 10 s a list.
    ["bytes and turns", {}, [1062, 8940]],
    ["nothing but a beginning", { bytes: 0, turns: 0 }, [62, 190]],
    ["many small objects", { bytes: 0, turns: 100_000 }, [10_062, 25_190]],
    ["two machines", { machines: 2 }, [561, 4560]],
    ["many lists", { lists: 100 }, [1260, 9930]],
    [
      "one object of nearly all bytes, which one machine copies",
      { machines: 2, largest: 700e9 },
      [861, 6435],
    ],
  ])("%s", (_, change, expected) => {
    expect(seconds(load(change))).toEqual(expected.map((each) => expect.closeTo(each, 6)));
  });

  test("more requests for each object", () => {
    const close = [expect.closeTo(12_062, 6), expect.closeTo(30_190, 6)];
    expect(seconds(load({ bytes: 0, turns: 100_000 }), 6)).toEqual(close);
  });
});

/** Seen once: a million small objects and 400 large ones, with eight streams for all, took some six hours. */
const mixed = load({ bytes: 1.5e12, turns: 1_000_400 / 8 });

describe("a million small objects and 400 large ones", () => {
  test("take six hours within the range, where bytes alone say three at most", () => {
    const [best = 0, worst = 0] = hoursOf(mixed, paceOf(5, []));
    expect([best, worst]).toEqual([expect.closeTo(3.49, 2), expect.closeTo(11.71, 2)]);
  });

  test("take as long as their bytes where the small ones have 128 streams", () => {
    const turns = 1_000_000 / 128 + 400 / 8;
    expect(seconds({ ...mixed, turns })).toEqual([expect.closeTo(1776.3, 1), expect.closeTo(12_869.9, 1)]);
  });
});

test("machines that have work as long as one copies the largest object, by bytes and by turns", () => {
  expect(busyMachines({ bytes: 2500e9, turns: 2, largest: 2000e9 })).toBe(2);
  // 10,000 turns of five requests take 1,581 s, and 350 GB 1,000 s.
  expect(busyMachines({ bytes: 350e9, turns: 10_000, largest: 350e9 })).toBe(3);
  expect(busyMachines({ bytes: 0, turns: 1, largest: 0 })).toBe(Number.POSITIVE_INFINITY);
});

test("what is left of a list takes at worst a beginning, its bytes and its turns", () => {
  const one = list({ left: { objects: 100, bytes: 140e6 }, flags: { ...list().flags, transfers: 8 } });
  const seconds = 10 + 1 + 12.5 * 0.25;
  expect(hoursLeft(one, { bytesPerSecond: 140e6, turnSeconds: 0.25 })).toBeCloseTo(seconds / 3600, 9);
});

describe("by earlier transfers", () => {
  const before = { bytes: 1.5e12, turns: 125_050, machines: 1, machineSeconds: 21_660 };

  test("one narrows the range by a third of the way, twenty by ten elevenths", () => {
    // 21,600 s of 125,050 turns are 0.1727 s each, where 0.1 to 0.25 are expected.
    const turnSeconds = (count: number) => paceOf(5, Array<typeof before>(count).fill(before)).turnSeconds;
    expect(turnSeconds(1)).toEqual([expect.closeTo(0.12, 3), expect.closeTo(0.221, 3)]);
    expect(turnSeconds(20)).toEqual([expect.closeTo(0.1644, 3), expect.closeTo(0.1786, 3)]);
    expect(hoursOf(mixed, paceOf(5, Array<typeof before>(20).fill(before)))).toEqual([
      expect.closeTo(5.73, 2),
      expect.closeTo(9.23, 2),
    ]);
  });

  test("each counts for what took its time: turns here, bytes there", () => {
    const large = { bytes: 700e9, turns: 50, machines: 1, machineSeconds: 2060 };
    const pace = paceOf(5, [before, large]);
    // 350 MB/s, a third of the way from 875 and from 140.
    expect(pace.bytesPerSecond).toEqual([expect.closeTo(644.7e6, -5), expect.closeTo(190.0e6, -5)]);
    expect(pace.turnSeconds).toEqual(paceOf(5, [before]).turnSeconds);
    expect(pace.earlier).toBe(2);
  });

  test("the best and the worst of several are the ends", () => {
    const of = (machineSeconds: number) => ({ bytes: 700e9, turns: 50, machines: 1, machineSeconds });
    const pace = paceOf(5, [of(1060), of(4060)]);
    // 700 and 175 MB/s, half of the way.
    expect(pace.bytesPerSecond).toEqual([expect.closeTo(782.6e6, -5), expect.closeTo(156.5e6, -5)]);
  });

  test("one that did little but begin says nothing", () => {
    expect(paceOf(5, [{ bytes: 1e6, turns: 10, machines: 3, machineSeconds: 200 }])).toEqual(paceOf(5, []));
  });
});
