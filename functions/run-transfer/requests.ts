// Counts the requests that a transfer makes of both stores. Pure.
import { isInGoogle } from "../../shared/remotes/stores.ts";
import type { Remote } from "../../shared/settings.ts";
import type { Request } from "./request.ts";
import type { WorkTally } from "./tally.ts";

/** Requests of one kind of price: those that read an object or what is known of it, and those that write or list. */
export type Requests = { reads: number; writes: number };

/**
 * Requests of rclone to a store for an object: to copy it from there, to copy it there (beside the writing itself), and to read it back.
 * Counted at the far ends, of 1.60 and of 1.76: of Cloud Storage it reads what is known of an object, and the object; of S3 it asks
 * twice before it reads, and once before and once after it writes.
 */
const ofObject = {
  gcs: { from: 2, to: 1, back: 2 },
  s3: { from: 3, to: 2, back: 2 },
} as const satisfies Record<Remote["kind"], { from: number; to: number; back: number }>;

/** Request of the mover for an object that is read back at the target: which writing that is. */
const named = 1;

/** Objects that a listing names at once, at both kinds of stores. */
const pageOf = 1000;
/** Pages by which it is learnt how the names of a source can be listed at the same time. */
const pagesOfFolders = 1;

export type AtStores = {
  source: Requests;
  target: Requests;
  /** Of which no store takes anything. */
  free: number;
};

/** Counts requests by store. An object in parts is one write to Cloud Storage, and one for each part to S3. */
export function requestsOf(
  { from, to }: Request,
  { copy, readBack, pages, there, parts, lists, pieces }: WorkTally,
): AtStores {
  const [source, target] = [ofObject[from.store.kind], ofObject[to.store.kind]];
  const whole = Math.ceil((there.objects + copy.objects) / pageOf);
  const looks = copy.objects * target.to;
  // Looking for what is not there yet costs nothing at Google: https://cloud.google.com/storage/pricing#operations-notes
  const free = isInGoogle(to.store) ? looks : 0;
  return {
    source: {
      reads: copy.objects * source.from + readBack.source.objects * source.back,
      // Listed for the plan, and once more for the receipt, part by part.
      writes: pagesOfFolders + 2 * pages.source,
    },
    target: {
      reads: looks - free + readBack.target.objects * (target.back + named),
      writes:
        copy.objects +
        (isInGoogle(to.store) ? 0 : pieces) +
        // For the plan, when lists have ended, and for the receipt, part by part.
        pages.target +
        Math.max(lists, whole) +
        Math.max(parts, whole),
    },
    free,
  };
}

export const countOf = ({ source, target, free }: AtStores): number =>
  source.reads + source.writes + target.reads + target.writes + free;

/** Counts the requests that follow one another for one object. */
export const inTurn = ({ from, to }: Request): number =>
  ofObject[from.store.kind].from + ofObject[to.store.kind].to + 1;
