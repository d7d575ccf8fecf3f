// News of the volume for the team: by courses of its free share, a look a day, with what was told at which.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { lookAt, type VolumeLook, type VolumeNews } from "../../../functions/scan-quotas/volume.ts";
import type { VolumeDay } from "../../../shared/quota/measurement.ts";
import type { QuotaState, VolumeLevel } from "../../../shared/quota/records.ts";
import { courseOf, families, today } from "../../shared/quota/growth.ts";
import { randomOf } from "../../simulate/random.ts";
import { at, dayMs, GB, scanned, scanOf } from "./harness.ts";

const settings = { freeBelow: 0.2, freeAgain: 0.22 };
type Day = { share: number; bytes?: number; acknowledgedAt?: string };

/** Looks once a day; gives "day: news" of each that was told, with the mark. */
function told(days: readonly (number | Day)[], look: Partial<VolumeLook> = {}): string[] {
  let level: VolumeLevel | undefined;
  let bytesBefore: number | undefined;
  return days.flatMap((given, day) => {
    const { share, bytes = 1000, acknowledgedAt } = typeof given === "number" ? { share: given } : given;
    const forecast = { known: false, why: "too-few-days" } as const;
    const found = lookAt(level, {
      ...{
        free: share * bytes,
        bytes,
        now: at(day),
        settings,
        forecast,
        bytesBefore,
        acknowledgedAt,
        ...look,
      },
    });
    bytesBefore = bytes;
    ({ level } = found);
    return found.news === undefined
      ? []
      : [`${day}: ${found.news}${level.mark === undefined ? "" : ` ${level.mark}`}`];
  });
}

/** So many days of one share. */
const days = (share: number, count: number): number[] => Array<number>(count).fill(share);

describe("the team hears", () => {
  test.each<[string, (number | Day)[], string[]]>([
    ["nothing while there is room", days(0.3, 40), []],
    [
      "of each mark at once",
      [0.3, 0.19, 0.1, 0.05, 0.02, 0],
      ["1: crossed 0.2", "2: crossed 0.1", "3: crossed 0.05", "4: crossed 0.02", "5: crossed 0"],
    ],
    ["of the lowest alone where several are passed", [0.3, 0.04], ["1: crossed 0.05"]],
    ["of one that it begins below", [0.15], ["0: crossed 0.2"]],
    ["weekly below 20 %", days(0.15, 16), ["0: crossed 0.2", "7: still 0.2", "14: still 0.2"]],
    ["daily below 10 %", days(0.08, 4), ["0: crossed 0.1", "1: still 0.1", "2: still 0.1", "3: still 0.1"]],
    [
      "that there is room again once it has stayed for three days",
      [0.15, 0.25, 0.25, 0.21, ...days(0.25, 4), 0.15],
      ["0: crossed 0.2", "7: over", "8: crossed 0.2"],
    ],
    [
      "that there is room again at once where it was enlarged",
      [0.15, { share: 0.5, bytes: 2000 }],
      ["0: crossed 0.2", "1: over"],
    ],
    [
      "nothing of a little more room, and of the mark once more when it is passed again",
      [0.09, ...days(0.15, 4), 0.09],
      ["0: crossed 0.1", "5: crossed 0.1"],
    ],
  ])("%s", (_, shares, expected) => {
    expect(told(shares)).toEqual(expected);
  });

  test("nothing for a week of what somebody has seen, but of a further mark", () => {
    const acknowledgedAt = at(1.5).toISOString();
    const seen = (share: number, count: number): Day[] => Array<Day>(count).fill({ share, acknowledgedAt });
    expect(told([0.08, 0.08, ...seen(0.08, 8)])).toEqual(["0: crossed 0.1", "1: still 0.1", "9: still 0.1"]);
    expect(told([0.08, 0.08, ...seen(0.04, 3)])).toEqual([
      ...["0: crossed 0.1", "1: still 0.1", "2: crossed 0.05", "3: still 0.05", "4: still 0.05"],
    ]);
  });

  test("of a date before the mark, when it is near, and once in 30 days", () => {
    const reached = { from: at(29).toISOString().slice(0, 10), to: at(60).toISOString().slice(0, 10) };
    const forecast = { known: true, slope: 1, low: 0, high: 2, reached } as const;
    expect(told(days(0.3, 3), { forecast })).toEqual(["0: ahead"]);
    const endless = { ...forecast, reached: { from: reached.from } };
    expect(told(days(0.3, 3), { forecast: endless })).toEqual([]);
    const far = { ...forecast, reached: { from: at(40).toISOString().slice(0, 10), to: reached.to } };
    expect(told(days(0.3, 3), { forecast: far })).toEqual([]);
    expect(told([0.3, 0.19], { forecast })).toEqual(["0: ahead", "1: crossed 0.2"]);
  });

  test("no more than a dozen times in 40 days of a volume that goes to and fro around one mark, however it does", () => {
    const around = (mark: number) =>
      fc.array(fc.double({ min: mark - 0.005, max: mark + 0.019, noNaN: true }), {
        minLength: 40,
        maxLength: 40,
      });
    fc.assert(fc.property(around(0.2), (shares) => expect(told(shares).length).toBeLessThanOrEqual(12)));
  });

  test("of every mark that is passed, on the day on which it is, whatever came before", () => {
    const share = fc.double({ min: 0, max: 0.4, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { maxLength: 40 }), (shares) => {
        const lines = told(shares);
        for (const [day, one] of shares.entries()) {
          const lowest = Math.min(1, ...shares.slice(0, day));
          for (const mark of [0.1, 0.05, 0.02, 0])
            if (one <= mark && lowest > mark)
              expect(lines.some((line) => line.startsWith(`${day}: crossed`))).toBe(true);
        }
      }),
    );
  });
});

/** Plays a volume through whole scans, a day each: what was told on which day, and by when it said that the volume is full. */
function played(volume: readonly VolumeDay[]): { day: string; news: string; text: string }[] {
  let state: QuotaState | undefined;
  return volume.flatMap(({ used, size, day }, n) => {
    const scan = scanOf(n, { ada: 1 }, { volume: { bytes: size, free: size - used } });
    const one = scanned({ ...scan, measuredAt: `${day}T06:00:00.000Z` }, state);
    ({ state } = one);
    return one.notices.map(({ key, text }) => ({ day, news: key.split("/")[3] ?? "", text }));
  });
}

test("a volume that fills at one pace: told a month before the mark, at it, and then until it is full", () => {
  const size = 1000 * GB;
  const volume = Array.from(
    { length: 120 },
    (_, n): VolumeDay => ({
      day: new Date(Date.parse(today) + n * dayMs).toISOString().slice(0, 10),
      used: Math.min(500 + 5 * n, 1000) * GB,
      size,
    }),
  );
  const seen = played(volume);
  const of = (news: VolumeNews) =>
    seen.filter((one) => one.news === news).map(({ day }) => (Date.parse(day) - Date.parse(today)) / dayMs);
  // It has 200 GB free after 60 days, and nothing after 100.
  expect([of("ahead")[0], of("crossed"), of("over")]).toEqual([30, [61, 80, 90, 96, 100], []]);
  const [first] = seen;
  expect(first?.text).toContain("20 % is left on 2026-07-31");
  expect(seen.find(({ news }) => news === "crossed")?.text).toContain(`the volume is full on 2026-09-09`);
});

test("of growth of every kind the team has heard before the volume is full", () => {
  for (const [name, family] of Object.entries(families))
    for (let seed = 1; seed <= 2; seed += 1) {
      const { days: past } = courseOf(family, randomOf(seed).next, { past: 150, resized: false });
      // Full after some months: as large as it is by then.
      const size = Math.max(...past.map(({ used }) => used));
      const first = past[0]?.used ?? 0;
      const volume = past.map((day) => ({
        ...day,
        used: day.used - first + 1000 * GB,
        size: size - first + 1000 * GB,
      }));
      const full = volume.find((day) => day.used >= day.size)?.day ?? "";
      const heard = played(volume);
      expect([name, seed, heard.some(({ day }) => day < full)]).toEqual([name, seed, true]);
    }
});
