// Runs a transfer, look by look: each delivery takes its lease, sees how it stands, does what can be done now and comes again. It
// is remembered in the ledger alone, so any delivery may be the last one of its process.
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import { settlingMinutes } from "../../shared/failure.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import { hold } from "../../shared/flow/hold.ts";
import { oneAtATime, onlyPlanned } from "../../shared/flow/one-at-a-time.ts";
import { hashOf, type Plan } from "../../shared/flow/plan.ts";
import { remember, type State } from "../../shared/flow/state.ts";
import { Unordered } from "../../shared/remotes/names.ts";
import { noSuchHub } from "../../shared/serving.ts";
import { limitsOf } from "../../shared/settings/limits.ts";
import { hubOfSameNames, transferState, transferStates } from "../../shared/transfers/names.ts";
import { lineOf, TransferState } from "../../shared/transfers/records.ts";
import { type Acted, act } from "./act.ts";
import { type Draft, decide } from "./decide.ts";
import { gather } from "./gather.ts";
import { hasLapsed, requestOf, requestOfPlan } from "./request.ts";
import { askedFor, isUnbegun } from "./state.ts";
import { isBucketGone } from "./target.ts";
import { lapsedText, refusedNotice, titleOf } from "./text.ts";
import { besideOf, storeWait } from "./waits.ts";
import type { Copying, RunTransferDeps, Work } from "./work.ts";

/** The lease of a delivery: its 540 s and some. */
const leaseSeconds = 600;

type Event = EventOf<"transfer-request">;

export async function runTransfer(
  event: Event,
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
  const { hub, id, request, settings, deps } = work;
  const state = await remember(deps.ledger, transferState(hub, id), TransferState, lineOf);
  const unfit = isUnbegun(state.value()) ? unfitBecause(work) : undefined;
  if (unfit !== undefined) return refused(work, unfit);
  const seen = await gather(work, state.value());
  if (seen === "cancelled") return { outcome: "done", title: `transfer ${id} was cancelled before it began` };
  const { plan, draft } = decide({ ...work, ...seen, transfer: state.value(), now: deps.now() }, settings);
  // Nothing is held yet: a transfer that goes beyond a limit is refused whole.
  const { go } = await hold(
    plan,
    undefined,
    { hub, flow: "run-transfer", hours: 0, planning: work.planning },
    deps,
  );
  if (draft !== undefined) await state.keep(draft.transfer);
  const start = draft ?? state.value();
  if (work.planning) return planned(work, plan, state.value());
  if (go.length === 0 || start === undefined || "refused" in request) return notBegun(work, plan);
  const read = requestOfPlan(request, "transfer" in start ? start.transfer : start);
  const { transfer, again } = await actOrWait({ ...work, request: read }, start, state);
  await state.keep(transfer);
  if (again !== undefined) await comeAgain(work, again);
  const isGood = ["running", "done", "cancelled"].includes(transfer.state);
  const ended = { title: titleOf(transfer), plan };
  return isGood
    ? { outcome: "done", ...ended, beside: besideOf(transfer, settings.machine, deps.now()) }
    : { outcome: "blocked", ...ended, cause: "ended", told: true };
}

/** Says why a request is not to begin, whatever lies at its ends. */
function unfitBecause({ hub, id, asked, settings, deps }: Work): string | undefined {
  if (hasLapsed(asked, settings, deps.now())) return lapsedText(asked, settings);
  const other = hubOfSameNames(hub, id, Object.keys(deps.settings.hubs));
  return other && `its machines would have names of those of the hub ${other}; ask with another id`;
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

/** Ends a run that only planned. */
function planned({ id, run }: Work, plan: Plan, transfer: TransferState | undefined): Result {
  const { actions, refused } = plan;
  const [reason] = refused;
  if (actions.length > 0 && transfer !== undefined) return onlyPlanned(run, transfer.said, plan);
  if (reason === undefined) return onlyPlanned(run, `transfer ${id} has ended already`, plan);
  return { outcome: "blocked", title: `plan: transfer ${id}: ${reason.why}`, plan };
}

/** Ends a run in which nothing is to be done: it has ended, or is refused, which the team is told. */
async function notBegun(work: Work, plan: Plan): Promise<Result> {
  const [reason] = plan.refused;
  return reason === undefined ? { outcome: "idle" } : { ...(await refused(work, reason.why)), plan };
}

/** Ends a run whose request nobody can carry out: the team is told once, and asks anew. */
async function refused(
  {
    hub,
    id,
    asked,
    planning,
    deps,
  }: Pick<Work, "hub" | "id" | "planning" | "deps"> & Partial<Pick<Work, "asked">>,
  why: string,
): Promise<Exclude<Result, { outcome: "idle" }>> {
  const end = {
    outcome: "blocked",
    title: `transfer ${id} was not begun: ${why}`,
    cause: "not-begun",
  } as const;
  if (planning) return end;
  await deps.publish(
    "notice",
    refusedNotice({ hub, id, by: asked?.by }, hashOf({ do: "refuse", about: id, why }), why),
  );
  return { ...end, told: true };
}

/** Wakes each transfer that has not ended. */
async function wakeAll(
  { hub, dryRun }: Event,
  run: Recorder,
  { ledger, publish }: RunTransferDeps,
): Promise<Result> {
  const entries = await ledger.list(transferStates(hub));
  const open = entries.filter(({ metadata }) => metadata["state"] === "running");
  for (const { name } of open) {
    const id = name.slice(transferStates(hub).length, -".json".length);
    const plain = dryRun === true ? { dryRun } : {};
    await publish("transfer-request", { v: 1, hub, id, why: "continue", ...plain });
  }
  if (open.length === 0) return { outcome: "idle" };
  run.step(`open transfers: ${open.length}`);
  return { outcome: "done", title: `${open.length} open, each looked at` };
}
