// Decides which machines nobody needs: those of transfers that have ended or that nobody knows, of an attempt that is over, stopped
// ones, and those older than any transfer may last. Pure.
import type { Machine } from "../../shared/compute/machines.ts";
import type { TransferState } from "../../shared/transfers/records.ts";

/** A machine may be younger than the record that knows of it: so long it is let be. */
const graceSeconds = 600;

/** Record of a machine's transfer in the ledger. One that cannot be read says neither yes nor no. */
export type Known = TransferState | "unreadable" | undefined;

/** Says why a machine is to be deleted; undefined where it is not. */
export function whyNotNeeded(
  machine: Machine,
  transfer: Known,
  { now, maximumHours }: { now: Date; maximumHours: number },
): string | undefined {
  const seconds = (now.getTime() - Date.parse(machine.createdAt)) / 1000;
  // Stopping ones too: a machine stuck on its way out is asked once more, which harms nobody.
  if (["TERMINATED", "STOPPED", "SUSPENDED"].includes(machine.status)) return "it was stopped";
  if (!(seconds <= maximumHours * 3600)) return "it is older than a transfer may last";
  if (seconds < graceSeconds) return undefined;
  if (transfer === "unreadable") return undefined;
  if (transfer === undefined) return "no transfer knows it";
  if (transfer.state !== "running") return "its transfer has ended";
  const shard = transfer.shards.find(({ n }) => String(n) === machine.labels["shard"]);
  if (shard === undefined) return "its transfer has no such shard";
  if (String(shard.attempt) !== machine.labels["attempt"]) return "another one has taken its place";
  return shard.state === "done" || shard.state === "failed" ? "its shard is over" : undefined;
}
