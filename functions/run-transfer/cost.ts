// Counts what a transfer that runs costs to its end, and of its hours what it has used. Pure.
import { dearestPerHour } from "../../shared/compute/placement.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { totalOf } from "../../shared/transfers/figures.ts";
import type { Sent, TransferState, WorkList } from "../../shared/transfers/records.ts";
import { bytesToCopy, type InFlight, secondsSince, sharesOf, spentOn } from "../../shared/transfers/spent.ts";
import { hoursLeft, startHours } from "./hours.ts";

/** Says what it costs in all if it goes on: what it has cost, and what is left at the slowest pace that was planned. */
export function costToEnd(
  transfer: TransferState,
  { settings, inFlight, now }: { settings: Pick<TransferSettings, "machine">; inFlight: InFlight; now: Date },
): number {
  const { machine } = settings;
  const { lists = [], figures } = transfer;
  const soFar = totalOf(spentOn(transfer, { machine, inFlight, now }));
  const open = lists.filter(({ state }) => state === "open");
  if (figures === undefined || open.length === 0) return soFar;
  const { egress, retrieval, operations } = figures.dollars;
  const share = sharesOf(
    transfer,
    open.map((list) => unsentOf(list, inFlight)),
  );
  const moving = (egress + retrieval) * share.bytes + operations * share.objects;
  const hours = hoursToEnd(
    transfer,
    open.map((list) => hoursLeft(list, figures.slowest)),
    now,
  );
  return soFar + moving + hours * dearestPerHour(machine);
}

/** Counts what of a list is still to be sent, without what is in flight: that is spent. */
function unsentOf({ n, left }: WorkList, inFlight: InFlight): Sent {
  const { objects = 0, bytes = 0 } = inFlight.get(n) ?? {};
  return {
    objects: Math.max(0, left.objects - objects),
    bytes: Math.max(0, bytesToCopy(left) - bytes),
  };
}

/** Hours that machines still run for lists that take so many each, without what they have run for those in hand: that is spent. */
function hoursToEnd({ shards }: TransferState, lists: readonly number[], now: Date): number {
  const toStart = Math.min(lists.length, shards.filter(({ state }) => state !== "failed").length);
  const longest = startHours + lists.reduce((most, hours) => Math.max(most, hours), 0);
  const ran = shards.reduce((sum, { since }) => {
    const hours = since === undefined ? 0 : secondsSince([since], now) / 3600;
    return sum + Math.min(hours, longest);
  }, 0);
  return Math.max(0, toStart * startHours + lists.reduce((sum, hours) => sum + hours, 0) - ran);
}

/** Counts the seconds of its limit of hours that it has used: without those in which it waited for its hub's budgets. */
export function secondsUsed(
  { startedAt, waits, waitedSeconds = 0 }: Pick<TransferState, "startedAt" | "waits" | "waitedSeconds">,
  now: Date,
): number {
  const waiting = waits === undefined ? 0 : now.getTime() - Date.parse(waits.since);
  return (now.getTime() - Date.parse(startedAt) - waiting) / 1000 - waitedSeconds;
}

/** Names a machine of a transfer. */
export const machineOf = ({ n, attempt }: { n: number; attempt: number }): string => `${n}-${attempt}`;

/** Counts those that are listed no more: a machine costs until it is gone, and not until its last word. */
export function withoutGone(
  transfer: TransferState,
  machines: readonly { shard: number; attempt: number }[],
  now: Date,
): TransferState {
  const { ending = {}, ...rest } = transfer;
  const there = new Set(machines.map(({ shard: n, attempt }) => machineOf({ n, attempt })));
  const gone = Object.keys(ending).filter((machine) => !there.has(machine));
  if (gone.length === 0) return transfer;
  const left = Object.entries(ending).filter(([machine]) => there.has(machine));
  const times = gone.flatMap((machine) => ending[machine] ?? []);
  return {
    ...rest,
    machineSeconds: rest.machineSeconds + secondsSince(times, now),
    ...(left.length === 0 ? {} : { ending: Object.fromEntries(left) }),
  };
}
