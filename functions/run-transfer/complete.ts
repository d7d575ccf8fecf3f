// Completes a transfer, when nothing runs any more: what is open is ended, the receipt kept, the team told. Only then is the
// transfer over, so that whoever dies in between is followed by another end.
import type { Ledger } from "../../shared/ledger.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import { type RemoteObject, TransferReceipt, type TransferState } from "../../shared/transfers/records.ts";
import { secondsRun, spent } from "./cost.ts";
import { lastReports } from "./gather.ts";
import { readManifest } from "./lists.ts";
import { type End, receiptOf } from "./receipt.ts";
import { isMovable } from "./request.ts";
import { endedNotice } from "./text.ts";
import type { Copying } from "./work.ts";

/** Gives the state in which the transfer is over; whoever keeps it ends the transfer. */
export async function complete(work: Copying, transfer: TransferState, as: End): Promise<TransferState> {
  const { hub, id, run, deps } = work;
  const settled = { ...transfer, machineSeconds: secondsRun(transfer, deps.now()) };
  const name = `${transferFolder(hub, id)}/receipt.json`;
  // What was once written down is the end, whatever has changed since.
  const receipt =
    (await readReceipt(deps.ledger, name)) ??
    (await keepReceipt(deps.ledger, name, await receiptNow(work, { transfer, settled, as })));
  await deps.publish("notice", endedNotice(hub, receipt));
  const { state, said, endedAt, copied } = receipt;
  run.effect({ do: "end-transfer", id, state, copied });
  return { ...settled, state, said, endedAt };
}

const readReceipt = async (ledger: Ledger, name: string): Promise<TransferReceipt | undefined> =>
  (await ledger.read(name, TransferReceipt))?.value;

/** Keeps the first receipt of a transfer, and gives the one that is kept. */
async function keepReceipt(ledger: Ledger, name: string, receipt: TransferReceipt): Promise<TransferReceipt> {
  if ((await ledger.create(name, receipt)) === "created") return receipt;
  return (await readReceipt(ledger, name)) ?? receipt;
}

async function receiptNow(
  work: Copying,
  { transfer, settled, as }: { transfer: TransferState; settled: TransferState; as: End },
): Promise<TransferReceipt> {
  const { hub, id, request, deps } = work;
  const { from, to } = request;
  const manifest = await readManifest(deps.ledger, transfer.manifest);
  const target = await deps.list(to.remote, to.store, to.path);
  const uploadsEnded = await deps.endUploads(to.remote, to.store, {
    path: to.path,
    names: new Set(manifest.map(({ name }) => name)),
    since: new Date(transfer.startedAt),
  });
  const now = deps.now();
  return receiptOf({
    transfer: settled,
    dollars: spent(transfer, { ...work, now }),
    manifest,
    target,
    unmovable:
      transfer.unmovable === 0 ? [] : unmovableOf(await deps.list(from.remote, from.store, from.path)),
    reports: await lastReports(deps.ledger, hub, id),
    as,
    now,
    interop: deps.wires.interop !== undefined,
    uploadsEnded,
  });
}

const unmovableOf = (source: readonly RemoteObject[]): string[] =>
  source
    .filter(({ name, size }) => !(name.endsWith("/") && size === 0) && !isMovable(name))
    .map(({ name }) => name);
