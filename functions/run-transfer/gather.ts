// Reads what a transfer is decided from: both ends before it has begun, its machines and their reports while it runs. Decides
// nothing.
import type { Ledger } from "../../shared/ledger.ts";
import { reportsFolder, transferFolder } from "../../shared/transfers/names.ts";
import type { Evidence } from "../../shared/transfers/proof.ts";
import {
  type LeftBehind,
  type MachineReport,
  type RemoteObject,
  TransferCancelled,
  type TransferState,
} from "../../shared/transfers/records.ts";
import { reportAt } from "../../shared/transfers/reports.ts";
import { type Compared, comparison } from "./compare.ts";
import { askedOf } from "./evidence.ts";
import { leftBehindBy, sampleOf } from "./left-behind.ts";
import { byName } from "./plan.ts";
import type { Ended, Facts } from "./steps.ts";
import type { Copying, RunTransferDeps, Work } from "./work.ts";

/** Objects at both ends, and what their stores say beyond their listings; nothing of a transfer that has begun, or that cannot. */
export type Seen = {
  ends?: {
    /** Objects that are to be at the target, those that cannot be, and how the first are there. */
    movable: readonly RemoteObject[];
    unmovable: readonly string[];
    compared: Compared;
    asked: Evidence;
    leftBehind?: LeftBehind | undefined;
  };
};

type Looking = Pick<Work, "hub" | "id" | "request"> & {
  deps: Pick<RunTransferDeps, "list" | "askSums" | "describe"> & { ledger: Pick<Ledger, "read"> };
};

/** Lists both ends, whole, of a transfer that has not begun, and asks for MD5s that listings do not say. */
export async function gather(
  { hub, id, request, deps }: Looking,
  transfer: TransferState | undefined,
): Promise<Seen | "cancelled"> {
  const isBegun = transfer !== undefined && transfer.state !== "planned";
  if (isBegun || "refused" in request) return {};
  if (await isCancelled(deps.ledger, hub, id)) return "cancelled";
  const { from, to } = request;
  const beside = leftBehindBy(request);
  const source: RemoteObject[] = [];
  await deps.list(from.remote, from.store, from.path, (page) => void source.push(...page), beside.see);
  const sample = { path: from.path, names: sampleOf(source) };
  for (const described of await deps.describe(from.remote, from.store, sample)) beside.see(described);
  const leftBehind = beside.of(source);
  const { movable, unmovable } = byName(source);
  const target = comparison(movable);
  await deps.list(to.remote, to.store, to.path, target.take);
  const compared = target.end();
  const asked = await askedOf({ request, deps }, compared);
  return { ends: { movable, unmovable, compared, asked, leftBehind } };
}

/** Reads the machines of a transfer that runs and of all its hub, what its own have said in the end, and whether it is to end. */
export async function progressOf({
  hub,
  id,
  deps,
}: Copying): Promise<Pick<Facts, "machines" | "ended" | "cancelled"> & { seen: string[] }> {
  const found = await deps.machines.list({ hub });
  const mine = found.filter(({ labels }) => labels["transfer"] === id);
  const machines = mine.map(({ id: instance, name, zone, status, labels }) => ({
    id: instance,
    name,
    zone,
    status,
    shard: Number(labels["shard"]),
    attempt: Number(labels["attempt"]),
  }));
  return {
    machines,
    seen: found.map(({ labels }) => `${labels["transfer"]}/${labels["shard"]}-${labels["attempt"]}`),
    ended: await endedOf(deps.ledger, hub, id),
    cancelled: await isCancelled(deps.ledger, hub, id),
  };
}

const isCancelled = async (ledger: Pick<Ledger, "read">, hub: string, id: string): Promise<boolean> =>
  (await ledger.read(`${transferFolder(hub, id)}/cancel.json`, TransferCancelled)) !== undefined;

const ReportName = /\/(\d+)-(\d+)-(done|failed|preempted)\.json$/;

/** Reads the last words of machines from the names of their reports alone. */
async function endedOf(ledger: Ledger, hub: string, id: string): Promise<Ended[]> {
  const entries = await ledger.list(`${reportsFolder(hub, id)}/`);
  return entries.flatMap(({ name }) => {
    const [, shard, attempt, state] = ReportName.exec(name) ?? [];
    return state === "done" || state === "failed" || state === "preempted"
      ? [{ shard: Number(shard), attempt: Number(attempt), state }]
      : [];
  });
}

/** Reads what the machines said of themselves in the end. */
export async function lastReports(ledger: Ledger, hub: string, id: string): Promise<MachineReport[]> {
  const found: MachineReport[] = [];
  for (const { shard, attempt, state } of await endedOf(ledger, hub, id)) {
    const name = `${reportsFolder(hub, id)}/${shard}-${attempt}-${state}.json`;
    const report = await reportAt(ledger, name);
    if (report !== undefined) found.push(report);
  }
  return found;
}

/** Reads what a machine that gave up has said of it. */
export function failureOf(
  ledger: Ledger,
  hub: string,
  id: string,
  { n, attempt }: { n: number; attempt: number },
): Promise<MachineReport | undefined> {
  return reportAt(ledger, `${reportsFolder(hub, id)}/${n}-${attempt}-failed.json`);
}
