// Forecast of when the volume will be too full: many courses that its use may take, of which each is put together from whole weeks that it has
// had. Dumps and clean-ups come again as they came; a volume that was enlarged is no growth.
import { dayMs, dayOf } from "../clock.ts";
import type { VolumeDay } from "./measurement.ts";

export type Forecast =
  | { known: false; why: "too-few-days" }
  | {
      known: true;
      /** Bytes a day over the next 30 days: the middle of all courses, and what 5 and 95 % of them stay below. */
      slope: number;
      low: number;
      high: number;
      /** Days between which the free share falls to the mark; absent when no date is in sight, and without an end when it may never. */
      reached?: { from: string; to?: string };
    };

const week = 7;
/** Weeks that a course is put together from, at most and at least: one week says nothing of how weeks differ. */
const mostWeeks = 13;
const leastWeeks = 2;
const horizonDays = 364;
const courses = 400;
const paceDays = 30;

/**
 * Shares of the courses that reach the mark before the first day told, and by the last one. Early is told rather than late: a volume that was full
 * before the first day has cost a hub more than one that was full after the last. Few weeks say less than their courses show.
 */
const told = { many: { from: 0.015, to: 0.895 }, few: { from: 0.01, to: 0.93 }, manyWeeks: 8 };

/**
 * Forecasts by a Bayesian bootstrap of weeks: each course weighs the weeks of the past anew (https://doi.org/10.1214/aos/1176345338), for how much a
 * usual week brings is not known either. The same days give the same forecast.
 * @param freeBelow the free share that is to be reached. @param days in any order, of which some may be missing.
 */
export function forecast(days: readonly VolumeDay[], freeBelow: number): Forecast {
  const sorted = [...days].sort((a, b) => (a.day < b.day ? -1 : 1));
  const last = sorted.at(-1);
  const weeks = weeksOf(changesOf(sorted));
  if (last === undefined || weeks.length < leastWeeks) return { known: false, why: "too-few-days" };
  const room = last.size * (1 - freeBelow) - last.used;
  const random = randomOf(weeks.length);
  const reached: number[] = [];
  const paces: number[] = [];
  for (let n = 0; n < courses; n += 1) {
    const course = courseOf(weeks, room, random);
    reached.push(course.reached);
    paces.push(course.pace);
  }
  for (const values of [reached, paces]) values.sort((a, b) => a - b);
  const shares = weeks.length < told.manyWeeks ? told.few : told.many;
  const dayAt = (ahead: number): string => dayOf(new Date(last.day), ahead);
  const [from, to] = [Math.floor(quantile(reached, shares.from)), Math.ceil(quantile(reached, shares.to))];
  return {
    known: true,
    slope: quantile(paces, 0.5),
    low: quantile(paces, 0.05),
    high: quantile(paces, 0.95),
    ...(from > horizonDays
      ? {}
      : { reached: { from: dayAt(from), ...(to > horizonDays ? {} : { to: dayAt(to) }) } }),
  };
}

/** Changes of what is used, a day each, oldest first; over days of which there is no figure they are spread evenly. */
function changesOf(sorted: readonly VolumeDay[]): number[] {
  return sorted.slice(1).flatMap(({ day, used }, index) => {
    const before = sorted[index];
    const apart = before === undefined ? 0 : Math.round((Date.parse(day) - Date.parse(before.day)) / dayMs);
    return before === undefined ? [] : Array<number>(apart).fill((used - before.used) / apart);
  });
}

/** Whole weeks up to the last day. A course goes on with whole ones, so that its Mondays are Mondays. */
function weeksOf(changes: readonly number[]): number[][] {
  const count = Math.min(Math.floor(changes.length / week), mostWeeks);
  const first = changes.length - count * week;
  return Array.from({ length: count }, (_, n) => changes.slice(first + n * week, first + (n + 1) * week));
}

/** One course: the days until so much more is used, one more than the horizon where it is not, and the pace of the next days. */
function courseOf(
  weeks: readonly number[][],
  room: number,
  random: () => number,
): { reached: number; pace: number } {
  const pick = weighing(weeks, random);
  let reached = room <= 0 ? 0 : horizonDays + 1;
  let [day, used, pace] = [0, 0, 0];
  while (day < horizonDays && (reached > horizonDays || day < paceDays)) {
    for (const change of pick()) {
      day += 1;
      used += change;
      if (used >= room && reached > horizonDays) reached = day;
      if (day === paceDays) pace = used / paceDays;
    }
  }
  return { reached, pace };
}

/** Gives each week a weight by chance, all weightings being as likely, and then draws weeks by it. */
function weighing(weeks: readonly number[][], random: () => number): () => readonly number[] {
  let sum = 0;
  const until = weeks.map(() => {
    sum -= Math.log(1 - random());
    return sum;
  });
  return () => {
    const drawn = random() * sum;
    return weeks[until.findIndex((end) => drawn < end)] ?? [];
  };
}

/** Numbers from 0 to 1 that only look like chance: mulberry32, which is in the public domain. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param sorted ascending. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** "At the pace of the last weeks, the volume is full between 3 and 9 May", or that nobody can tell. */
export function forecastWords(told: Forecast, freeBelow: number): string {
  const mark = freeBelow === 0 ? "the volume is full" : `${Math.round(freeBelow * 100)} % is left`;
  if (!told.known) return `When ${mark} cannot be told yet: that takes figures of two weeks.`;
  if (told.reached === undefined)
    return `At the pace of the last weeks, no date is in sight on which ${mark}.`;
  const { from, to } = told.reached;
  const when =
    to === undefined ? `on ${from} or later` : from === to ? `on ${from}` : `between ${from} and ${to}`;
  return `At the pace of the last weeks, ${mark} ${when}.`;
}
