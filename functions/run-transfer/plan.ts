// Says what of a listing can be copied, and with which flags. Pure; a million objects take seconds.
import type { RcloneFlags, RemoteObject } from "../../shared/transfers/records.ts";

const MiB = 1024 * 1024;
/** rclone sends what is larger in parts, which it keeps in memory. */
const cutoff = 200 * MiB;

/** Tells whether rclone sends an object of so many bytes in parts: then an S3 store has no MD5 of the whole. */
export const isInParts = (size: number): boolean => size > cutoff;

/** Objects from here on want few streams of many parts, and smaller ones many streams. */
const large = 256 * MiB;
export const isLarge = (size: number): boolean => size > large;

const bufferMiB = 16;
/** S3 takes 10,000 parts; rclone makes the chunk larger by itself to stay below (https://rclone.org/s3/#s3-chunk-size). */
const maximumParts = 10_000;
const mostOfMemory = 0.45;
const programBytes = 75 * MiB;
/** Memory for each byte that is held: what Go has not collected yet comes on top. The most of twenty plans (`npm run bench`). */
const perByte = 1.35;

/** Counts the bytes of memory that rclone may need with these flags: measured, sums over the objects in flight. */
export function memoryOf(flags: RcloneFlags, largest: number): number {
  const { transfers, uploadConcurrency, chunkMiB, bufferMiB: buffer } = flags;
  const chunk = Math.max(chunkMiB * MiB, largest / maximumParts);
  const one =
    largest <= cutoff
      ? Math.min(largest, buffer * MiB)
      : Math.min(largest, uploadConcurrency * chunk) + buffer * MiB;
  return programBytes + perByte * transfers * one;
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
  const choices: [transfers: number, uploadConcurrency: number, chunkMiB: number][] = !isLarge(
    weightedMedian(sizes),
  )
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

/** Tells whether an object is a folder's own mark, which has no bytes, and so is nothing to copy. */
export const isFolderMark = ({ name, size }: RemoteObject): boolean =>
  (name === "" || name.endsWith("/")) && size === 0;
