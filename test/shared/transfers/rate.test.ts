// Rate and time left of a transfer, from how far it was at each look.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  hardStopOf,
  hoursLeft,
  mostPoints,
  noted,
  type Point,
  rateOf,
} from "../../../shared/transfers/rate.ts";
import { leftText, rateText } from "../../../shared/transfers/rate-words.ts";
import { list, transfer as transferOf } from "../../functions/run-transfer/samples.ts";

const start = Date.parse("2026-11-21T10:00:00Z");
const at = (seconds: number): Date => new Date(start + 1000 * seconds);
const point = (seconds: number, bytes: number, objects = bytes): Point => ({
  at: at(seconds).toISOString(),
  bytes,
  objects,
});
const work = (left: number) =>
  list({ objects: 1000, bytes: 1e6, left: { objects: left, bytes: 1000 * left } });
const transfer = (left: number, history?: Point[]) =>
  transferOf([], { lists: [work(left)], ...(history === undefined ? {} : { history }) });

describe("the history", () => {
  test("has what is at the target and what machines have in hand", () => {
    const said = [{ shard: 0, list: "0-1", bytes: 5000, objects: 5 }];
    expect(noted(transfer(900), said, { now: at(0) }).history).toEqual([point(0, 105_000, 105)]);
  });

  test("has no two looks within moments", () => {
    const once = noted(transfer(900), [], { now: at(0) });
    expect(noted(once, [], { now: at(19) })).toBe(once);
    expect(noted(once, [], { now: at(20) }).history).toHaveLength(2);
  });

  test("has the last look of all, however soon, and the first one beside it", () => {
    const last = (history: Point[], seconds: number) =>
      noted(transfer(0, history), [], { now: at(seconds), isLast: true }).history;
    const end = (seconds: number) => point(seconds, 1e6, 1000);
    expect(last([point(0, 0), point(30, 5)], 40)).toEqual([point(0, 0), end(40)]);
    expect(last([point(0, 0), point(30, 5)], 60)).toEqual([point(0, 0), point(30, 5), end(60)]);
    expect(last([point(0, 0)], 5)).toEqual([point(0, 0), end(5)]);
    expect(last([point(0, 0)], 0)).toEqual([end(0)]);
  });

  test("stays bounded however long it takes, and keeps the first and the last look", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 20, max: 600 }), (looks, apart) => {
        let now = transfer(1000);
        for (let look = 0; look < looks; look += 1) now = noted(now, [], { now: at(look * apart) });
        const { history = [] } = now;
        expect(history.length).toBeLessThanOrEqual(mostPoints);
        expect(history.length).toBeGreaterThanOrEqual(Math.min(looks, mostPoints / 2));
        expect([history[0]?.at, history.at(-1)?.at]).toEqual([
          at(0).toISOString(),
          at((looks - 1) * apart).toISOString(),
        ]);
        const times = history.map((one) => one.at);
        expect(times).toEqual(times.toSorted());
      }),
      { numRuns: 25 },
    );
  });
});

describe("the rate", () => {
  test.each<[string, Point[], unknown]>([
    ["of none", [], undefined],
    ["of one look", [point(0, 0)], undefined],
    [
      "of two looks",
      [point(0, 0), point(10, 50)],
      { recent: { bytes: 5, objects: 5 }, whole: { bytes: 5, objects: 5 } },
    ],
    [
      "is that of the last ten minutes",
      [point(0, 0), point(3000, 300), point(3400, 700), point(3600, 900)],
      { recent: { bytes: 1, objects: 1 }, whole: { bytes: 0.25, objects: 0.25 } },
    ],
    [
      "after a long pause it is that since the look before",
      [point(0, 0), point(100, 100), point(5100, 600)],
      { recent: { bytes: 0.1, objects: 0.1 }, whole: { bytes: 600 / 5100, objects: 600 / 5100 } },
    ],
    [
      "is never below nothing: what was in flight is lost with a machine",
      [point(0, 100), point(100, 20)],
      { recent: { bytes: 0, objects: 0 }, whole: { bytes: 0, objects: 0 } },
    ],
  ])("%s", (_, history, expected) => {
    expect(rateOf({ history })).toEqual(expected);
  });
});

describe("the time left", () => {
  const progress = (bytes: number, objects: number) => ({
    bytes: 1e6,
    objects: 1000,
    copied: { bytes, objects },
  });
  test.each<[string, Point[], ReturnType<typeof progress>, string | undefined, string | undefined]>([
    ["is not known at first", [], progress(0, 0), undefined, undefined],
    [
      "by bytes, where those take longer",
      [point(0, 0, 0), point(100, 1e5, 900)],
      progress(1e5, 900),
      "1 kB/s, 9.0 objects/s",
      "13 to 18 minutes left",
    ],
    [
      "by objects, where those do",
      [point(0, 0, 0), point(100, 9e5, 100)],
      progress(9e5, 100),
      "9 kB/s, 1.0 objects/s",
      "13 to 18 minutes left",
    ],
    [
      "has no end in sight where nothing has moved lately",
      [point(0, 0, 0), point(1000, 5e5, 500), point(5000, 5e5, 500)],
      progress(5e5, 500),
      "0 B/s, 0.0 objects/s",
      "at least 1.2 hours left",
    ],
    [
      "is unknown where nothing has ever moved",
      [point(0, 0, 0), point(100, 0, 0)],
      progress(0, 0),
      "0 B/s, 0.0 objects/s",
      undefined,
    ],
    [
      "is none where all is there",
      [point(0, 0, 0), point(100, 1e6, 1000)],
      progress(1e6, 1000),
      "10 kB/s, 10 objects/s",
      "at most a minute left",
    ],
  ])("%s", (_, history, of, rate, left) => {
    expect([rateText({ history }), leftText({ history }, of)]).toEqual([rate, left]);
  });

  test("at best it is never later than at worst, and a faster pace never makes it longer", () => {
    const speed = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(speed, speed, fc.integer({ min: 0, max: 1e6 }), (early, late, copied) => {
        const history = (first: number, last: number) => [
          point(0, 0),
          point(3000, 3000 * first),
          point(3600, 3000 * first + 600 * last),
        ];
        const of = { bytes: 1e6, objects: 0, copied: { bytes: copied, objects: 0 } };
        const [best = 0, worst = 0] = hoursLeft({ history: history(early, late) }, of) ?? [];
        expect(best).toBeLessThanOrEqual(worst);
        const [faster = 0, slower = 0] = hoursLeft({ history: history(early, late + 1) }, of) ?? [];
        expect([faster <= best, slower <= worst]).toEqual([true, true]);
      }),
    );
  });
});

test("its machines are deleted at 120 % of its hours, and the time that it waits is none of them", () => {
  const begun = { startedAt: at(0).toISOString(), limitHours: 2 };
  const stop = (change: Parameters<typeof transferOf>[1], seconds: number) =>
    hardStopOf(transferOf([], { ...begun, ...change }), at(seconds)).toISOString();
  expect(stop({}, 0)).toBe("2026-11-21T12:24:00.000Z");
  expect(stop({ waitedSeconds: 600 }, 0)).toBe("2026-11-21T12:34:00.000Z");
  const waits = { for: "room", since: at(60).toISOString(), until: at(900).toISOString() };
  expect(stop({ waitedSeconds: 600, waits }, 360)).toBe("2026-11-21T12:39:00.000Z");
});
