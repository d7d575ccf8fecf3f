// Forecast of when the volume will be too full. Big dumps and clean-ups are taken out of the daily
// figures of what is used. Then the median of all pairs' slopes is taken (Theil-Sen): one clean-up must
// not turn the answer round, and a volume that was enlarged is no growth.
import { dayMs, dayOf } from "../clock.ts";
import type { VolumeDay } from "./measurement.ts";

export type Forecast =
  | { known: false; why: "too-few-days" }
  | {
      known: true;
      /** Bytes a day; the middle, and the quarter below and above it. */
      slope: number;
      low: number;
      high: number;
      /** Days when the free share falls to the mark: earliest and latest; absent when no date is in sight. */
      reached?: { from: string; to?: string };
    };

const windowDays = 42;
const leastPoints = 10;
const leastDays = 7;
const horizonDays = 365;
/** A day's change this many deviations from the usual one is a step. */
const stepDeviations = 8;

/** @param freeBelow the free share that is to be reached. @param days in any order. */
export function forecast(days: readonly VolumeDay[], freeBelow: number): Forecast {
  const sorted = [...days].sort((a, b) => (a.day < b.day ? -1 : 1));
  const last = sorted.at(-1);
  if (last === undefined) return { known: false, why: "too-few-days" };
  const points = sorted
    .map(({ day, used }) => ({ at: (Date.parse(day) - Date.parse(last.day)) / dayMs, used }))
    .filter(({ at }) => at > -windowDays);
  const first = points[0];
  if (points.length < leastPoints || first === undefined || -first.at < leastDays)
    return { known: false, why: "too-few-days" };
  const slopes = pairSlopes(withoutSteps(points)).sort((a, b) => a - b);
  const slope = quantile(slopes, 0.5);
  const [low, high] = [quantile(slopes, 0.25), quantile(slopes, 0.75)];
  const room = last.size * (1 - freeBelow) - last.used;
  const dayAt = (perDay: number): string | undefined => {
    const ahead = room <= 0 ? 0 : room / perDay;
    if (ahead < 0 || ahead > horizonDays || Number.isNaN(ahead)) return undefined;
    return dayOf(new Date(last.day), Math.round(ahead));
  };
  const middle = slope > 0 || room <= 0 ? dayAt(slope) : undefined;
  const from = middle === undefined ? undefined : (dayAt(high) ?? middle);
  const to = low > 0 || room <= 0 ? dayAt(low) : undefined;
  return {
    known: true,
    slope,
    low,
    high,
    ...(from === undefined ? {} : { reached: { from, ...(to === undefined ? {} : { to }) } }),
  };
}

type Point = { at: number; used: number };

/** The series with every step flattened: what comes after it is moved by as much. */
function withoutSteps(points: Point[]): Point[] {
  const changes = points.slice(1).map((point, index) => {
    const before = points[index] ?? point;
    return {
      perDay: (point.used - before.used) / Math.max(point.at - before.at, 1e-9),
      by: point.used - before.used,
    };
  });
  const usual = median(changes.map(({ perDay }) => perDay));
  const deviation = 1.4826 * median(changes.map(({ perDay }) => Math.abs(perDay - usual)));
  // Figures without any noise have a deviation of nothing; a step is then what is many times the usual change.
  const most = stepDeviations * (deviation > 0 ? deviation : Math.max(Math.abs(usual), 1) / 2);
  let moved = 0;
  return points.map((point, index) => {
    const change = changes[index - 1];
    const before = points[index - 1];
    if (change !== undefined && before !== undefined && Math.abs(change.perDay - usual) > most)
      moved += change.by - usual * (point.at - before.at);
    return { at: point.at, used: point.used - moved };
  });
}

function pairSlopes(points: Point[]): number[] {
  return points.flatMap((a, index) =>
    points.slice(index + 1).flatMap((b) => (b.at > a.at ? [(b.used - a.used) / (b.at - a.at)] : [])),
  );
}

const median = (values: number[]): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

/** @param sorted ascending. */
function quantile(sorted: number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** "At the pace of the last weeks, the volume is full between 3 and 9 May", or that nobody can tell. */
export function forecastWords(told: Forecast, freeBelow: number): string {
  const mark = freeBelow === 0 ? "the volume is full" : `${Math.round(freeBelow * 100)} % is left`;
  if (!told.known) return `When ${mark} cannot be told yet: that takes figures of ten days.`;
  if (told.reached === undefined)
    return `At the pace of the last weeks, no date is in sight on which ${mark}.`;
  const { from, to } = told.reached;
  const when =
    to === undefined ? `on ${from} or later` : from === to ? `on ${from}` : `between ${from} and ${to}`;
  return `At the pace of the last weeks, ${mark} ${when}.`;
}
