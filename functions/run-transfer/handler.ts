// Runs a transfer, look by look: each delivery takes its lease, sees how it stands, does what can be done now and comes again. It
// is remembered in the ledger alone, so any delivery may be the last one of its process.
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import { settlingMinutes } from "../../shared/failure.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import { type Hold, hold } from "../../shared/flow/hold.ts";
import { oneAtATime } from "../../shared/flow/one-at-a-time.ts";
import { remember, type State } from "../../shared/flow/state.ts";
import { Unordered } from "../../shared/remotes/names.ts";
import { noSuchHub } from "../../shared/serving.ts";
import { limitsOf } from "../../shared/settings/limits.ts";
import { hubOfSameNames, transferState } from "../../shared/transfers/names.ts";
import { isUnbegun } from "../../shared/transfers/phase.ts";
import { lineOf, TransferState } from "../../shared/transfers/records.ts";
import { objectsText } from "../../shared/transfers/words.ts";
import { type Acted, act } from "./act.ts";
import { begun, waitForApproval } from "./approval.ts";
import { type Draft, decide, type TransferAction } from "./decide.ts";
import { isBucketGone } from "./ends.ts";
import { gather } from "./gather.ts";
import { cancelled, notBegun, nothingBegun, planned, refused } from "./not-begun.ts";
import { leaveLine, type StandsInLine } from "./queue.ts";
import { lapsesAt, requestOf, requestOfPlan } from "./request.ts";
import { askedFor } from "./state.ts";
import { lapsedText, titleOf } from "./text.ts";
import { besideOf, storeWait } from "./waits.ts";
import { wakeAll } from "./wake.ts";
import type { Copying, RunTransferDeps, Work } from "./work.ts";

/** The lease of a delivery: its 540 s and some. */
const leaseSeconds = 600;

export async function runTransfer(
  event: EventOf<"transfer-request">,
  run: Recorder,
  delivery: { messageId: string },
  deps: RunTransferDeps,
): Promise<Result> {
  const ofHub = deps.settings.hubs[event.hub];
  const settings = ofHub?.transfers;
  if (settings === undefined) throw noSuchHub("a transfer was asked for", "transfers");
  const { hub, id } = event;
  if (id === undefined) return wakeAll(event, run, deps);
  const planning = event.dryRun === true || deps.settings.flows["run-transfer"] !== "apply";
  const asked = await askedFor({ ...event, id }, deps, !planning);
  if ("problem" in asked) return refused({ hub, id, planning, deps }, asked.problem);
  const request = requestOf(asked, settings);
  const limits = limitsOf(ofHub);
  const work: Omit<Work, "check"> = { hub, id, asked, request, settings, limits, planning, run, deps };
  const turn = { ...lookAgain(work), holder: delivery.messageId, seconds: leaseSeconds, planning };
  return oneAtATime(turn, { ...deps, run }, ({ check }) => look({ ...work, check }));
}

/** Looks once, and does what follows from it. */
async function look(work: Work): Promise<Result> {
  const { hub, id, request, settings, planning, deps } = work;
  const state = await remember(deps.ledger, transferState(hub, id), TransferState, lineOf);
  const before = state.value();
  const unfit = isUnbegun(before?.state) ? unfitBecause(work) : undefined;
  if (unfit !== undefined) return notBegun(work, state, unfit);
  const seen = await gather(work, before);
  if (seen === "cancelled") return cancelled(work, state);
  if (seen.inLine !== undefined) return standInLine(work, seen.inLine, state);
  if (seen.listed !== undefined) return goOn(work, seen.listed);
  const { plan, draft } = decide({ ...work, ...seen, transfer: before, now: deps.now() }, settings);
  const of = { hub, flow: "run-transfer", hours: settings.approvalHours, planning };
  const held = await hold(plan, before?.waiting, of, deps);
  if (draft !== undefined && before?.state !== "waiting") await state.keep(draft.transfer);
  if (planning) return planned(work, held.plan, draft?.transfer ?? before);
  if (draft !== undefined && held.held.length > 0) return onHold(work, draft, held, state);
  const start = draft === undefined ? before : { transfer: begun(draft.transfer, deps.now()) };
  if (held.go.length === 0 || start === undefined || "refused" in request)
    return nothingBegun(work, plan, state);
  const read = requestOfPlan(request, "transfer" in start ? start.transfer : start);
  const { transfer, again } = await actOrWait({ ...work, request: read }, start, state);
  await state.keep(transfer);
  if (again === undefined) await leaveLine(work);
  else await comeAgain(work, again);
  const isGood = ["running", "done", "cancelled"].includes(transfer.state);
  const ended = { title: titleOf(transfer), plan };
  return isGood
    ? { outcome: "done", ...ended, beside: besideOf(transfer, settings.machine, deps.now()) }
    : { outcome: "blocked", ...ended, cause: "ended", told: true };
}

/** Says why a request is not to begin, whatever lies at its ends. */
function unfitBecause({ hub, id, asked, settings, deps }: Work): string | undefined {
  if (deps.now() >= lapsesAt(asked, settings)) return lapsedText(asked, settings);
  const other = hubOfSameNames(hub, id, Object.keys(deps.settings.hubs));
  return other && `its machines would have names of those of the hub ${other}; ask with another id`;
}

/** Waits for those that were asked for before, and would be in the way of each other. */
async function standInLine(
  work: Work,
  { waits, ...transfer }: StandsInLine,
  state: State<TransferState>,
): Promise<Result> {
  await state.keep({ ...transfer, waits });
  await comeAgain(work, new Date(waits.until));
  return { outcome: "done", title: `transfer ${work.id} waits for ${waits.for}` };
}

/** Lists the rest in the next delivery: the time of this one is over. */
async function goOn(work: Work, listed: number): Promise<Result> {
  await comeAgain(work, work.deps.now());
  return { outcome: "done", title: `transfer ${work.id}: ${objectsText(listed)} listed so far` };
}

/** Waits for a person's word on the plan; one that was rejected ends. */
async function onHold(
  work: Work,
  { transfer }: Draft,
  held: Hold<TransferAction>,
  state: State<TransferState>,
): Promise<Result> {
  if (held.held.some(({ verdict }) => verdict === "rejected"))
    return notBegun(work, state, "a person has rejected its plan");
  const result = await waitForApproval(work, transfer, held, state);
  await comeAgain(work, lapsesAt(work.asked, work.settings));
  return result;
}

/**
 * Carries on. Where a store turns out to list in another order, it goes on by whole listings; where one refuses for longer than a moment what it
 * has allowed before, the transfer waits for it as it stands, and ends where its bucket is gone.
 */
async function actOrWait(
  work: Copying,
  start: Draft | TransferState,
  state: State<TransferState>,
): Promise<Acted> {
  try {
    return await act(work, start, state);
  } catch (error) {
    const [transfer, now] = [state.value(), work.deps.now()];
    if (error instanceof Unordered && transfer?.state === "running" && transfer.unordered === undefined)
      return { transfer: { ...transfer, unordered: true }, again: now };
    const waits = transfer?.state === "running" ? storeWait(error, transfer, now) : undefined;
    if (transfer === undefined || waits === undefined) throw error;
    if (isBucketGone(error) && now.getTime() - Date.parse(waits.since) >= settlingMinutes * 60_000) {
      const { waits: _, ...rest } = transfer;
      return { transfer: { ...rest, stopping: "the target's bucket is gone" }, again: now };
    }
    work.run.step(`it waits for ${waits.for}`);
    return { transfer: { ...transfer, waits }, again: new Date(waits.until) };
  }
}

const lookAgain = ({ hub, id }: Pick<Work, "hub" | "id">) =>
  ({
    function: "run-transfer",
    hub: `${hub}/${id}`,
    topic: "transfer-request",
    event: { v: 1, hub, id, why: "continue" },
  }) as const;

const comeAgain = (work: Work, at: Date): Promise<void> =>
  continueAt(work.deps.ledger, { ...lookAgain(work), at });
