// The forecast, judged by what matters: whether the days that it told held, on growth of kinds that it was not made for, and beside a plain bootstrap.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { forecast, forecastWords } from "../../../shared/quota/forecast.ts";
import { randomOf } from "../../simulate/random.ts";
import { courseOf, families, today } from "./growth.ts";

const dayMs = 86_400_000;
const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * dayMs).toISOString().slice(0, 10);
const series = (used: (n: number) => number, { days = 43, size = (_: number): number => 10_000 } = {}) =>
  Array.from({ length: days }, (_, n) => ({ day: day(n), used: used(n), size: size(n) }));

describe("a volume", () => {
  test("that grows by as much each day is told to the day, also through a resize", () => {
    const steady = (n: number): number => 5000 + 20 * n;
    const size = (n: number): number => (n < 20 ? 6000 : 10_000);
    for (const days of [series(steady), series(steady, { size })]) {
      const told = forecast(days, 0.2);
      // 8,000 are used at the mark; 5,840 on the last day; 108 days on.
      expect(told).toMatchObject({ slope: 20, reached: { from: day(150), to: day(150) } });
      expect(forecastWords(told, 0.2)).toBe(`At the pace of the last weeks, 20 % is left on ${day(150)}.`);
    }
  });

  test("into which somebody dumps as much each Monday grows by that, and no other day is told than a Monday", () => {
    const dumped = (n: number): number => 5000 + 100 * Math.floor((n + 3) / 7);
    // 300 more fit on the last day, which is two days after a Monday.
    const days = series(dumped, { size: () => dumped(41) + 300, days: 42 });
    expect(forecast(days, 0)).toMatchObject({ reached: { from: day(41 + 19), to: day(41 + 19) } });
  });

  test("of which days are missing has grown evenly in between", () => {
    const days = series((n) => 5000 + 20 * n).filter((_, n) => n % 3 !== 1 || n === 42);
    expect(forecast(days, 0.2)).toMatchObject({ slope: 20, reached: { from: day(150), to: day(150) } });
  });

  test("is told of from two whole weeks on, and of one that empties no date", () => {
    expect(
      forecast(
        series((n) => n, { days: 14 }),
        0.2,
      ),
    ).toEqual({ known: false, why: "too-few-days" });
    expect(
      forecast(
        series((n) => n, { days: 15 }),
        0.2,
      ).known,
    ).toBe(true);
    expect(forecast([], 0.2).known).toBe(false);
    expect(
      forecast(
        series((n) => 5000 - 10 * n),
        0.2,
      ),
    ).not.toHaveProperty("reached");
  });

  test("that is past the mark is so today", () => {
    const days = series((n) => 9000 + n);
    expect(forecast(days, 0.2)).toMatchObject({ reached: { from: day(42), to: day(42) } });
  });

  test("is told of in the same way each time, whatever order its days come in", () => {
    const { days } = courseOf(families["random dumps"] ?? (() => []), randomOf(1).next, {
      past: 90,
      resized: true,
    });
    expect(forecast(days.toReversed(), 0)).toEqual(forecast(days, 0));
  });

  test("may have any figures", () => {
    const figures = fc.array(
      fc.record({ n: fc.integer({ min: 0, max: 60 }), used: fc.nat(1e6), size: fc.nat(1e6) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(figures, (some) => {
        const told = forecast(
          some.map(({ n, used, size }) => ({ day: day(n), used, size })),
          0.2,
        );
        if (!told.known) return;
        expect([told.low <= told.slope, told.slope <= told.high]).toEqual([true, true]);
        if (told.reached?.to !== undefined) expect(told.reached.from <= told.reached.to).toBe(true);
      }),
    );
  });
});

const horizon = 365;
const courses = 250;

/** Days until a day that was told; past the horizon where none was. */
const aheadTo = (told: string | undefined): number =>
  told === undefined ? horizon : (Date.parse(told) - Date.parse(today)) / dayMs;

/** The peer: weeks from anywhere in the last 42 days, put after each other; its 5th and 95th percentile. */
function bootstrap(days: { used: number; size: number }[], random: () => number): [number, number] {
  const changes = days
    .slice(1)
    .map(({ used }, n) => used - (days[n]?.used ?? 0))
    .slice(-42);
  const last = days.at(-1);
  const room = (last?.size ?? 0) - (last?.used ?? 0);
  const reached = Array.from({ length: 400 }, () => {
    let more = 0;
    for (let ahead = 0; ahead < horizon - 1; ) {
      const first = Math.floor(random() * (changes.length - 6));
      for (const change of changes.slice(first, first + 7)) {
        ahead += 1;
        more += change;
        if (more >= room) return ahead;
      }
    }
    return horizon;
  }).sort((a, b) => a - b);
  return [reached[20] ?? 0, reached[379] ?? 0];
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

test.each(Object.keys(families))(
  "of %s growth the days told hold: 80 %% of them, no more than 10 %% too late, in 1.5 times a bootstrap's width",
  (name) => {
    const { next: random } = randomOf(name.length);
    const held: boolean[] = [];
    const late: boolean[] = [];
    const [widths, peers]: [number[], number[]] = [[], []];
    for (let n = 0; n < courses; n += 1) {
      const { days, full = horizon } = courseOf(families[name] ?? (() => []), random, {
        past: 92,
        resized: n % 3 === 0,
      });
      const told = forecast(days, 0);
      const { from, to } = (told.known ? told.reached : undefined) ?? {};
      const [first, last] = [aheadTo(from), aheadTo(to)];
      held.push(first <= full && full <= last);
      late.push(full < first);
      widths.push(last - first);
      const [peerFirst, peerLast] = bootstrap(days, random);
      peers.push(peerLast - peerFirst);
    }
    const share = (of: boolean[]): number => of.filter(Boolean).length / courses;
    expect(share(held)).toBeGreaterThanOrEqual(0.8);
    expect(share(late)).toBeLessThanOrEqual(0.1);
    expect(median(widths) / median(peers)).toBeLessThanOrEqual(1.5);
  },
);
