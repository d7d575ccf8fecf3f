// Counts what a transfer costs: beforehand, held against the limits of the settings, and so far. Pure.
import { dearestPerHour, morePerHour } from "../../shared/compute/placement.ts";
import { leavesGoogle } from "../../shared/remotes/stores.ts";
import type { Limits } from "../../shared/settings/limits.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import type { Shard, Size, TransferState } from "../../shared/transfers/records.ts";
import type { Request } from "./request.ts";

export type Budget = {
  machines: number;
  /** From the slowest that was seen to the wall of one machine. */
  hours: [number, number];
  dollars: number;
};

/** The pace of one machine, in bytes a second: its wall is 875 MB/s to the internet; a fifth of it for many small objects. */
const bytesPerSecond = { best: 700e6, worst: 140e6 };
/** Requests: a read and a write each (https://cloud.google.com/storage/pricing-examples). */
const dollarsPerObject = (0.0004 + 0.005) / 1000;
/** The time to make a machine, to its first second of work. */
const startHours = 0.05;

/** Says how many machines, for how long, for how much. `leaving`: bytes that leave Google. */
export function budgetOf(
  { objects, bytes, largest }: { objects: number; bytes: number; largest: number },
  settings: TransferSettings,
  leaving: number,
): Budget {
  const machines = Math.max(
    1,
    Math.min(
      settings.limits.machines,
      Math.ceil(bytes / (settings.gigabytesPerMachine * 1e9)),
      Math.ceil(bytes / Math.max(1, largest)),
      objects,
    ),
  );
  const hoursAt = (speed: number): number => startHours + bytes / machines / speed / 3600;
  const hours: [number, number] = [hoursAt(bytesPerSecond.best), hoursAt(bytesPerSecond.worst)];
  const dollars =
    machines * hours[1] * dearestPerHour(settings.machine) +
    (leaving / 1e9) * settings.dollarsPerEgressGB +
    objects * dollarsPerObject;
  return { machines, hours, dollars };
}

/** Says why a plan goes beyond the limits of the settings, or could never fit into its hub's; undefined when it does not. */
export function overLimit(
  plan: Budget & { bytes: number },
  { limits }: Pick<TransferSettings, "limits">,
  hub: Pick<Limits, "dollarsPerDay" | "dollarsPerMonth">,
): string | undefined {
  if (plan.bytes > limits.gigabytes * 1e9)
    return `it has ${sizeWord(plan.bytes)} and the limit is ${limits.gigabytes} GB`;
  if (plan.dollars > limits.dollars)
    return `it would cost about $${plan.dollars.toFixed(2)} and the limit is $${limits.dollars}`;
  const most = Math.min(hub.dollarsPerDay, hub.dollarsPerMonth);
  if (plan.dollars > most)
    return `it would cost about $${plan.dollars.toFixed(2)} and all transfers of the hub may cost $${most} a ${most === hub.dollarsPerDay ? "day" : "month"}`;
  if (plan.hours[0] > limits.hours)
    return `it would take ${plan.hours[0].toFixed(1)} hours at best and the limit is ${limits.hours}`;
  return undefined;
}

/** Warns of old prices: they are only as good as the day on which somebody looked them up. */
export const priceWarning = (asOf: string, now: Date): string | undefined =>
  now.getTime() - Date.parse(asOf) > 90 * 86_400_000
    ? `the prices in the settings are of ${asOf}: look them up again`
    : undefined;

/** Says what it has cost so far, by the prices of the settings: machines by the second, and what has left Google. */
export function spent(
  transfer: TransferState,
  { request, settings, now }: { request: Request; settings: TransferSettings; now: Date },
): number {
  // As far as the target's listings have shown.
  const bytes = (transfer.lists ?? []).reduce((sum, list) => sum + toCopy(list) - toCopy(list.left), 0);
  return (
    (secondsRun(transfer, now) / 3600) * settings.machine.dollarsPerHour +
    dearer(transfer, settings, now) +
    (leavesGoogle(request.from.store, request.to.store) ? (bytes / 1e9) * settings.dollarsPerEgressGB : 0)
  );
}

/** Counts what machines have cost beyond a Spot one of the first type: those that are over, and those that run. */
function dearer(transfer: TransferState, { machine }: TransferSettings, now: Date): number {
  return transfer.shards.reduce((sum, shard) => sum + dearerBy(shard, machine, now), transfer.dearer ?? 0);
}

/** The same of a shard's machine so far. */
export const dearerBy = (
  { since, ...of }: Pick<Shard, "since" | "type" | "standard">,
  machine: TransferSettings["machine"],
  now: Date,
): number => (since === undefined ? 0 : (secondsSince([since], now) / 3600) * morePerHour(of, machine));

/** Counts bytes that leave a store for the other: what is read back stays where it is. */
const toCopy = ({ bytes, copyBytes = bytes }: Size): number => copyBytes;

/** Says what it costs in all if it goes on: what it has cost, and what is left at the slowest pace that was seen. */
export function costToEnd(
  transfer: TransferState,
  of: { request: Request; settings: TransferSettings; now: Date },
): number {
  const { request, settings, now } = of;
  const left = (transfer.lists ?? []).filter(({ state }) => state === "open").map((list) => list.left);
  if (left.length === 0) return spent(transfer, of);
  const sum = (count: (size: Size) => number): number => left.reduce((all, size) => all + count(size), 0);
  const hoursOf = ({ bytes }: Size): number => bytes / bytesPerSecond.worst / 3600;
  const toStart = Math.min(left.length, transfer.shards.filter(({ state }) => state !== "failed").length);
  // Leaves out what machines have run for the lists that they have in hand: that is spent.
  const longest = startHours + left.reduce((most, size) => Math.max(most, hoursOf(size)), 0);
  const spentHours = transfer.shards.reduce((hours, { since }) => {
    const ran = since === undefined ? 0 : (now.getTime() - Date.parse(since)) / 3_600_000;
    return hours + Math.min(ran, longest);
  }, 0);
  const hours = Math.max(0, toStart * startHours + sum(hoursOf) - spentHours);
  const egress = leavesGoogle(request.from.store, request.to.store)
    ? (sum(toCopy) / 1e9) * settings.dollarsPerEgressGB
    : 0;
  const requests = sum(({ objects }) => objects) * dollarsPerObject;
  return spent(transfer, of) + hours * dearestPerHour(settings.machine) + egress + requests;
}

/** Counts the seconds of its limit of hours that it has used: without those in which it waited for its hub's budgets. */
export function secondsUsed(
  { startedAt, waits, waitedSeconds = 0 }: Pick<TransferState, "startedAt" | "waits" | "waitedSeconds">,
  now: Date,
): number {
  const waiting = waits === undefined ? 0 : now.getTime() - Date.parse(waits.since);
  return (now.getTime() - Date.parse(startedAt) - waiting) / 1000 - waitedSeconds;
}

/** Counts the seconds that machines have run so far, those that still do with them. */
export function secondsRun(transfer: TransferState, now: Date): number {
  const running = transfer.shards.flatMap(({ since }) => (since === undefined ? [] : [since]));
  return transfer.machineSeconds + secondsSince([...running, ...Object.values(transfer.ending ?? {})], now);
}

const secondsSince = (times: readonly string[], now: Date): number =>
  times.reduce((sum, time) => sum + (now.getTime() - Date.parse(time)) / 1000, 0);

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
