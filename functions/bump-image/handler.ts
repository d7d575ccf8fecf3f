// Moves the hub's images to the newest release by one pull request. An event only says "look again": whatever it says, the run
// reads releases, files, registries and the fork, decides, and proposes.
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { Explanation } from "../../shared/errors.ts";
import type { EventOf } from "../../shared/events.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import { endOf, hold, withoutDone } from "../../shared/flow/hold.ts";
import { oneAtATime, onlyPlanned } from "../../shared/flow/one-at-a-time.ts";
import { remember } from "../../shared/flow/state.ts";
import { ImagesState, type ImagesStatus } from "../../shared/images/records.ts";
import { noSuchHub } from "../../shared/serving.ts";
import type { Settings } from "../../shared/settings.ts";
import { type ActDeps, act, type Work } from "./act.ts";
import { decide } from "./decide.ts";
import { type GatherDeps, gather } from "./gather.ts";
import { stateName, stateOf } from "./state.ts";

export type BumpImageDeps = GatherDeps & ActDeps & { settings: Settings };

/** A delivery's 300 s and some. */
const leaseSeconds = 360;
const forkWaitMinutes = 1;

export async function bumpImage(
  { hub, dryRun }: EventOf<"release-published">,
  run: Recorder,
  delivery: { messageId: string },
  deps: BumpImageDeps,
): Promise<Result> {
  const { hubs, flows } = deps.settings;
  if (hubs[hub] === undefined) throw noSuchHub("the images of a hub were to be looked at");
  const { images } = hubs[hub];
  if (images === undefined || flows["bump-image"] === "off") return { outcome: "idle" };
  const planning = dryRun === true || flows["bump-image"] !== "apply";
  const turn = { ...lookAgain(hub), holder: delivery.messageId, seconds: leaseSeconds, planning };
  return oneAtATime(turn, { ...deps, run }, ({ check }) => bump({ hub, images, run, deps, planning, check }));
}

async function bump(work: Work & { deps: BumpImageDeps; planning: boolean }): Promise<Result> {
  const { hub, images, run, deps, planning } = work;
  const state = await remember(deps.ledger, stateName(hub), ImagesState);
  const before = state.value();

  const seen = await gather({ hub, images, fork: before?.fork }, deps);
  if ("problem" in seen) return { outcome: "blocked", title: seen.problem };

  const now = deps.now();
  const decision = decide({ hub, seen, images, before, now });
  run.step(`references read: ${decision.refs.length}; releases: ${seen.releases.length}`);
  const of = { hub, flow: "bump-image", hours: images.approvalHours, planning, endsByItself: true } as const;
  const held = await hold(decision.plan, before?.waiting, of, deps);
  const { plan } = held;

  const next = stateOf({ seen, decision, held, before, now });
  await state.keep({ ...next, ...(held.asked && { waiting: held.asked }) });
  if (planning) return onlyPlanned(run, decision.sentence, plan);

  const acted = await act(work, held, { seen, decision, state });
  const waiting = withoutDone(held.waiting, acted?.branch === undefined ? [] : decision.plan.held);
  const after = { ...next, ...acted, ...(waiting && { waiting }) };
  await state.keep(after);

  const minutes = after.status === "planned" ? forkWaitMinutes : decision.againInMinutes;
  if (minutes !== undefined) await comeAgain(work, minutes);
  const end = after.status === "held" ? endOf(held) : ends[after.status];
  const why = after.status === "hands-off" ? { reason: handsOff(after.sentence) } : {};
  return { ...end, ...why, title: after.sentence, plan };
}

/** Ends of runs in which nothing is on hold. */
const ends = {
  current: { outcome: "done" },
  proposed: { outcome: "done" },
  ignored: { outcome: "done" },
  planned: { outcome: "blocked" },
  waiting: { outcome: "blocked" },
  "hands-off": { outcome: "held", cause: "hands-off", told: true },
} as const satisfies Record<
  Exclude<ImagesStatus, "held">,
  Omit<Exclude<Result, { outcome: "idle" }>, "title">
>;

/** Explains what only a person can clear away. Clearing it away approves nothing. */
const handsOff = (what: string): Explanation => ({
  what,
  why: "the branch of the fork has a commit that is not ours, and nothing of it is written over",
  next: "merge or close its pull request, or delete the branch: the next look at the releases goes on by itself",
});

const lookAgain = (hub: string) =>
  ({
    function: "bump-image",
    hub,
    topic: "release-published",
    event: { v: 1, hub, why: "continue" },
  }) as const;

async function comeAgain({ hub, deps }: Work, minutes: number): Promise<void> {
  const at = new Date(deps.now().getTime() + minutes * 60_000);
  await continueAt(deps.ledger, { ...lookAgain(hub), at });
}
