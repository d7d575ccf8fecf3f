// Wakes each transfer of a hub that has not ended: it looks how it stands, whatever has become of its own message.
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import { transferStates } from "../../shared/transfers/names.ts";
import { isOpen } from "../../shared/transfers/phase.ts";
import type { RunTransferDeps } from "./work.ts";

/** Wakes each transfer that has not ended. */
export async function wakeAll(
  { hub, dryRun }: EventOf<"transfer-request">,
  run: Recorder,
  { ledger, publish }: Pick<RunTransferDeps, "ledger" | "publish">,
): Promise<Result> {
  const entries = await ledger.list(transferStates(hub));
  const open = entries.filter(({ metadata }) => isOpen(metadata["state"]));
  for (const { name } of open) {
    const id = name.slice(transferStates(hub).length, -".json".length);
    const plain = dryRun === true ? { dryRun } : {};
    await publish("transfer-request", { v: 1, hub, id, why: "continue", ...plain });
  }
  if (open.length === 0) return { outcome: "idle" };
  run.step(`open transfers: ${open.length}`);
  return { outcome: "done", title: `${open.length} open, each looked at` };
}
