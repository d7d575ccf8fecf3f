// Completes a transfer, when nothing runs any more: what is open is ended, the receipt kept, the team told. Only then is the
// transfer over, so that whoever dies in between is followed by another end.
import { isWithin } from "../../shared/remotes/names.ts";
import type { Dollars } from "../../shared/transfers/figures.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import { type PartChecked, TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import { secondsRun } from "../../shared/transfers/spent.ts";
import { addedUp, checked } from "./check.ts";
import { isBucketGone } from "./ends.ts";
import { questions } from "./evidence.ts";
import { lastReports } from "./gather.ts";
import { type Planned, readManifest } from "./manifest.ts";
import { moverFiles } from "./moved.ts";
import { type End, receiptOf } from "./receipt.ts";
import type { Request } from "./request.ts";
import { endedNotice } from "./text.ts";
import type { Copying } from "./work.ts";

/** Milliseconds after which a delivery leaves the rest of the parts to the next one; it may last 540 s. */
const enoughMs = 300_000;
/** Parts that are checked at a time. */
const atOnce = 4;

/** End of a transfer, and what it has cost. */
type Ending = { as: End; dollars: Dollars };

/** Gives the state in which the transfer is over; whoever keeps it ends the transfer. There may be more to check than one delivery can. */
export async function complete(
  work: Copying,
  transfer: TransferState,
  ending: Ending,
): Promise<TransferState | "not-yet"> {
  const { hub, id, run, deps } = work;
  const settled = { ...transfer, machineSeconds: secondsRun(transfer, deps.now()) };
  const name = `${transferFolder(hub, id)}/receipt.json`;
  const read = async () => (await deps.ledger.read(name, TransferReceipt))?.value;
  let receipt = await read();
  // Makes a receipt only once: what was written down is the end, whatever has changed since.
  if (receipt === undefined) {
    const made = await receiptNow(work, { transfer, settled, ...ending });
    if (made === "not-yet") return made;
    receipt = (await deps.ledger.create(name, made)) === "created" ? made : ((await read()) ?? made);
  }
  await deps.publish("notice", endedNotice(hub, receipt));
  const { state, said, endedAt, copied } = receipt;
  run.effect({ do: "end-transfer", id, state, copied });
  return { ...settled, state, said, endedAt };
}

async function receiptNow(
  work: Copying,
  { transfer, settled, as, dollars }: { transfer: TransferState; settled: TransferState } & Ending,
): Promise<TransferReceipt | "not-yet"> {
  const { hub, id, request, deps } = work;
  const { to } = request;
  const checks = await checksOf(work, transfer);
  if (checks === "not-yet") return checks;
  const ending = deps.endUploads(to.remote, to.store, {
    path: to.path,
    since: new Date(transfer.startedAt),
    until: new Date(transfer.quietSince ?? deps.now()),
    ours: (names) => broughtOf(work, transfer, names),
  });
  const uploads = await ending.catch((error: unknown) => {
    if (transfer.stopping === undefined || !isBucketGone(error)) throw error;
    return { ended: 0, left: 0 };
  });
  return receiptOf({
    transfer: settled,
    dollars,
    checked: addedUp(checks),
    whole: checks.flatMap(({ whole }) => whole ?? []),
    request,
    reports: await lastReports(deps.ledger, hub, id),
    as,
    now: deps.now(),
    interop: deps.wires.interop !== undefined,
    uploads,
  });
}

/** Checks all parts, some at a time, as long as there is time. */
async function checksOf(work: Copying, transfer: TransferState): Promise<PartChecked[] | "not-yet"> {
  const { parts = [] } = transfer;
  const until = work.deps.now().getTime() + enoughMs;
  const asking = { questions: questions(), moved: await moverFiles(work, transfer) };
  const done: PartChecked[] = [];
  for (let from = 0; from < parts.length; from += atOnce) {
    if (work.deps.now().getTime() > until) return "not-yet";
    const some = parts.slice(from, from + atOnce);
    done.push(...(await Promise.all(some.map((part) => checked(work, transfer, part, asking)))));
    await work.check();
  }
  return done;
}

/** Finds those names whose objects machines may have written: an upload of any other name is somebody's. */
async function broughtOf(
  { deps, request: { mode } }: Copying,
  { parts = [] }: TransferState,
  names: readonly string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  const asked = new Set(names);
  for (const part of parts) {
    if (!names.some((name) => isWithin(name, part))) continue;
    for (const { name, was } of await readManifest(deps.ledger, part))
      if (asked.has(name) && isWritten(was, mode)) found.add(name);
  }
  return found;
}

/** Tells whether machines may write an object that was so. One that is compared by reading they write only where something may be replaced. */
const isWritten = (was: Planned["was"], mode: Request["mode"]): boolean =>
  was === "missing" || was === "replace" || (was === "unproved" && mode !== undefined);
