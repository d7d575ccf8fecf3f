// Says what of two listings is to be copied, in which shards, with which flags. Pure; a million objects take seconds.
import type { RcloneFlags, RemoteObject } from "../../shared/transfers/records.ts";

/**
 * Says which shard each object goes to: the largest first, each to the shard with the least so far (LPT), by a heap. Its
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

/** Moves the root, which has grown, down to where it belongs. */
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

/** Tells whether rclone sends an object of so many bytes in parts: then an S3 store has no MD5 of the whole. */
export const isInParts = (size: number): boolean => size > cutoff;

const bufferMiB = 16;
/** S3 takes 10,000 parts; rclone makes the chunk larger by itself to stay below (https://rclone.org/s3/#s3-chunk-size). */
const maximumParts = 10_000;
const mostOfMemory = 0.45;
const programBytes = 60 * MiB;

/** Counts the bytes of memory that rclone may need with these flags: measured, sums over the objects in flight. */
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
 * Chooses many small objects at once, or few large ones in many parts: what is in flight is lost with a preempted machine, and
 * is held in memory meanwhile. Undefined where no choice fits into the memory.
 */
export function flagsFor(
  sizes: Float64Array,
  machine: { vcpus: number; memoryGB: number },
): RcloneFlags | undefined {
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const room = mostOfMemory * machine.memoryGB * 1e9;
  const streams = 16 * machine.vcpus;
  const choices: [transfers: number, uploadConcurrency: number, chunkMiB: number][] =
    weightedMedian(sizes) <= 256 * MiB
      ? [
          [streams, 4, 16],
          [Math.max(1, streams / 2), 4, 16],
        ]
      : [];
  for (let transfers = Math.max(1, machine.vcpus); transfers >= 1; transfers = Math.floor(transfers / 2)) {
    choices.push([transfers, Math.min(64, Math.ceil(streams / transfers)), 64]);
    choices.push([transfers, 4, 16]);
  }
  const chunk = Math.max(16 * MiB, largest / maximumParts);
  choices.push([1, Math.max(1, Math.min(16, Math.floor(room / 1.5 / chunk))), 16]);
  for (const [transfers, uploadConcurrency, chunkMiB] of choices) {
    const flags = { transfers, checkers: Math.min(256, 2 * streams), uploadConcurrency, chunkMiB, bufferMiB };
    if (memoryOf(flags, largest) <= room) return flags;
  }
  return undefined;
}

/** Finds the size that half of the bytes lie in objects of at most. */
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

/** More names than this are counted, and not listed. */
export const mostNames = 1000;

/** rclone writes what a store cannot hold with these, and so reads them back as something else (https://rclone.org/overview/#encoding). */
export const rcloneChanges = /[\u2400-\u2421\uff0e\uff0f\u201b\ufffd]/u;

/** Tells whether rclone carries an object of this name (relative to the source) over as it is, named in a list of lines. */
export function isMovable(name: string): boolean {
  return (
    name !== "" &&
    name.isWellFormed() &&
    !/\p{Cc}/u.test(name) &&
    !rcloneChanges.test(name) &&
    name.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..")
  );
}

/** Tells whether an object is a folder's own mark, which has no bytes, and so is nothing to copy. */
export const isFolderMark = ({ name, size }: RemoteObject): boolean =>
  (name === "" || name.endsWith("/")) && size === 0;

/** Parts what can be copied from what has a name that rclone would change or lose. */
export function byName(listed: readonly RemoteObject[]): { movable: RemoteObject[]; unmovable: string[] } {
  const objects = listed.filter((object) => !isFolderMark(object));
  const movable: RemoteObject[] = [];
  const unmovable: string[] = [];
  for (const object of objects)
    if (isMovable(object.name)) movable.push(object);
    else unmovable.push(object.name);
  return { movable, unmovable };
}
