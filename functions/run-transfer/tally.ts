// Sums of objects and lists from which costs, hours and machines follow: a million objects are added one by one, and none is held.
import * as z from "zod";
import { StorageClass } from "../../shared/remotes/classes.ts";
import type { RcloneFlags, RemoteObject } from "../../shared/transfers/records.ts";
import { turnsOf } from "./hours.ts";
import { isInParts } from "./plan.ts";

export const Sum = z.strictObject({ objects: z.number().int(), bytes: z.number() });
export type Sum = z.infer<typeof Sum>;

export const Tally = z.strictObject({
  ...Sum.shape,
  /** Bytes of the largest. */
  largest: z.number(),
  /** Those of classes that take money for reading, or that cannot be read. */
  byClass: z.partialRecord(StorageClass, Sum),
});
export type Tally = z.infer<typeof Tally>;

type Counted = Pick<RemoteObject, "size" | "storageClass">;

/** Sum of nothing. */
export const emptyTally = (): Tally => ({ objects: 0, bytes: 0, largest: 0, byClass: {} });

/** Adds objects to a sum. */
export function addObjects(tally: Tally, objects: Iterable<Counted>): void {
  for (const { size, storageClass } of objects) {
    count(tally, size);
    tally.largest = Math.max(tally.largest, size);
    if (storageClass === undefined) continue;
    tally.byClass[storageClass] ??= { objects: 0, bytes: 0 };
    count(tally.byClass[storageClass], size);
  }
}

function count(sum: Sum, size: number): void {
  sum.objects += 1;
  sum.bytes += size;
}

/** Sums of what a transfer has to do. */
export const WorkTally = z.strictObject({
  copy: Tally,
  /** Objects that are read back at each end. */
  readBack: z.strictObject({ source: Tally, target: Tally }),
  /** Pages of listings that were asked for at each end. */
  pages: z.strictObject({ source: z.number().int(), target: z.number().int() }),
  /** Objects that lie at the target, as far as they were listed. */
  there: Tally,
  parts: z.number().int(),
  lists: z.number().int(),
  /** Objects that a stream takes one after the other, summed over the lists. */
  turns: z.number(),
  /** Requests beside the first one that objects take which are sent piece by piece. */
  pieces: z.number().int(),
});
export type WorkTally = z.infer<typeof WorkTally>;

/** Sums of a transfer that has nothing to do. */
export const emptyWork = (): WorkTally => ({
  copy: emptyTally(),
  readBack: { source: emptyTally(), target: emptyTally() },
  pages: { source: 0, target: 0 },
  there: emptyTally(),
  ...{ parts: 0, lists: 0, turns: 0, pieces: 0 },
});

/** Adds the sums of one part of the work to those of another. */
export function addWork(to: WorkTally, more: WorkTally): void {
  addTally(to.copy, more.copy);
  addTally(to.there, more.there);
  for (const end of ["source", "target"] as const) {
    addTally(to.readBack[end], more.readBack[end]);
    to.pages[end] += more.pages[end];
  }
  for (const count of ["parts", "lists", "turns", "pieces"] as const) to[count] += more[count];
}

function addTally(to: Tally, { objects, bytes, largest, byClass }: Tally): void {
  addSum(to, { objects, bytes });
  to.largest = Math.max(to.largest, largest);
  for (const name of StorageClass.options) {
    const more = byClass[name];
    if (more === undefined) continue;
    to.byClass[name] ??= { objects: 0, bytes: 0 };
    addSum(to.byClass[name], more);
  }
}

function addSum(to: Sum, { objects, bytes }: Sum): void {
  to.objects += objects;
  to.bytes += bytes;
}

/** Objects of a list. */
export type ListWork = {
  copy: readonly Counted[];
  readBack: { source: readonly Counted[]; target: readonly Counted[] };
  flags: Pick<RcloneFlags, "transfers" | "chunkMiB">;
};

/** Adds a list to the work of a transfer. */
export function addList(work: WorkTally, { copy, readBack, flags }: ListWork): void {
  addObjects(work.copy, copy);
  addObjects(work.readBack.source, readBack.source);
  addObjects(work.readBack.target, readBack.target);
  work.lists += 1;
  work.turns += turnsOf(copy.length + readBack.source.length + readBack.target.length, flags);
  for (const { size } of copy)
    if (isInParts(size)) work.pieces += 2 + Math.ceil(size / (flags.chunkMiB * 2 ** 20));
}
