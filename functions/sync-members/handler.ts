// The sheet is the truth about who has access; the teams follow. An event only says "look again": whatever it says, the run
// reads sheet and teams, decides, and does what was decided, one person at a time.

import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import { leaveAlone } from "../../shared/delivery/not-before.ts";
import { noteLasting } from "../../shared/delivery/note-lasting.ts";
import type { Result, RunBook } from "../../shared/delivery/recorder.ts";
import { passing } from "../../shared/errors.ts";
import type { EventOf } from "../../shared/events.ts";
import { wordOn } from "../../shared/flow/approvals.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import { storePlan } from "../../shared/flow/hold.ts";
import { oneAtATime } from "../../shared/flow/one-at-a-time.ts";
import type { Plan } from "../../shared/flow/plan.ts";
import type { TeamWrites } from "../../shared/github/team-writes.ts";
import type { Versioned } from "../../shared/ledger.ts";
import type { MembersHead } from "../../shared/records.ts";
import { noSuchHub } from "../../shared/serving.ts";
import type { Hub, MembersSettings, Settings } from "../../shared/settings.ts";
import { type CarriedOut, carryOut } from "./carry-out.ts";
import {
  type LookDeps,
  lookAtGitHub,
  lookAtSheet,
  memoryName,
  type Picture,
  remember,
  type Sheet,
} from "./look.ts";
import { announcements, leftToTell, nextHead } from "./memory.ts";
import { type MemberAction, sheetDigest, titleOf } from "./plan.ts";
import { heldNotice, unusableSheetNotice } from "./text.ts";

export type SyncMembersDeps = LookDeps & {
  writes: TeamWrites;
  publish: Publish;
  now: Clock;
  /** Real time, for GitHub counts it. */
  pause: (milliseconds: number) => Promise<void>;
  settings: Settings;
};

/** How long a lease lasts unless it is prolonged, which every write does: reading a hub takes a minute at most. */
const leaseSeconds = 180;
/** Work on people stops here, so that what was done is written down within the delivery. */
const workSeconds = 420;
/** GitHub counts invitations over a rolling day: look again after an hour. */
const overLimitWaitSeconds = 3600;

type Event = EventOf<"sheet-changed">;
type Work = { event: Event; hub: Hub; members: MembersSettings; run: RunBook; deps: SyncMembersDeps };

export async function syncMembers(
  event: Event,
  run: RunBook,
  delivery: { messageId: string },
  deps: SyncMembersDeps,
): Promise<Result> {
  const hub = deps.settings.hubs[event.hub];
  if (hub === undefined) throw noSuchHub("the sheet of a hub was to be read");
  if (hub.members === undefined) return { outcome: "idle" };
  const work: Work = { event, hub, members: hub.members, run, deps };
  if (event.dryRun === true || deps.settings.flows["sync-members"] !== "apply") return planOnly(work);
  if (edited(event) && hub.members.quietSeconds > 0) {
    await comeAgain(work, hub.members.quietSeconds);
    return { outcome: "idle" };
  }

  const turn = { ...lookAgain(event.hub), holder: delivery.messageId, seconds: leaseSeconds };
  return oneAtATime(turn, { ...deps, run }, ({ check }) => once(work, check));
}

const edited = ({ why }: Event): boolean => why === "edit" || why === "push";

/** Whoever only says "look again" needs no look at GitHub when the sheet says what it said after a finished run. */
const onlyHints = (event: Event): boolean => edited(event) || event.why === "continue";

const lookAgain = (hub: string) =>
  ({
    function: "sync-members",
    hub,
    topic: "sheet-changed",
    event: { v: 1, hub, why: "continue" },
  }) as const;

async function comeAgain({ event, deps }: Work, seconds: number): Promise<void> {
  const at = new Date(deps.now().getTime() + seconds * 1000);
  await continueAt(deps.ledger, { ...lookAgain(event.hub), at });
}

async function planOnly({ event, members, run, deps }: Work): Promise<Result> {
  const now = deps.now();
  const sheet = await lookAtSheet(members, now.toISOString().slice(0, 10), deps);
  if ("problem" in sheet) return { outcome: "blocked", title: sheet.problem };
  const head = await remember(event.hub, deps.ledger);
  const { plan } = (await lookAtGitHub({ members, sheet, head: head?.value, now }, deps)).decision;
  run.step("only planned: nothing was changed");
  return { outcome: "done", title: `plan: ${titleOf(plan, false)}`, plan };
}

/** One look and what follows from it. */
async function once(work: Work, check: () => Promise<void>): Promise<Result> {
  const { event, members, run, deps } = work;
  const now = deps.now();
  const sheet = await lookAtSheet(members, now.toISOString().slice(0, 10), deps);
  if ("problem" in sheet) return unusableSheet(work, sheet.problem);
  run.step(`sheet read: good rows ${sheet.rows.length}, rejected cells ${sheet.rejected.length}`);

  const memory = await remember(event.hub, deps.ledger);
  if (onlyHints(event) && memory?.value.digest === sheet.digest)
    return { outcome: "done", title: "no cell that matters has changed" };
  const picture = await lookAtGitHub({ members, sheet, head: memory?.value, now }, deps);
  run.step("teams read");
  return act(work, { sheet, memory, picture, now, check });
}

type Scene = {
  sheet: Sheet;
  memory: Versioned<MembersHead> | undefined;
  picture: Picture;
  now: Date;
  check: () => Promise<void>;
};

async function act(work: Work, { sheet, memory, picture, now, check }: Scene): Promise<Result> {
  const { event, hub, members, run, deps } = work;
  const { decision, github } = picture;
  const { hash } = decision.plan;
  const waiting = memory?.value.waiting;
  const word =
    decision.plan.held.length === 0 || waiting?.hash !== hash
      ? undefined
      : await wordOn(event.hub, waiting, { ledger: deps.ledger, now, hours: members.approvalHours });
  const held = word === "approved" ? [] : decision.plan.held;
  const actions =
    word === "approved" ? [...decision.plan.actions, ...decision.plan.held] : decision.plan.actions;
  const plan = { ...decision.plan, actions, held };
  const today = now.toISOString().slice(0, 10);
  const announce = announcements(actions, sheet, memory?.value, today);

  // Whom we are about to let in and whom the sheet names is written down first: see memory.ts.
  const common = { sheet, picture, head: memory?.value, now, held };
  const nobody: ReadonlySet<string> = new Set();
  const planned = nextHead({
    ...common,
    announce,
    asked: nobody,
    invited: nobody,
    added: nobody,
    finished: false,
  });
  // That something new waits is written only once the team was told.
  const { waiting: _, ...unsaid } = planned;
  const before = {
    ...unsaid,
    ...(memory?.value.waiting === undefined ? {} : { waiting: memory.value.waiting }),
  };
  let generation = memory?.generation ?? "0";
  if (actions.length > 0 || Object.keys(announce).length > 0)
    generation = await store(work, before, generation);

  const done = await carryOut(actions, {
    hub,
    hubName: event.hub,
    announce,
    toTell: leftToTell(announce, github),
    picture,
    run,
    check,
    writes: deps.writes,
    publish: deps.publish,
    pause: () => deps.pause(members.writeSpacingSeconds * 1000),
    until: new Date(deps.now().getTime() + workSeconds * 1000),
    now: deps.now,
  });
  if (done.waitSeconds !== undefined)
    await leaveAlone(deps, { hub: event.hub, service: "github", seconds: done.waitSeconds });
  if (held.length > 0) {
    const because = [...new Set(held.map((action) => action.because))].join("; ");
    run.step(`${held.length} removals are on hold: ${because}`);
    if (word !== "rejected" && memory?.value.waiting?.hash !== hash) await holdBack(work, plan, because);
  }

  const left = done.left > 0 || decision.deferred.length > 0;
  const after = nextHead({
    ...common,
    announce: done.announce,
    asked: done.asked,
    invited: done.invited,
    added: done.added,
    finished: !left,
  });
  if (changed(before, after, memory)) await store(work, after, generation);
  if (left) {
    await comeAgain(work, done.waitSeconds ?? (done.left > 0 && !done.overLimit ? 0 : overLimitWaitSeconds));
    run.step("the rest goes on later");
  }
  const title = titleOf({ ...plan, actions: done.done }, true);
  if (nobodyLetIn(done)) await tellOfRefusals(work, done.refusals);
  if (held.length > 0) return { outcome: "held", title, plan };
  return { outcome: nobodyLetIn(done) ? "blocked" : "done", title, plan };
}

/** Whoever moves between teams says nothing of those who are asked in. */
function nobodyLetIn({ refusals, asked, notLetIn, added }: CarriedOut): boolean {
  if (asked.size > 0) return [...asked].every((login) => notLetIn.has(login));
  return refusals.length > 0 && added.size === 0;
}

/** One person's refusal is theirs; when nobody is let in, something is amiss that only a person finds. */
async function tellOfRefusals({ event, run, deps }: Work, refusals: readonly string[]): Promise<void> {
  const [why = ""] = refusals;
  const reason = {
    what: "GitHub let nobody in",
    why: refusals.length === 1 ? why : `it refused ${refusals.length} people: ${why}`,
    next: "mend it as an owner of the organisation, or correct the sheet; each is asked again after a week",
  };
  run.step("nobody was let in: the team is told");
  await noteLasting({ function: "sync-members", hub: event.hub, reason, payload: event }, deps);
}

/** A run in which nothing changed leaves the memory as it is, but for the time. */
function changed(
  before: MembersHead,
  after: MembersHead,
  memory: Versioned<MembersHead> | undefined,
): boolean {
  const stale = (head: MembersHead) => sheetDigest({ ...head, at: "" });
  return memory === undefined || stale(after) !== stale(memory.value) || stale(before) !== stale(after);
}

async function store({ event, deps }: Work, head: MembersHead, generation: string): Promise<string> {
  const name = memoryName(event.hub);
  if ((await deps.ledger.swap(name, head, generation)) === "changed")
    throw passing("the memory was changed by another delivery, which goes on with the work");
  return (await remember(event.hub, deps.ledger))?.generation ?? "0";
}

/** Once for a plan: the memory that is stored afterwards says that it waits. */
async function holdBack({ event, deps }: Work, plan: Plan<MemberAction>, because: string): Promise<void> {
  await storePlan({ hub: event.hub, flow: "sync-members", plan }, deps);
  await deps.publish(
    "notice",
    heldNotice({
      hub: event.hub,
      hash: plan.hash,
      day: deps.now().toISOString().slice(0, 10),
      count: plan.held.length,
      because,
    }),
  );
}

async function unusableSheet({ event, run, deps }: Work, problem: string): Promise<Result> {
  run.step("nothing was changed");
  const day = deps.now().toISOString().slice(0, 10);
  const key = `sheet-unusable/${day}/${sheetDigest(problem).slice(0, 12)}`;
  await deps.publish("notice", unusableSheetNotice({ hub: event.hub, key, what: problem }));
  return { outcome: "blocked", title: problem };
}
