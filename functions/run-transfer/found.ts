// Findings of a range of a survey so far, beside its parts: a value that is written down with each part, and added to those of the
// other ranges in the end. Pure.
import * as z from "zod";
import { Losses } from "../../shared/transfers/records.ts";
import { mostNames } from "./plan.ts";
import { addWork, emptyWork, WorkTally } from "./tally.ts";

const Count = z.number().int();

const nothingLost = (): Losses => ({ objects: 0, bytes: 0, names: [] });

export const Found = z.strictObject({
  /** Names that cannot be copied, and those of another content at the target, as many as are told. */
  unmovable: z.array(z.string()),
  conflicts: z.array(z.string()),
  /** Objects of the target that are to be replaced and deleted. */
  lost: z.strictObject({ replaced: Losses, deleted: Losses }),
  /** Number of objects to compare by reading. */
  unproved: Count,
  tally: WorkTally,
  /** An object fits into no machine's memory, even in parts. */
  tooLarge: z.literal(true).optional(),
  /** A store that lists folder by folder has two of these names in another order than others. */
  besideFolders: z.literal(true).optional(),
  /** The target alone has more objects than a transfer deletes. */
  tooManyLost: z.literal(true).optional(),
});
export type Found = z.infer<typeof Found>;

/** Begins where nothing was found yet. */
export const nothingFound = (): Found => ({
  unmovable: [],
  conflicts: [],
  unproved: 0,
  tally: emptyWork(),
  lost: { replaced: nothingLost(), deleted: nothingLost() },
});

/** Adds what ranges have found, in their order: names are told of the first ones. */
export function allFound(ranges: readonly Found[]): Found {
  const all = nothingFound();
  for (const { unmovable, conflicts, lost, unproved, tally, ...flags } of ranges) {
    tell(all.unmovable, unmovable);
    tell(all.conflicts, conflicts);
    addLost(all.lost.replaced, lost.replaced);
    addLost(all.lost.deleted, lost.deleted);
    all.unproved += unproved;
    addWork(all.tally, tally);
    Object.assign(all, flags);
  }
  return all;
}

/** Adds names, as many as are told. */
export function tell(told: string[], names: readonly string[]): void {
  told.push(...names.slice(0, mostNames - told.length));
}

/** Adds what is lost. */
export function addLost(to: Losses, { objects, bytes, names }: Losses): void {
  to.objects += objects;
  to.bytes += bytes;
  tell(to.names, names);
}
