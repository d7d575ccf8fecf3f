// Names, spellings and forecasts: the small parts of the flow.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { forecast, forecastWords } from "../../../shared/quota/forecast.ts";
import { textOf } from "../../../shared/quota/names.ts";
import { folderOf, ownersOf } from "../../../shared/quota/people.ts";
import { QuotaSettings } from "../../../shared/quota/settings.ts";

describe("settings", () => {
  test("in the wrong order are refused", () => {
    const wrong = [
      { advice: "50 GB", limit: "25 GB" },
      { limit: "50 GB", enforced: "40 GB" },
      { freeBelow: 0.3, freeAgain: 0.2 },
    ];
    expect(wrong.map((each) => QuotaSettings.safeParse(each).error?.issues[0]?.path.join())).toEqual([
      "limit",
      "enforced",
      "freeAgain",
    ]);
  });
});

describe("names that are no UTF-8", () => {
  test("are percent-encoded; others stay", () => {
    const latin1 = (...bytes: number[]) => Buffer.from(bytes).toString("latin1");
    expect([textOf(latin1(0xc3, 0xa9)), textOf(latin1(0x61, 0xe9, 0x25, 0x20)), textOf("100%")]).toEqual([
      "é",
      "a%E9%25 ",
      "100%",
    ]);
  });
});

describe("a login as a folder's name", () => {
  test.each([
    ["a-b", "a-2db"],
    ["user@x.org", "user-40x-2eorg"],
    ["Ada", "ada"],
    ["é", "-c3-a9"],
  ])("legacy %p is %p", (login, folder) => expect(folderOf(login, "legacy")).toBe(folder));
  // By KubeSpawner itself.
  test.each([
    ["123abc", "x-123abc---dd130a84"],
    ["a--b", "a-b---90827a2e"],
    ["ada-b", "ada-b"],
    ["ADA", "ada"],
  ])("safe %p is %p", (login, folder) => expect(folderOf(login, "safe")).toBe(folder));

  test("ten thousand logins all find their own", () => {
    const logins = Array.from(
      { length: 10_000 },
      (_, n) => `${n % 3 === 0 ? n : "p"}-${n.toString(36)}${n % 7 === 0 ? "--x" : ""}`,
    );
    for (const scheme of ["legacy", "safe"] as const) {
      const { of, disputed } = ownersOf(
        logins.map((login) => ({ login, email: `${login}@example.org` })),
        scheme,
      );
      expect(disputed.size).toBe(0);
      expect(logins.filter((login) => of.get(folderOf(login, scheme))?.login !== login)).toEqual([]);
    }
  });
});

describe("the forecast", () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
  const noise = (n: number) => {
    const wave = Math.sin(n * 12.9898) * 43_758.5453;
    return wave - Math.floor(wave) - 0.5;
  };
  const series = (used: (n: number) => number, size = (_: number) => 10_000) =>
    Array.from({ length: 42 }, (_, n) => ({ day: day(n), used: used(n), size: size(n) }));
  const slopeOf = (days: ReturnType<typeof series>): number => {
    const told = forecast(days, 0.2);
    return told.known ? told.slope : Number.NaN;
  };

  test("finds the pace: steady, after a clean-up, after a dump, with bad samples, through a resize", () => {
    const steady = (n: number) => 5000 + 20 * n + 30 * noise(n);
    const all = [
      series(steady),
      series((n) => steady(n) - (n > 25 ? 900 : 0)),
      series((n) => steady(n) + (n > 12 ? 1500 : 0)),
      series((n) => (n % 7 === 3 ? steady(n) * 0.4 : steady(n))),
      series(steady, (n) => (n > 30 ? 20_000 : 10_000)),
    ];
    for (const days of all) expect(Math.abs(slopeOf(days) - 20)).toBeLessThan(5);
  });

  test("names the days between which the mark is passed", () => {
    const told = forecast(
      series((n) => 5000 + 20 * n),
      0.2,
    );
    // 8,000 are used at the mark; 5,820 on the last day; 109 days on.
    expect(told).toMatchObject({
      known: true,
      slope: 20,
      reached: { from: day(41 + 109), to: day(41 + 109) },
    });
    expect(forecastWords(told, 0.2)).toBe(`At the pace of the last weeks, 20 % is left on ${day(150)}.`);
  });

  test("says nothing of ten days, nor of a volume that empties", () => {
    expect(forecast(series((n) => n).slice(0, 9), 0.2)).toEqual({ known: false, why: "too-few-days" });
    expect(forecast([], 0.2).known).toBe(false);
    const emptying = forecast(
      series((n) => 5000 - 10 * n),
      0.2,
    );
    expect(emptying).not.toHaveProperty("reached");
  });

  test("takes any figures without falling over", () => {
    const days = fc.array(
      fc.record({ n: fc.integer({ min: 0, max: 60 }), used: fc.nat(1e6), size: fc.nat(1e6) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(days, (figures) => {
        const told = forecast(
          figures.map(({ n, used, size }) => ({ day: day(n), used, size })),
          0.2,
        );
        if (told.known) expect([told.slope, told.low, told.high].every(Number.isFinite)).toBe(true);
      }),
    );
  });
});
