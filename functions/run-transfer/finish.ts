// The end of a transfer, when nothing runs any more: what is open is ended, the receipt kept, the team told, and only then is
// the transfer over, so that whoever dies in between is followed by another end.
import type { Result } from "../../shared/delivery/recorder.ts";
import type { RemoteObject, TransferHead, TransferReceipt } from "../../shared/transfers/records.ts";
import { endsOf } from "./begin.ts";
import { keepReceipt, lastReports, readManifest, readReceipt } from "./book.ts";
import { dollarsOf, secondsOf } from "./facts.ts";
import { receiptOf } from "./receipt.ts";
import { isMovable } from "./request.ts";
import { endedNotice } from "./text.ts";
import type { Work } from "./work.ts";

export type End = "verify" | "cancelled" | "failed";

export async function finish(
  work: Work,
  head: TransferHead,
  as: End,
  store: (head: TransferHead) => Promise<TransferHead>,
): Promise<Result> {
  const { hub, id, run, deps } = work;
  const settled = { ...head, machineSeconds: secondsOf(head, deps.now()) };
  // What was once written down is the end, whatever has changed since.
  const receipt =
    (await readReceipt(deps.ledger, hub, id)) ??
    (await keepReceipt(deps.ledger, hub, await receiptNow(work, { head, settled, as })));
  await deps.publish("notice", endedNotice(hub, receipt));
  await store({
    ...settled,
    state: receipt.state,
    said: receipt.said,
    endedAt: receipt.endedAt,
  });
  run.effect({ do: "end-transfer", id, state: receipt.state, copied: receipt.copied });
  const outcome = receipt.state === "done" || receipt.state === "cancelled" ? "done" : "blocked";
  return { outcome, title: `transfer ${id} ${receipt.said}` };
}

async function receiptNow(
  work: Work,
  { head, settled, as }: { head: TransferHead; settled: TransferHead; as: End },
): Promise<TransferReceipt> {
  const { hub, id, request, settings, deps } = work;
  const { ledger, now, list } = deps;
  const { from, to } = endsOf(request, settings);
  const manifest = await readManifest(ledger, head.manifest);
  const target = await list(request.to.remote, to, request.to.path);
  const uploadsEnded = await deps.endUploads(request.to.remote, to, {
    path: request.to.path,
    names: new Set(manifest.map(({ name }) => name)),
    since: new Date(head.startedAt),
  });
  return receiptOf({
    head: settled,
    dollars: dollarsOf(work, head),
    manifest,
    target,
    unmovable:
      head.unmovable === 0 ? [] : unmovableOf(await list(request.from.remote, from, request.from.path)),
    reports: await lastReports(ledger, hub, id),
    as,
    now: now(),
    interop: deps.wires.interop !== undefined,
    uploadsEnded,
  });
}

const unmovableOf = (source: readonly RemoteObject[]): string[] =>
  source
    .filter(({ name, size }) => !(name.endsWith("/") && size === 0) && !isMovable(name))
    .map(({ name }) => name);
