// The rate of a transfer and the time that it still takes, from how far it was at each look: a bounded history, which is kept with its
// state and is there after its machines are gone. Pure.
import * as z from "zod";
import { Time } from "../records.ts";
import { type Progress, progressOf, type Said } from "./progress.ts";
import type { TransferState } from "./records.ts";

/** Bytes and objects that were at the target, or on their way there. */
export const Point = z.strictObject({ at: Time, bytes: z.number(), objects: z.number() });
export type Point = z.infer<typeof Point>;

/** Points that are kept; where there are more, every other one goes, so that the whole of a transfer is in them. */
export const mostPoints = 200;
/** Seconds between two points at least. */
const apartSeconds = 20;

/** Adds how far it is now; the last look of all is added however soon it comes after the one before, in whose place it stands then. */
export function noted(
  transfer: TransferState,
  said: readonly Said[],
  { now, isLast = false }: { now: Date; isLast?: boolean },
): TransferState {
  const { history = [] } = transfer;
  const last = history.at(-1);
  const passed = last === undefined ? Number.POSITIVE_INFINITY : now.getTime() - Date.parse(last.at);
  const isSoon = passed < apartSeconds * 1000;
  if (isSoon && !isLast) return transfer;
  const { copied } = progressOf(transfer, said);
  const before = isSoon && (history.length > 1 || passed <= 0) ? history.slice(0, -1) : history;
  const point = { at: now.toISOString(), bytes: Math.round(copied.bytes), objects: copied.objects };
  const all = [...before, point];
  const kept = all.length <= mostPoints ? all : all.filter((_, at) => at % 2 === 0 || at === all.length - 1);
  return { ...transfer, history: kept };
}

/** Bytes and objects a second. */
export type Rate = { bytes: number; objects: number };

/** Milliseconds that count as now. */
const recentMs = 600_000;

/** Gives the rate of the last minutes, and of all; undefined before the second look. */
export function rateOf({
  history = [],
}: Pick<TransferState, "history">): { recent: Rate; whole: Rate } | undefined {
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const since = Date.parse(last.at) - recentMs;
  const from = history.find(({ at }) => Date.parse(at) >= since);
  return {
    recent: between(from === last ? (history.at(-2) ?? first) : (from ?? first), last),
    whole: between(first, last),
  };
}

/** Gives the rate between two looks. Less than before, where a machine was taken away with what it had in flight, counts as none. */
function between(from: Point, to: Point): Rate {
  const seconds = (Date.parse(to.at) - Date.parse(from.at)) / 1000;
  const each = (of: "bytes" | "objects"): number => Math.max(0, to[of] - from[of]) / seconds;
  return { bytes: each("bytes"), objects: each("objects") };
}

/** A pace that held is no promise: the range is so much wider at both ends. */
const wider = 1.2;

/** Gives the hours that it still takes, at best and at worst; at worst it may never end. Undefined where nothing is known. */
export function hoursLeft(
  transfer: Pick<TransferState, "history">,
  { bytes, objects, copied }: Pick<Progress, "bytes" | "objects" | "copied">,
): [best: number, worst: number] | undefined {
  const rate = rateOf(transfer);
  if (rate === undefined) return undefined;
  const hoursAt = (pace: Rate): number =>
    Math.max(timeFor(bytes - copied.bytes, pace.bytes), timeFor(objects - copied.objects, pace.objects)) /
    3600;
  const both = [hoursAt(rate.recent), hoursAt(rate.whole)];
  const [best, worst] = [Math.min(...both) / wider, Math.max(...both) * wider];
  return Number.isFinite(best) ? [best, worst] : undefined;
}

const timeFor = (left: number, perSecond: number): number => (left <= 0 ? 0 : left / perSecond);

/** A limit of dollars or hours may be passed by so much, for what runs; then machines are deleted. */
export const overrun = 1.2;

/** Gives the time at which its machines are deleted, whatever they do. The time that it waits is no part of its hours. */
export function hardStopOf(
  { startedAt, limitHours, waits, waitedSeconds = 0 }: TransferState,
  now: Date,
): Date {
  const waiting = waits === undefined ? 0 : now.getTime() - Date.parse(waits.since);
  return new Date(Date.parse(startedAt) + overrun * limitHours * 3_600_000 + waitedSeconds * 1000 + waiting);
}
