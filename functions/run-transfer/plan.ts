// From a manifest to shards, flags, machines and dollars. Pure; a million objects take seconds.
import { hash } from "node:crypto";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import type { RcloneFlags, RemoteObject } from "../../shared/transfers/records.ts";

/**
 * Which shard each object goes to: the largest first, each to the shard with the least so far (LPT), by a heap. Its
 * makespan is at most 4/3 of the best, and within 0.5 % of it for what buckets hold.
 */
export function shardsOf(sizes: Float64Array, count: number): { shard: Uint16Array; loads: Float64Array } {
  const order = new Uint32Array(sizes.length).map((_, index) => index);
  order.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const shard = new Uint16Array(sizes.length);
  const loads = new Float64Array(count);
  const held = new Float64Array(count);
  // The heap holds shards; the root has the least bytes, and of equal ones the fewest objects.
  const heap = new Uint16Array(count).map((_, index) => index);
  const less = (a: number, b: number): boolean => {
    const difference = (loads[a] ?? 0) - (loads[b] ?? 0) || (held[a] ?? 0) - (held[b] ?? 0);
    return difference === 0 ? a < b : difference < 0;
  };
  for (const index of order) {
    const least = heap[0] ?? 0;
    shard[index] = least;
    loads[least] = (loads[least] ?? 0) + (sizes[index] ?? 0);
    held[least] = (held[least] ?? 0) + 1;
    sink(heap, less);
  }
  return { shard, loads };
}

/** The root has grown: down to where it belongs. */
function sink(heap: Uint16Array, less: (a: number, b: number) => boolean): void {
  let at = 0;
  for (;;) {
    let smallest = at;
    for (const child of [2 * at + 1, 2 * at + 2])
      if (child < heap.length && less(heap[child] ?? 0, heap[smallest] ?? 0)) smallest = child;
    if (smallest === at) return;
    const moved = heap[at] ?? 0;
    heap[at] = heap[smallest] ?? 0;
    heap[smallest] = moved;
    at = smallest;
  }
}

const MiB = 1024 * 1024;
/** rclone sends what is larger in parts, which it keeps in memory. */
const cutoff = 200 * MiB;
const bufferMiB = 16;
/** S3 takes 10,000 parts; rclone makes the chunk larger by itself to stay below (https://rclone.org/s3/#s3-chunk-size). */
const maximumParts = 10_000;
const mostOfMemory = 0.45;
const programBytes = 60 * MiB;

/** Bytes of memory that rclone may need with these flags: measured, sums over the objects in flight. */
export function memoryOf(flags: RcloneFlags, largest: number): number {
  const { transfers, uploadConcurrency, chunkMiB, bufferMiB: buffer } = flags;
  const chunk = Math.max(chunkMiB * MiB, largest / maximumParts);
  const one =
    largest <= cutoff
      ? Math.min(largest, buffer * MiB)
      : Math.min(largest, uploadConcurrency * chunk) + buffer * MiB;
  return programBytes + 1.25 * transfers * one;
}

/**
 * Many small objects at once, or few large ones in many parts: what is in flight is lost with a preempted machine, and is
 * held in memory meanwhile. Undefined where no choice fits into the memory.
 */
export function flagsFor(
  sizes: Float64Array,
  machine: { vcpus: number; memoryGB: number },
): RcloneFlags | undefined {
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const room = mostOfMemory * machine.memoryGB * 1e9;
  const streams = 16 * machine.vcpus;
  const wishes: [transfers: number, uploadConcurrency: number, chunkMiB: number][] =
    weightedMedian(sizes) <= 256 * MiB
      ? [
          [streams, 4, 16],
          [Math.max(1, streams / 2), 4, 16],
        ]
      : [];
  for (let transfers = Math.max(1, machine.vcpus); transfers >= 1; transfers = Math.floor(transfers / 2)) {
    wishes.push([transfers, Math.min(64, Math.ceil(streams / transfers)), 64]);
    wishes.push([transfers, 4, 16]);
  }
  const chunk = Math.max(16 * MiB, largest / maximumParts);
  wishes.push([1, Math.max(1, Math.min(16, Math.floor(room / 1.5 / chunk))), 16]);
  for (const [transfers, uploadConcurrency, chunkMiB] of wishes) {
    const flags = { transfers, checkers: Math.min(256, 2 * streams), uploadConcurrency, chunkMiB, bufferMiB };
    if (memoryOf(flags, largest) <= room) return flags;
  }
  return undefined;
}

/** Half of the bytes lie in objects of at most this size. */
function weightedMedian(sizes: Float64Array): number {
  const sorted = sizes.slice().sort();
  const half = sorted.reduce((sum, size) => sum + size, 0) / 2;
  let below = 0;
  for (const size of sorted) {
    below += size;
    if (below >= half) return size;
  }
  return 0;
}

/** What is to be copied of the source, given what is at the target already. */
export function compare(
  source: readonly RemoteObject[],
  target: ReadonlyMap<string, RemoteObject>,
): { missing: RemoteObject[]; same: number; bySize: number; conflicts: string[] } {
  const missing: RemoteObject[] = [];
  const conflicts: string[] = [];
  let same = 0;
  let bySize = 0;
  for (const object of source) {
    const there = target.get(object.name);
    if (there === undefined) missing.push(object);
    else if (there.size !== object.size) conflicts.push(object.name);
    else if (object.md5 === undefined || there.md5 === undefined) bySize += 1;
    else if (object.md5 !== there.md5) conflicts.push(object.name);
    else same += 1;
  }
  return { missing, same, bySize, conflicts };
}

export type Budget = {
  machines: number;
  /** From the slowest that was seen to the wall of one machine. */
  hours: [number, number];
  dollars: number;
};

/** Bytes a second of one machine: its wall is 875 MB/s to the internet; a fifth of it for many small objects. */
const bytesPerSecond = { best: 700e6, worst: 140e6 };
/** Making a machine, and its first second of work. */
const startHours = 0.05;

/** How many machines, for how long, for how much. */
export function budgetOf(sizes: Float64Array, settings: TransferSettings, leavesGoogle: boolean): Budget {
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 1);
  const machines = Math.max(
    1,
    Math.min(
      settings.limits.machines,
      Math.ceil(bytes / (settings.gigabytesPerMachine * 1e9)),
      Math.ceil(bytes / largest),
      sizes.length,
    ),
  );
  const hoursAt = (speed: number): number => startHours + bytes / machines / speed / 3600;
  const hours: [number, number] = [hoursAt(bytesPerSecond.best), hoursAt(bytesPerSecond.worst)];
  const dollars =
    machines * hours[1] * settings.machine.dollarsPerHour +
    (leavesGoogle ? (bytes / 1e9) * settings.dollarsPerEgressGB : 0) +
    // Requests: a read and a write each (https://cloud.google.com/storage/pricing-examples).
    (sizes.length / 1000) * (0.0004 + 0.005);
  return { machines, hours, dollars };
}

/** What is spent so far: machines by the second, and what has left Google. */
export function spent(
  used: { machineSeconds: number; bytesOut: number },
  settings: TransferSettings,
): number {
  return (
    (used.machineSeconds / 3600) * settings.machine.dollarsPerHour +
    (used.bytesOut / 1e9) * settings.dollarsPerEgressGB
  );
}

/** Why a plan goes beyond the limits of the settings; undefined when it does not. */
export function overLimit(
  plan: Budget & { bytes: number },
  { limits }: Pick<TransferSettings, "limits">,
): string | undefined {
  if (plan.bytes > limits.gigabytes * 1e9)
    return `it has ${sizeWord(plan.bytes)} and the limit is ${limits.gigabytes} GB`;
  if (plan.dollars > limits.dollars)
    return `it would cost about $${plan.dollars.toFixed(2)} and the limit is $${limits.dollars}`;
  if (plan.hours[0] > limits.hours)
    return `it would take ${plan.hours[0].toFixed(1)} hours at best and the limit is ${limits.hours}`;
  return undefined;
}

/** Two prices are only as good as the day on which somebody looked them up. */
export const priceWarning = (asOf: string, now: Date): string | undefined =>
  now.getTime() - Date.parse(asOf) > 90 * 86_400_000
    ? `the prices in the settings are of ${asOf}: look them up again`
    : undefined;

export const hashOf = (value: unknown): string => hash("sha256", JSON.stringify(value)).slice(0, 16);
