// The listing of what is at the target of a transfer, of a range of names.
import { failureIn } from "../../shared/failure.ts";
import { isWithin, type Range } from "../../shared/remotes/names.ts";
import { inOrder } from "../../shared/remotes/pairs.ts";
import type { RemoteObject, TransferState } from "../../shared/transfers/records.ts";
import type { Copying } from "./work.ts";

/** Tells whether a store has said that the bucket is not there. */
export const isBucketGone = (error: unknown): boolean =>
  ["no-bucket", "no-such-bucket"].includes(failureIn(error)?.cause ?? "");

/**
 * Gives what is at the target, in the order of names. A store that knows no order is asked for everything; where a transfer is being stopped,
 * a bucket that is gone has nothing.
 */
export async function* targetPages(
  work: Ends,
  { unordered, stopping }: Pick<TransferState, "unordered" | "stopping">,
  range: Range,
): AsyncGenerator<readonly RemoteObject[]> {
  try {
    yield* unordered === undefined ? listedIn(work, range) : wholeIn(work, range);
  } catch (error) {
    if (stopping === undefined || !isBucketGone(error)) throw error;
  }
}

type Ends = Pick<Copying, "request" | "deps">;

const listedIn = ({ request: { to, from }, deps }: Ends, range: Range) =>
  deps.list(to.remote, to.store, { path: to.path, only: from.only, ...range });

async function* wholeIn(work: Ends, range: Range): AsyncGenerator<readonly RemoteObject[]> {
  for await (const page of inOrder(listedIn(work, {})))
    yield page.filter(({ name }) => isWithin(name, range));
}
