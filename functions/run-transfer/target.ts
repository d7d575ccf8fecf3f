// The listing of what is at the target of a transfer, of a range of names.
import { isWithin, type Range } from "../../shared/remotes/names.ts";
import type { RemoteObject, TransferState } from "../../shared/transfers/records.ts";
import { inOrder } from "./pairs.ts";
import type { Copying } from "./work.ts";

/** Gives what is at the target, in the order of names. A store that knows no order is asked for everything. */
export async function* targetPages(
  { request: { to, from }, deps }: Pick<Copying, "request" | "deps">,
  { unordered }: Pick<TransferState, "unordered">,
  range: Range,
): AsyncGenerator<readonly RemoteObject[]> {
  const of = { path: to.path, only: from.only };
  if (unordered === undefined) {
    yield* deps.list(to.remote, to.store, { ...of, ...range });
    return;
  }
  for await (const page of inOrder(deps.list(to.remote, to.store, of)))
    yield page.filter(({ name }) => isWithin(name, range));
}
