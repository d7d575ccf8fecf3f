// What a transfer's next step is decided from, beyond its record: its machines, and what it has cost so far.
import { leavesGoogle } from "../../shared/remotes/stores.ts";
import type { TransferHead } from "../../shared/transfers/records.ts";
import { endsOf } from "./begin.ts";
import type { Seen } from "./decide.ts";
import { spent } from "./plan.ts";
import { bytesOut } from "./receipt.ts";
import type { Work } from "./work.ts";

/** What it has cost so far, by the prices of the settings. */
export function dollarsOf({ request, settings, deps }: Work, head: TransferHead): number {
  const { from, to } = endsOf(request, settings);
  const out = leavesGoogle(from, to) ? bytesOut(head) : 0;
  return spent({ machineSeconds: secondsOf(head, deps.now()), bytesOut: out }, settings);
}

/** The seconds that machines have run so far, those that still do with them. */
export function secondsOf(head: TransferHead, now: Date): number {
  const running = head.shards.flatMap(({ since }) => (since === undefined ? [] : [Date.parse(since)]));
  return head.machineSeconds + running.reduce((sum, since) => sum + (now.getTime() - since) / 1000, 0);
}

/** The transfer's machines, and how many its hub has for others. */
export async function machinesOf({ hub, id, deps }: Work): Promise<{ seen: Seen[]; others: number }> {
  const found = await deps.machines.list({ hub });
  const mine = found.filter(({ labels }) => labels["transfer"] === id);
  const seen = mine.map(({ name, zone, status, labels }) => ({
    name,
    zone,
    status,
    shard: Number(labels["shard"]),
    attempt: Number(labels["attempt"]),
  }));
  return { seen, others: found.length - mine.length };
}
