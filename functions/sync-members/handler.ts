// The sheet is the truth about who has access; the teams follow. An event only says "look again": whatever it says, the run
// reads sheet and teams, decides, and does what was decided, one person at a time.
import type { Publish } from "../../shared/bus/publish.ts";
import { type Clock, dayOf } from "../../shared/clock.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import type { BudgetStore } from "../../shared/flow/budget-store.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import { hold, wordsOn } from "../../shared/flow/hold.ts";
import { type Look, oneAtATime, onlyPlanned } from "../../shared/flow/one-at-a-time.ts";
import type { TeamWrites } from "../../shared/github/team-writes.ts";
import type { Ledger } from "../../shared/ledger.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { MembersSettings } from "../../shared/members/settings.ts";
import { noSuchHub } from "../../shared/serving.ts";
import type { Hub, Settings } from "../../shared/settings.ts";
import type { SheetWriter } from "../../shared/sheets/write.ts";
import { act } from "./act.ts";
import { settle, waitOf, withinBudget } from "./afford.ts";
import { announcements } from "./announce.ts";
import { askAboutByHand } from "./by-hand.ts";
import { tellOfClasses } from "./class-notices.ts";
import { classesNear } from "./classes.ts";
import { decide } from "./decide.ts";
import { endOf } from "./end.ts";
import { anotherPlan } from "./exact.ts";
import { digestOf, type GatherDeps, gather } from "./gather.ts";
import { lookAgain, onlyHints, whenQuiet } from "./quiet.ts";
import { after, before, membersState } from "./state.ts";
import { actsForLong, changesOnHold, statusIsLate, tellInSheet } from "./status-sheet.ts";
import { askTeam, tellMembers, withMailsPlanned } from "./tell.ts";
import { titleOf, unusableSheetNotice } from "./text.ts";
import { undo } from "./undo.ts";

export type SyncMembersDeps = GatherDeps & {
  ledger: Ledger;
  writes: TeamWrites;
  /** Writes the status sheet, where a hub has one. */
  writeStatus: SheetWriter["write"];
  budgets: BudgetStore;
  publish: Publish;
  now: Clock;
  /** Real time, for GitHub counts it. */
  pause: (milliseconds: number) => Promise<void>;
  /** Waits until a time of the clock `now`. */
  wait: (until: Date) => Promise<void>;
  settings: Settings;
};

/** Length of a lease, in seconds. Every write prolongs it: reading a hub takes a minute at most. */
const leaseSeconds = 180;
/** Work on people stops so long after a delivery began, so that what was done is written down within it. */
const workSeconds = 420;

type Event = EventOf<"sheet-changed">;
type Work = {
  event: Event;
  hub: Hub;
  members: MembersSettings;
  /** The run looks and remembers, and changes nothing else. */
  planning: boolean;
  run: Recorder;
  delivery: { messageId: string; attempt: number; first: Date };
  /** Time at which work on people stops. */
  until: Date;
  deps: SyncMembersDeps;
};

export async function syncMembers(
  event: Event,
  run: Recorder,
  delivery: Work["delivery"],
  deps: SyncMembersDeps,
): Promise<Result> {
  const hub = deps.settings.hubs[event.hub];
  if (hub === undefined) throw noSuchHub("the sheet of a hub was to be read");
  if (hub.members === undefined) return { outcome: "idle" };
  const planning = event.dryRun === true || deps.settings.flows["sync-members"] !== "apply";
  const until = new Date(deps.now().getTime() + workSeconds * 1000);
  const work: Work = { event, hub, members: hub.members, planning, run, delivery, until, deps };
  const turn = { ...lookAgain(event.hub), holder: delivery.messageId, seconds: leaseSeconds, planning };
  const inTurn = (look: Look) => oneAtATime(turn, { ...deps, run }, look);
  if (event.undo !== undefined) return undo({ ...work, id: event.undo, carrying: carrying(work) }, inTurn);
  // Another asks meanwhile for what the sheet says, and for no plan.
  const later = { ...work, event: { ...event, plan: undefined } };
  return whenQuiet(work, () => inTurn((look) => once(look.again ? later : work, look)));
}

type CheckedBy = { check: () => Promise<void> };

/** Looks once, and does what follows from it. */
async function once(work: Work, { check }: CheckedBy): Promise<Result> {
  const { event, hub, members: settings, planning, run, delivery, deps } = work;
  const of = { hub: event.hub, flow: "sync-members", hours: settings.approvalHours, planning };
  const state = await membersState(event.hub, deps.ledger);

  // An approval that came while another run was at work is heard by whoever looks next.
  const { waits, approved } = await wordsOn(state.value()?.waiting, of, deps);
  const onlyHint = onlyHints(event) && !approved && !(await statusIsLate(work, state.value()));
  const asks = {
    settings,
    timeZone: hub.timeZone,
    state: state.value(),
    onlyHint,
    messageId: delivery.messageId,
    adopt: event.adopt === true,
    classesNear: (today: string) => classesNear(deps.ledger, event.hub, today),
  };
  const seen = await gather(asks, { ...deps, run });
  if (seen === "unchanged")
    return { ...endOf(state.value(), { waits, isNew: false }), title: "no cell that matters has changed" };
  if ("problem" in seen)
    return unusableSheet(work, { problem: seen.problem, lastGood: state.value(), check });

  const decision = decide(seen);
  const all = await hold(decision.plan, seen.state?.waiting, of, deps);
  const another = anotherPlan(event.plan, all.plan, run);
  if (another !== undefined) return another;
  const { go, denied } = planning ? { go: all.go, denied: 0 } : await withinBudget(work, all.go, seen);
  const held = { ...all, go };
  const { plan } = held;
  const ran = { seen, decision, held, planning };

  if (decision.reported.length > 0)
    run.step(`${decision.reported.length} have access that the sheet no longer gives; it is only reported`);
  if (!planning) await askAboutByHand({ hub: event.hub, before: seen.state, decision }, deps.publish);
  const announce = announcements(planning ? [] : held.go, seen);
  const meant = before(ran, announce);
  await state.keep(planning ? withMailsPlanned({ hub, seen, decision, next: meant }, held.go) : meant);
  if (planning) return onlyPlanned(run, titleOf(plan, "planned"), plan);

  const found = () => ({ found: state.value(), check });
  if (actsForLong(work, held.go))
    await tellInSheet(work, { ...found(), held: changesOnHold(held), isUnfinished: true });
  const acted = await act(held.go, { ...carrying(work), seen, announce, check });
  await settle(work, { go, denied }, acted);
  await askTeam(held, { hub: event.hub, before: seen.state?.waiting, run }, deps);

  const next = after(ran, acted);
  await state.keep(next);
  await state.keep(await tellMembers({ ...carrying(work), seen, decision, acted, next }, { ...deps, check }));
  const waiting = changesOnHold(held, acted);
  const sheet = await tellInSheet(work, { ...found(), held: waiting });
  await tellOfClasses(work, { classes: seen.classes, state: state.value(), held: waiting });
  if (acted.left + decision.deferred.length > 0) {
    await comeAgain(work, waitOf(acted));
    run.step("the rest goes on later");
  }
  const title = titleOf({ ...plan, actions: acted.done }, "done");
  return { ...endOf(state.value(), held, sheet), title, plan };
}

async function comeAgain({ event, deps }: Work, seconds: number): Promise<void> {
  const at = new Date(deps.now().getTime() + seconds * 1000);
  await continueAt(deps.ledger, { ...lookAgain(event.hub), at });
}

const carrying = ({ event, hub, members, run, until, deps }: Work) => ({
  hub,
  hubName: event.hub,
  run,
  writes: deps.writes,
  publish: deps.publish,
  pause: () => deps.pause(members.writeSpacingSeconds * 1000),
  until,
  now: deps.now,
});

/** Tells the team once a day, and of each trouble that comes after a good look. */
async function unusableSheet(
  work: Work,
  { problem, lastGood, check }: { problem: string; lastGood: MembersState | undefined } & CheckedBy,
): Promise<Result> {
  const { event, planning, run, deps } = work;
  run.step("nothing was changed");
  const day = dayOf(deps.now());
  const key = `sheet-unusable/${day}/${digestOf([problem, lastGood?.at]).slice(0, 12)}`;
  const blocked = { outcome: "blocked", title: problem, cause: "sheet-unusable" } as const;
  if (planning) return blocked;
  await deps.publish("notice", unusableSheetNotice({ hub: event.hub, key, what: problem }));
  const beside = await tellInSheet(work, { found: { problem }, held: new Map(), check });
  return { ...blocked, told: true, beside };
}
