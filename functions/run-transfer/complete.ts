// Completes a transfer, when nothing runs any more: what is open is ended, the receipt kept, the team told. Only then is the
// transfer over, so that whoever dies in between is followed by another end.
import { transferFolder } from "../../shared/transfers/names.ts";
import { TransferReceipt, type TransferState } from "../../shared/transfers/records.ts";
import { comparison, settled } from "./compare.ts";
import { secondsRun, spent } from "./cost.ts";
import { askedOf, keptEvidence } from "./evidence.ts";
import { lastReports } from "./gather.ts";
import { readFirstLists, readManifest } from "./lists.ts";
import { byName } from "./plan.ts";
import { type End, receiptOf } from "./receipt.ts";
import { endedNotice } from "./text.ts";
import type { Copying } from "./work.ts";

/** Gives the state in which the transfer is over; whoever keeps it ends the transfer. */
export async function complete(work: Copying, transfer: TransferState, as: End): Promise<TransferState> {
  const { hub, id, run, deps } = work;
  const settled = { ...transfer, machineSeconds: secondsRun(transfer, deps.now()) };
  const name = `${transferFolder(hub, id)}/receipt.json`;
  const read = async () => (await deps.ledger.read(name, TransferReceipt))?.value;
  let receipt = await read();
  // Makes a receipt only once: what was written down is the end, whatever has changed since.
  if (receipt === undefined) {
    const made = await receiptNow(work, { transfer, settled, as });
    receipt = (await deps.ledger.create(name, made)) === "created" ? made : ((await read()) ?? made);
  }
  await deps.publish("notice", endedNotice(hub, receipt));
  const { state, said, endedAt, copied } = receipt;
  run.effect({ do: "end-transfer", id, state, copied });
  return { ...settled, state, said, endedAt };
}

async function receiptNow(
  work: Copying,
  { transfer, settled: after, as }: { transfer: TransferState; settled: TransferState; as: End },
): Promise<TransferReceipt> {
  const { hub, id, request, deps } = work;
  const { from, to } = request;
  const manifest = await readManifest(deps.ledger, transfer.manifest);
  const target = comparison(manifest);
  await deps.list(to.remote, to.store, to.path, target.take);
  const listed = target.end();
  const uploadsEnded = await deps.endUploads(to.remote, to.store, {
    path: to.path,
    names: new Set(manifest.map(({ name }) => name)),
    since: new Date(transfer.startedAt),
  });
  const now = deps.now();
  const compared = settled(listed, await keptEvidence(deps.ledger, { hub, id }, listed.unproved));
  const asked = await askedOf({ request, deps }, { unproved: compared.unproved, missing: [] });
  const unmovable: string[] = [];
  if (transfer.unmovable > 0)
    await deps.list(from.remote, from.store, from.path, (page) => {
      unmovable.push(...byName(page).unmovable);
    });
  return receiptOf({
    transfer: after,
    dollars: spent(transfer, { ...work, now }),
    compared: settled(compared, [asked]),
    toCopy: await readFirstLists(deps.ledger, { hub, id }),
    unmovable,
    reports: await lastReports(deps.ledger, hub, id),
    as,
    now,
    interop: deps.wires.interop !== undefined,
    uploadsEnded,
  });
}
