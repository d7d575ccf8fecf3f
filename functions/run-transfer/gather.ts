// Reads what a transfer is decided from: both ends before it has begun, its machines and their reports while it runs. Decides
// nothing.
import type { Ledger, LedgerFiles } from "../../shared/ledger.ts";
import { nearest } from "../../shared/nearest.ts";
import {
  listReport,
  machineReport,
  reportsFolder,
  transferFolder,
  transferStates,
} from "../../shared/transfers/names.ts";
import type { Lack } from "../../shared/transfers/needs.ts";
import { betweenOf, earlierIn } from "../../shared/transfers/pace.ts";
import { isUnbegun } from "../../shared/transfers/phase.ts";
import { type MachineReport, TransferCancelled, type TransferState } from "../../shared/transfers/records.ts";
import { reportAt } from "../../shared/transfers/reports.ts";
import type { Said } from "../../shared/transfers/spent.ts";
import { hasPlan } from "./approval.ts";
import type { Circumstances } from "./budget.ts";
import { saidOf } from "./in-flight.ts";
import { missingFor } from "./preflight.ts";
import { canGoOn, openProgress } from "./progress.ts";
import { type StandsInLine, takePlace, waitingInLine } from "./queue.ts";
import { asObject, type Place, type Request } from "./request.ts";
import type { Facts, Word } from "./steps.ts";
import { rangesOf, type Survey, survey, type Unfinished } from "./survey.ts";
import type { Copying, RunTransferDeps, Work } from "./work.ts";

/** Survey of both ends, of a transfer that has not begun; nothing of one that has, or that cannot. */
export type Seen = {
  /** It waits for others: both ends are looked at when its turn has come. */
  inLine?: StandsInLine;
  /** Something without which machines could not work: both ends are then not looked at. */
  lack?: Lack;
  survey?: Survey & { circumstances: Circumstances };
  /** Objects that were listed so far, where the survey goes on in the next delivery. */
  listed?: number;
  /** Request, read anew, where its source is one object. */
  request?: Request;
  /** Folder of the source's bucket that was perhaps meant, where nothing lies at the source. */
  meant?: string;
};

/** Surveys both ends of a transfer that has not begun; the plan's files are stored unless only a plan is made. */
export async function gather(
  work: Omit<Work, "check">,
  transfer: TransferState | undefined,
): Promise<Seen | "cancelled"> {
  const { hub, id, request, settings, planning, deps } = work;
  if (!isUnbegun(transfer?.state) || "refused" in request) return {};
  if (await isCancelled(deps.ledger, hub, id)) return "cancelled";
  const ahead = planning ? [] : await takePlace({ ...work, request });
  if (ahead.length > 0) return { inLine: waitingInLine({ ...work, request }, transfer, ahead) };
  if (hasPlan(transfer)) return {};
  const lack = await missingFor(request, settings, deps);
  if (lack !== undefined) return { lack };
  const keep: LedgerFiles["keep"] = planning ? async () => "created" : deps.ledger.keep;
  const surveyOf = async (read: Request): Promise<Survey | Unfinished> => {
    const looking = { hub, id, request: read, settings, deps };
    if (planning || !canGoOn(read)) return survey(looking, keep);
    return survey(looking, keep, await openProgress(looking, () => rangesOf(looking), deps));
  };
  const [found, circumstances] = await Promise.all([
    surveyOf(request),
    circumstancesOf({ hub, deps }, request),
  ]);
  if ("listed" in found) return found;
  if (found.parts.length > 0) return { survey: { ...found, circumstances } };
  const object = asObject(request);
  const alone = object && (await surveyOf(object));
  if (object !== undefined && alone !== undefined && "parts" in alone && alone.parts.length > 0)
    return { request: object, survey: { ...alone, circumstances } };
  const meant = await meantBy(request.from, deps);
  return { survey: { ...found, circumstances }, ...(meant === undefined ? {} : { meant }) };
}

/** Folders of a path that are looked into, one in the other. */
const deepest = 8;
/** Names that can stand in a sentence and be taken for nothing else. */
const plainName = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._+=-]{0,99}$/u;

/** Finds the folder that a path without anything in it was perhaps to name: the first of its folders that is not there is nearly there. */
async function meantBy(
  { remote, path, store }: Place,
  { folders }: Pick<RunTransferDeps, "folders">,
): Promise<string | undefined> {
  const segments = path.split("/").slice(0, deepest);
  for (const [at, segment] of segments.entries()) {
    const found = await folders(remote, store, segments.slice(0, at).join("/"));
    if (found.includes(segment)) continue;
    const plain = found.filter((name) => plainName.test(name));
    return nearest(segment, plain);
  }
  return undefined;
}

/** Learns what costs and hours depend on beside the objects: by two questions that cost nothing, and one listing of our own. */
async function circumstancesOf(
  { hub, deps }: { hub: string; deps: Pick<RunTransferDeps, "ledger" | "locate"> },
  { from, to }: Request,
): Promise<Circumstances> {
  const [source, target, transfers] = await Promise.all([
    deps.locate(from.store, from.path),
    deps.locate(to.store, to.path),
    deps.ledger.list(transferStates(hub)),
  ]);
  return { source, target, earlier: earlierIn(transfers, betweenOf(from.remote, to.remote)) };
}

/** Reads the machines of a transfer that runs and of all its hub, what its own have said, and whether it is to end. */
export async function progressOf(
  { hub, id, deps }: Copying,
  transfer: TransferState,
): Promise<Pick<Facts, "machines" | "words" | "cancelled"> & { seen: string[]; said: Said[] }> {
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
  const words = await wordsOf(deps.ledger, hub, id);
  return {
    machines,
    seen: found.map(({ labels }) => `${labels["transfer"]}/${labels["shard"]}-${labels["attempt"]}`),
    words,
    said: await saidOf(deps.ledger, transfer, words),
    cancelled: await isCancelled(deps.ledger, hub, id),
  };
}

const isCancelled = async (ledger: Pick<Ledger, "read">, hub: string, id: string): Promise<boolean> =>
  (await ledger.read(`${transferFolder(hub, id)}/cancel.json`, TransferCancelled)) !== undefined;

const ReportName = /\/(list-)?(\d+)-(\d+)-(done|failed|preempted)\.json$/;

/** Reads the last words of machines, and those on lists, from the names of their reports alone. */
async function wordsOf(ledger: Pick<Ledger, "list">, hub: string, id: string): Promise<Facts["words"]> {
  const entries = await ledger.list(`${reportsFolder(hub, id)}/`);
  const words: { machines: Word[]; lists: Word[] } = { machines: [], lists: [] };
  for (const { name } of entries) {
    const [, ofList, n, attempt, state] = ReportName.exec(name) ?? [];
    if (state !== "done" && state !== "failed" && state !== "preempted") continue;
    words[ofList === undefined ? "machines" : "lists"].push({
      n: Number(n),
      attempt: Number(attempt),
      state,
    });
  }
  return words;
}

/** Reads what machines said of themselves and of lists, in the end. */
export async function lastReports(ledger: Ledger, hub: string, id: string): Promise<MachineReport[]> {
  const { machines, lists } = await wordsOf(ledger, hub, id);
  const names = [
    ...machines.map((word) => machineReport(hub, id, word)),
    // One that is done says nothing that its machine does not say.
    ...lists.filter(({ state }) => state === "failed").map((word) => listReport(hub, id, word)),
  ];
  const reports = await Promise.all(names.map((name) => reportAt(ledger, name)));
  return reports.filter((report) => report !== undefined);
}

type Named = { n: number; attempt: number };

/** Reads what a machine that gave up has said of it. */
export const failureOf = (
  ledger: Ledger,
  hub: string,
  id: string,
  of: Named,
): Promise<MachineReport | undefined> => reportAt(ledger, machineReport(hub, id, { ...of, state: "failed" }));

/** Reads what a machine said of a list's attempt that failed. */
export const listFailureOf = (
  ledger: Ledger,
  hub: string,
  id: string,
  of: Named,
): Promise<MachineReport | undefined> => reportAt(ledger, listReport(hub, id, { ...of, state: "failed" }));
