// Moves the hub's images to the newest release by one pull request. An event only says "look again": whatever it says, the run
// reads releases, files and registries, decides, and proposes.
import { hash } from "node:crypto";
import type { Result, RunBook } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import { oneAtATime } from "../../shared/flow/one-at-a-time.ts";
import type { ImagesHead } from "../../shared/records.ts";
import { noSuchHub } from "../../shared/serving.ts";
import type { ImagesSettings } from "../../shared/settings.ts";
import { movedIn } from "./decide.ts";
import { type Gate, lookUp, nextLook } from "./gate.ts";
import { countOf, look } from "./look.ts";
import { propose } from "./propose.ts";
import { heldNotice } from "./text.ts";
import { type BumpImageDeps, type Known, lookAgain, lookAgainIn, remember, type Work } from "./work.ts";

/** A delivery's 300 s and some. */
const leaseSeconds = 360;
/** What the page shows of the past. */
const keptReleases = 60;

export async function bumpImage(
  { hub, dryRun }: EventOf<"release-published">,
  run: RunBook,
  delivery: { messageId: string },
  deps: BumpImageDeps,
): Promise<Result> {
  const { hubs, flows } = deps.settings;
  if (hubs[hub] === undefined) throw noSuchHub("the images of a hub were to be looked at");
  const { images } = hubs[hub];
  if (images === undefined || flows["bump-image"] === "off") return { outcome: "idle" };
  if (dryRun === true) return planOnly(images, run, deps);

  const turn = { ...lookAgain(hub), holder: delivery.messageId, seconds: leaseSeconds };
  return oneAtATime(turn, { ...deps, run }, async ({ check }) => {
    const memory = await remember(hub, deps.ledger);
    return once({ hub, images, run, deps, check, memory });
  });
}

async function planOnly(images: ImagesSettings, run: RunBook, deps: BumpImageDeps): Promise<Result> {
  const picture = await look(images, deps.repositories);
  if ("problem" in picture) return { outcome: "blocked", title: picture.problem };
  const { decision, target } = picture;
  for (const { path, moved } of decision.edits)
    for (const { line, image, from, to } of moved)
      run.step(`would move ${path}:${line} ${image} ${from} -> ${to}`);
  run.step("only planned: nothing was changed");
  if (target === undefined || decision.edits.length === 0)
    return { outcome: "done", title: "plan: nothing to change" };
  const { verdict } = await lookUp(decision.images, target, deps.registry);
  const ready = verdict === "open" ? "" : "; its images are not ready";
  const pending = movedIn(decision.edits);
  return { outcome: "done", title: `plan: ${countOf(picture)} to ${target.tag}${ready}`, pending };
}

async function once(work: Work): Promise<Result> {
  const { images, run, deps, memory } = work;
  const picture = await look(images, deps.repositories);
  if ("problem" in picture) return { outcome: "blocked", title: picture.problem };
  const { decision, releases, target } = picture;
  run.step(`references read: ${decision.refs.length}; releases: ${releases.length}`);
  const before = memory.value();
  const seen: Known = {
    v: 1,
    at: deps.now().toISOString(),
    releases: releases.slice(0, keptReleases),
    refs: decision.refs,
    unread: decision.unread,
    evidence: [],
    ...(before?.branch === undefined ? {} : { branch: before.branch }),
    ...(before?.proposal === undefined ? {} : { proposal: before.proposal }),
  };
  if (target === undefined || decision.edits.length === 0) {
    const { proposal: _, ...rest } = seen;
    const sentence = target === undefined ? "there is no release yet" : "nothing to change";
    await memory.keep({ ...rest, standing: "current", sentence });
    return { outcome: "done", title: sentence };
  }
  const gate = await lookUp(decision.images, target, deps.registry);
  const known = { ...seen, evidence: gate.evidence };
  if (gate.verdict !== "open")
    return holdBack(work, { known, gate, target: target.tag, waiting: before?.waiting });
  if (deps.settings.flows["bump-image"] !== "apply") {
    const sentence = `plan: ${countOf(picture)} to ${target.tag}`;
    await memory.keep({ ...known, standing: "planned", sentence });
    return { outcome: "done", title: sentence };
  }
  return propose(work, { ...picture, target }, known);
}

type Held = {
  known: Known;
  gate: Gate;
  target: string;
  waiting: ImagesHead["waiting"];
};

/** The images are not there yet, or not what the commit built: looked at again later, and after long enough people are told. */
async function holdBack(work: Work, held: Held): Promise<Result> {
  const { hub, images, run, deps, memory } = work;
  const { known, gate, target } = held;
  const now = deps.now();
  const same = held.waiting?.tag === target ? held.waiting : undefined;
  const waiting = { tag: target, since: same?.since ?? now.toISOString(), looks: (same?.looks ?? 0) + 1 };
  const minutes = (now.getTime() - Date.parse(waiting.since)) / 60_000;
  const next = nextLook({ minutes, looks: waiting.looks - 1 }, images.waitMinutes);
  const what =
    gate.verdict === "missing" ? "images are not all there" : "images are not the build of its commit";
  if (next !== undefined) {
    await lookAgainIn(next * 60_000, work);
    const sentence = `${target}: its ${what} yet; they are looked at again`;
    await memory.keep({ ...known, waiting, standing: "waiting", sentence });
    return { outcome: "blocked", title: sentence };
  }
  const sentence = `${target} is on hold: its ${what}`;
  run.step("it has been waited long enough: the team is told");
  const digest = hash("sha256", JSON.stringify(gate.evidence)).slice(0, 12);
  const key = `images-held/${target}/${digest}`;
  await deps.publish("notice", heldNotice({ hub, key, target, evidence: gate.evidence }));
  await memory.keep({ ...known, waiting, standing: "held", sentence });
  return { outcome: "held", title: sentence };
}
