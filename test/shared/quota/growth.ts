// Families of growth, as volumes have them: daily changes of what is used, in units of what is usual for a day.
import type { VolumeDay } from "../../../shared/quota/measurement.ts";

type Random = () => number;
/** Gives the changes of so many days. */
type Family = (random: Random, days: number) => number[];

const between = (random: Random, from: number, to: number): number => from + (to - from) * random();
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const logNormal = (random: Random, spread: number): number =>
  Math.exp(spread * normal(random) - (spread * spread) / 2);
const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random());
const each = (days: number, change: (day: number) => number): number[] =>
  Array.from({ length: days }, (_, day) => change(day));

export const families: Record<string, Family> = {
  steady(random, days) {
    const noise = between(random, 0.3, 3);
    return each(days, () => 1 + noise * normal(random));
  },
  weekday(random, days) {
    const monday = Math.floor(7 * random());
    return each(days, (day) => ((day + monday) % 7 < 5 ? exponential(random, 1.4) : 0.1 * normal(random)));
  },
  "weekly dumps"(random, days) {
    const monday = Math.floor(7 * random());
    const spread = between(random, 0.05, 0.8);
    return each(
      days,
      (day) => ((day + monday) % 7 === 0 ? 7 * logNormal(random, spread) : 0) + 0.1 * normal(random),
    );
  },
  "random dumps"(random, days) {
    const often = between(random, 1 / 20, 1 / 5);
    return each(days, () => (random() < often ? exponential(random, 1 / often) : 0) + 0.1 * normal(random));
  },
  "log-normal"(random, days) {
    const spread = between(random, 0.8, 1.6);
    return each(days, () => logNormal(random, spread));
  },
  "clean-ups"(random, days) {
    const often = between(random, 1 / 60, 1 / 20);
    return each(
      days,
      () => exponential(random, 1.5) - (random() < often ? (0.45 / often) * between(random, 0.5, 1.5) : 0),
    );
  },
  mixed(random, days) {
    const [some, others] = [families["weekday"]?.(random, days), families["random dumps"]?.(random, days)];
    return each(days, (day) => ((some?.[day] ?? 0) + (others?.[day] ?? 0)) / 2);
  },
};

export type Course = {
  days: VolumeDay[] /** Days until it was full; undefined where it was not within a year. */;
  full: number | undefined;
};

export const today = "2026-06-01";
const unit = 1e9;
const ahead = 364;

/** A volume that grows so, looked at today after so many days; the first half of it in a smaller volume where it is resized. */
export function courseOf(
  family: Family,
  random: Random,
  { past, resized }: { past: number; resized: boolean },
): Course {
  const changes = family(random, past + ahead).map((change) => change * unit);
  const room = between(random, 8, 110) * unit;
  let used = 5000 * unit;
  const days = changes.slice(0, past).map((change, n): VolumeDay => {
    used += change;
    const day = new Date(Date.parse(today) - (past - 1 - n) * 86_400_000).toISOString().slice(0, 10);
    return { day, used, size: 0 };
  });
  const size = used + room;
  for (const [n, day] of days.entries()) day.size = resized && n < past / 2 ? size / 2 : size;
  let more = 0;
  const index = changes.slice(past).findIndex((change) => {
    more += change;
    return more >= room;
  });
  return { days, full: index === -1 ? undefined : index + 1 };
}
