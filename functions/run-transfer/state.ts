// The state of a transfer: what was asked for, once, and how it stands.
import type { Clock } from "../../shared/clock.ts";
import type { EventOf } from "../../shared/events.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import {
  type Shard,
  TransferAsked,
  type TransferState,
  type WorkList,
} from "../../shared/transfers/records.ts";

/** Changes one shard. */
export const withShard = (
  transfer: TransferState,
  n: number,
  change: (shard: Shard) => Shard,
): TransferState => ({
  ...transfer,
  shards: transfer.shards.map((shard) => (shard.n === n ? change(shard) : shard)),
});

/** Changes one list. */
export const withList = (
  transfer: TransferState,
  n: number,
  change: (list: WorkList) => WorkList,
): TransferState => ({
  ...transfer,
  lists: transfer.lists?.map((list) => (list.n === n ? change(list) : list)),
});

/** Ends a transfer of which nothing has begun. */
export const over = (
  { waits: _, waiting: __, ...transfer }: TransferState,
  end: Pick<TransferState, "state" | "said">,
  now: Date,
): TransferState => ({ ...transfer, ...end, endedAt: now.toISOString() });

/** Finds what was first asked for by this id, which is what counts; `keep` writes it down where nobody has before. */
export async function askedFor(
  event: EventOf<"transfer-request"> & { id: string },
  { ledger, now }: { ledger: Ledger; now: Clock },
  keep: boolean,
): Promise<TransferAsked | { problem: string }> {
  const { hub, id, from, to, by, mode } = event;
  const name = `${transferFolder(hub, id)}/request.json`;
  const before = (await ledger.read(name, TransferAsked))?.value;
  if (before !== undefined) {
    const same =
      from === undefined ||
      to === undefined ||
      (before.from === from && before.to === to && before.mode === mode);
    if (same) return before;
    return {
      problem: "its id belongs to another transfer; ask with a new id",
    };
  }
  if (from === undefined || to === undefined) return { problem: "nobody has said from where to where" };
  const said = { ...(by === undefined ? {} : { by }), ...(mode === undefined ? {} : { mode }) };
  const asked: TransferAsked = { v: 1, from, to, at: now().toISOString(), ...said };
  // Of two at once with one id the one that is stored counts.
  if (!keep || (await ledger.create(name, asked)) === "created") return asked;
  return askedFor(event, { ledger, now }, keep);
}
