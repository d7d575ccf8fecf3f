// Listings of the ends of a transfer, of a range of names, in their order.
import { failureIn } from "../../shared/failure.ts";
import { isWithin, type Range } from "../../shared/remotes/names.ts";
import { inOrder } from "../../shared/remotes/pairs.ts";
import type { RemoteObject, TransferState } from "../../shared/transfers/records.ts";
import type { Copying } from "./work.ts";

/** Tells whether a store has said that the bucket is not there. */
export const isBucketGone = (error: unknown): boolean =>
  ["no-bucket", "no-such-bucket"].includes(failureIn(error)?.cause ?? "");

/** Gives what is at the target; where a transfer is being stopped, a bucket that is gone has nothing. */
export async function* targetPages(
  work: Ends,
  { unordered, stopping }: Pick<TransferState, "unordered" | "stopping">,
  range: Range,
): AsyncGenerator<readonly RemoteObject[]> {
  try {
    yield* pagesOf(work, "to", { unordered, range });
  } catch (error) {
    if (stopping === undefined || !isBucketGone(error)) throw error;
  }
}

/** Gives what is at the source by now. */
export const sourcePages = (
  work: Ends,
  { unordered }: Pick<TransferState, "unordered">,
  range: Range,
): AsyncGenerator<readonly RemoteObject[]> => pagesOf(work, "from", { unordered, range });

/** Both ends of a transfer, and what lists them. */
export type Ends = Pick<Copying, "request" | "deps">;

/** A store that knows no order is asked for everything. */
const pagesOf = (
  work: Ends,
  end: "from" | "to",
  { unordered, range }: Pick<TransferState, "unordered"> & { range: Range },
) => (unordered === undefined ? listedIn(work, end, range) : wholeIn(work, end, range));

const listedIn = ({ request, deps }: Ends, end: "from" | "to", range: Range) =>
  deps.list(request[end].remote, request[end].store, {
    path: request[end].path,
    only: request.from.only,
    ...range,
  });

async function* wholeIn(
  work: Ends,
  end: "from" | "to",
  range: Range,
): AsyncGenerator<readonly RemoteObject[]> {
  for await (const page of inOrder(listedIn(work, end, {})))
    yield page.filter(({ name }) => isWithin(name, range));
}
