// Looks at the source again: what was deleted, changed or added there since the plan. Nothing else tells whether an object that is not at the target,
// or is another one there, was lost on the way.
import { failureIn, settlingMinutes } from "../../shared/failure.ts";
import type { Range } from "../../shared/remotes/names.ts";
import { inOnePage, pairsOf } from "../../shared/remotes/pairs.ts";
import type { Since } from "../../shared/transfers/receipt-records.ts";
import type { RemoteObject, TransferState } from "../../shared/transfers/records.ts";
import { type Ends, isBucketGone, sourcePages } from "./ends.ts";
import type { Planned } from "./manifest.ts";
import { mostNames } from "./plan.ts";

/** Objects of a part that were deleted or changed at the source, and those that were added, of which at most 1,000 are named. */
export type SincePlan = {
  deleted: ReadonlySet<string>;
  changed: ReadonlySet<string>;
  added: Since["added"];
  /** Reason for which nobody knows. */
  unseen?: string;
};

/**
 * Compares a part of the manifest, in the order of names, with what the source has now. A source that refuses to be listed stands in no receipt's way: what is at the
 * target is proved without it. Trouble that passes by itself is waited out, but not for longer than `settlingMinutes`.
 */
export async function sincePlan(
  work: Ends,
  transfer: Pick<TransferState, "unordered" | "quietSince">,
  { part, planned }: { part: Range; planned: readonly Planned[] },
): Promise<SincePlan> {
  const deleted = new Set<string>();
  const changed = new Set<string>();
  const added: Since["added"] = { objects: 0, names: [] };
  const besides = ({ name }: RemoteObject): void => {
    added.objects += 1;
    if (added.names.length < mostNames) added.names.push(name);
  };
  const ofSource = planned.filter(({ was }) => was !== "delete");
  const pages = sourcePages(work, transfer, { after: part.after, through: part.through });
  try {
    for await (const pairs of pairsOf(inOnePage(ofSource), pages, { besides }))
      for (const { wanted, there } of pairs)
        if (there === undefined) deleted.add(wanted.name);
        else if (isChanged(wanted, there)) changed.add(wanted.name);
    return { deleted, changed, added };
  } catch (error) {
    const why = refusalIn(error, transfer, work.deps.now());
    if (why === undefined) throw error;
    return { deleted: new Set(), changed: new Set(), added: { objects: 0, names: [] }, unseen: why };
  }
}

/** Gives the reason for which a source cannot be listed; undefined where another delivery may. */
function refusalIn(
  error: unknown,
  { quietSince }: Pick<TransferState, "quietSince">,
  now: Date,
): string | undefined {
  const failure = failureIn(error);
  if (failure === undefined) return undefined;
  const minutes = quietSince === undefined ? 0 : (now.getTime() - Date.parse(quietSince)) / 60_000;
  return failure.lasts === "transient" && minutes < settlingMinutes ? undefined : failure.explanation.why;
}

/**
 * Tells whether an object is another one than when it was planned, by what both listings say. Of one whose store says no more than its size, another
 * of that size is not told apart.
 */
const isChanged = (planned: RemoteObject, now: RemoteObject): boolean =>
  planned.size !== now.size || isOther(planned.md5, now.md5) || isOther(planned.etag, now.etag);

const isOther = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

/** Tells whether the source has none of some objects any more. Where that cannot be known, it may have them. */
export async function isNoneAtSource(
  work: Ends,
  transfer: Pick<TransferState, "unordered">,
  { names, range }: { names: ReadonlySet<string>; range: Range },
): Promise<boolean> {
  if (names.size === 0) return false;
  try {
    for await (const page of sourcePages(work, transfer, range))
      if (page.some(({ name }) => names.has(name))) return false;
    return true;
  } catch (error) {
    if (failureIn(error) === undefined) throw error;
    return isBucketGone(error);
  }
}
