// Finds how full the homes are, and tells who should know. An event only says "look": the run takes the newest figures, decides,
// writes down what is to be told, tells it, and writes down that it was told. Whoever dies in between leaves it to the next.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import { endOf, hold, storePlan, withoutDone, wordsOn } from "../../shared/flow/hold.ts";
import { Incidents } from "../../shared/flow/incident-records.ts";
import { incidentsName } from "../../shared/flow/incident-stage.ts";
import { oneAtATime, onlyPlanned } from "../../shared/flow/one-at-a-time.ts";
import { hashOf, type Plan } from "../../shared/flow/plan.ts";
import { remember, type State } from "../../shared/flow/state.ts";
import type { SourceTrouble } from "../../shared/prometheus/client.ts";
import { isOld } from "../../shared/quota/measurement.ts";
import { QuotaState } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { noSuchHub } from "../../shared/serving.ts";
import type { Hub } from "../../shared/settings.ts";
import { act, noticesOf } from "./act.ts";
import { decide, kindStoodBy } from "./decide.ts";
import { type GatherDeps, gather } from "./gather.ts";
import { emptyState, keepHistory, stateAfter, stateName } from "./state.ts";
import { heldNotice, titleOf, troubleNotice } from "./text.ts";
import { volumeCause, volumeTrouble } from "./volume-text.ts";

export type ScanQuotasDeps = GatherDeps & { publish: Publish };

/** A delivery's 120 s and some. */
const leaseSeconds = 150;
const waitForMembersMs = 60_000;

type Event = EventOf<"quota-scan-due">;
type ScanWork = {
  event: Event;
  hub: Hub;
  quota: QuotaSettings;
  run: Recorder;
  deps: ScanQuotasDeps;
  /** Nothing is done but to say what would be. */
  planning: boolean;
};

export async function scanQuotas(
  event: Event,
  run: Recorder,
  delivery: { messageId: string },
  deps: ScanQuotasDeps,
): Promise<Result> {
  const hub = deps.settings.hubs[event.hub];
  if (hub === undefined) throw noSuchHub("the homes of a hub were to be looked at");
  if (hub.quota === undefined) return { outcome: "idle" };
  const planning = event.dryRun === true || deps.settings.flows["scan-quotas"] !== "apply";
  const work: ScanWork = { event, hub, quota: hub.quota, run, deps, planning };
  const turn = { ...lookAgain(event), holder: delivery.messageId, seconds: leaseSeconds, planning };
  return oneAtATime(turn, { ...deps, run }, ({ again }) =>
    // Looks anew: whoever came meanwhile may have brought a report, or a person's word.
    again
      ? look({ ...work, event: { ...event, why: "continue" } }, true)
      : look(work, planning || event.why === "approval"),
  );
}

const lookAgain = (event: Event) =>
  ({ function: "scan-quotas", hub: event.hub, topic: "quota-scan-due", event }) as const;

/** One look. Figures that were looked at before are worth another one `anew`: a person may have said something. */
async function look(work: ScanWork, anew: boolean): Promise<Result> {
  const { event, hub, quota, run, deps, planning } = work;
  const state = await remember(deps.ledger, stateName(event.hub), QuotaState);
  // Tells what the run before could not tell.
  if (!planning) await act(state, [], { ...deps, run });

  const before = state.value();
  const of = { hub: event.hub, flow: "scan-quotas", hours: quota.approvalHours, planning };
  // An approval whose own event was lost, or came while another run was at work, is heard by whoever looks next.
  const { approved } = await wordsOn(before?.waiting, of, deps);
  const again = anew || before?.planned !== undefined || approved;
  const seen = await gather({ event, hub, quota, state: before, anew: again }, deps);
  if (seen === "no-people-yet") return waitForMembers(work);
  if ("trouble" in seen) return blocked(work, state, seen.trouble);
  if ("nothing" in seen) {
    if (before !== undefined && seen.report !== undefined)
      await state.keep({ ...before, report: seen.report });
    return { outcome: "done", title: seen.nothing };
  }
  run.step(
    `${seen.scan.homes.length} homes in the figures of ${seen.scan.measuredAt} (${seen.scan.source}, ${seen.scan.kind})`,
  );
  for (const note of seen.scan.notes) run.step(note);
  const old = seen.scan.homes.filter((home) => isOld(home, { now: deps.now(), settings: quota })).length;
  if (old > 0) run.step(`${old} of them have figures that are too old, and stay as they are`);

  const acknowledgedAt = await acknowledgedSince(before, event.hub, deps);
  const input = { ...seen, settings: quota, state: before, now: deps.now(), acknowledgedAt };
  const decision = decide(input);
  const { plan, homes } = decision;
  const held = await hold(plan, before?.waiting, of, deps);

  await keepHistory(event.hub, seen.scan, deps.ledger);
  const after = stateAfter(input, decision, held.go);
  const notices = noticesOf(held.go, { hub: event.hub, hubUrl: hub.url, input, homes, after });
  const title = titleOf(after, { held: held.held.length, messages: notices.length });
  const beside = volumeTrouble(event.hub, after);
  const result = { ...endOf(held), title, plan: held.plan, beside };
  if (planning) return keepPlanned(work, state, stateAfter(input, decision, []), result);
  const waiting = withoutDone(
    held.waiting,
    held.go.map((action) => ({ hash: hashOf(action) })),
  );
  if (waiting !== undefined && waiting.plan !== before?.waiting?.plan)
    await storePlan({ ...of, plan: held.shown }, deps);
  const asks = held.isNew ? [heldNotice(event.hub, { ...held, plan: held.shown.hash, at: after.at })] : [];
  await state.keep({
    ...after,
    ...(waiting === undefined ? {} : { waiting }),
    toTell: [...after.toTell, ...notices, ...asks],
  });

  const told = held.go.filter((action) => action.do !== "note");
  const asked = asks.map(() => ({ do: "ask", about: "what is on hold", whom: "team" }));
  await act(state, [...told, ...asked], { ...deps, run });
  return result;
}

/** Time at which somebody has said that they have seen that little is free; nobody can before that was told. */
async function acknowledgedSince(
  state: QuotaState | undefined,
  hub: string,
  { ledger }: ScanQuotasDeps,
): Promise<string | undefined> {
  if (state?.volumeLevel?.mark === undefined) return undefined;
  const stored = await ledger.read(incidentsName(hub), Incidents);
  return stored?.value.incidents[`scan-quotas/${volumeCause}`]?.acknowledged?.at;
}

/** Leaves out whatever a plan does to the world: the figures are kept for the pages, and looked at once more by an apply. */
async function keepPlanned(
  { run }: ScanWork,
  state: State<QuotaState>,
  next: QuotaState,
  { title, plan }: { title: string; plan: Plan },
): Promise<Result> {
  const waiting = state.value()?.waiting;
  const planned = { kind: kindStoodBy(state.value()) };
  await state.keep({ ...next, ...(waiting === undefined ? {} : { waiting }), planned });
  return onlyPlanned(run, title, plan);
}

/** Says once, until figures can be had again, what is in the way. */
async function blocked(
  { event, run, deps, planning }: ScanWork,
  state: State<QuotaState>,
  { kind, what, next }: SourceTrouble,
): Promise<Result> {
  const at = deps.now().toISOString();
  const before = state.value() ?? emptyState(at);
  const known = before.trouble?.kind === kind;
  const trouble = { kind, since: at, what, next };
  if (planning && !known) await state.keep({ ...before, trouble: { ...trouble, planned: true } });
  const isNews = !planning && (!known || before.trouble?.planned === true);
  if (isNews) {
    const toTell = [...before.toTell, troubleNotice(event.hub, trouble)];
    await state.keep({ ...before, trouble, toTell });
    await act(state, [{ do: "tell", about: "the figures", whom: "team" }], { ...deps, run });
  }
  run.step(`what to do: ${next}`);
  return { outcome: "blocked", title: what, cause: kind, ...(isNews && { told: true as const }) };
}

async function waitForMembers({ event, deps }: ScanWork): Promise<Result> {
  const at = new Date(deps.now().getTime() + waitForMembersMs);
  await continueAt(deps.ledger, { ...lookAgain({ ...event, why: "continue" }), at });
  return { outcome: "done", title: "waits a minute: the sheet has not been read yet" };
}
