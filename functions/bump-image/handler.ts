// Moves the hub's images to the newest release by one pull request. An event only says "look again": whatever it says, the run
// reads releases, files and registries, decides, and proposes.
import { hash } from "node:crypto";
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import { continueAt } from "../../shared/continue.ts";
import { Permanent, passing } from "../../shared/errors.ts";
import type { EventOf } from "../../shared/events.ts";
import type { Forks } from "../../shared/github/fork.ts";
import type { Repositories } from "../../shared/github/repositories.ts";
import { takeLease } from "../../shared/lease.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { ImagesHead } from "../../shared/records.ts";
import type { Registry } from "../../shared/registry/client.ts";
import type { Result, RunBook } from "../../shared/run-book.ts";
import type { ImagesSettings, Settings } from "../../shared/settings.ts";
import { type Gate, lookUp, nextLook } from "./gate.ts";
import { countOf, look } from "./look.ts";
import { propose } from "./propose.ts";
import { heldNotice } from "./text.ts";

export type BumpImageDeps = {
  ledger: Ledger;
  repositories: Repositories;
  forks: Forks;
  registry: Registry;
  publish: Publish;
  now: Clock;
  settings: Settings;
};

export type Work = {
  event: EventOf<"release-published">;
  images: ImagesSettings;
  run: RunBook;
  deps: BumpImageDeps;
  /** Throws when another delivery has taken over: called before each write. */
  check: () => Promise<void>;
  memory: Memory;
};

/** A delivery's 300 s and some. */
const leaseSeconds = 360;
/** What the page shows of the past. */
const keptReleases = 60;

export async function bumpImage(
  event: EventOf<"release-published">,
  run: RunBook,
  delivery: { messageId: string },
  deps: BumpImageDeps,
): Promise<Result> {
  const hub = deps.settings.hubs[event.hub];
  if (hub === undefined) throw noSuchHub();
  const { images } = hub;
  if (images === undefined || deps.settings.flows["bump-image"] === "off") return { outcome: "idle" };
  if (event.dryRun === true) return planOnly(images, run, deps);

  const lease = await takeLease(deps, {
    function: "bump-image",
    hub: event.hub,
    holder: delivery.messageId,
    seconds: leaseSeconds,
  });
  if (lease === "busy") return { outcome: "idle" };
  try {
    for (;;) {
      const memory = await remember(event.hub, deps);
      const result = await once({ event, images, run, deps, check: lease.check, memory });
      if ((await lease.letGo()) === "free") return result;
      run.step("somebody asked meanwhile: looking again");
    }
  } catch (error) {
    await lease.abandon().catch(() => undefined);
    throw error;
  }
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
  const pending = decision.edits.reduce((sum, { moved }) => sum + moved.length, 0);
  return { outcome: "done", title: `plan: ${countOf(picture)} to ${target.tag}${ready}`, pending };
}

async function once(work: Work): Promise<Result> {
  const { images, run, deps, memory } = work;
  const picture = await look(images, deps.repositories);
  if ("problem" in picture) return { outcome: "blocked", title: picture.problem };
  const { decision, releases, target } = picture;
  run.step(`references read: ${decision.refs.length}; releases: ${releases.length}`);
  const { waiting, ...before } = memory.value() ?? {};
  const seen: Omit<ImagesHead, "standing" | "sentence"> = {
    v: 1,
    at: deps.now().toISOString(),
    releases: releases.slice(0, keptReleases),
    refs: decision.refs,
    unread: decision.unread,
    evidence: [],
    ...("branch" in before && before.branch !== undefined ? { branch: before.branch } : {}),
    ...("proposal" in before && before.proposal !== undefined ? { proposal: before.proposal } : {}),
  };
  if (target === undefined || decision.edits.length === 0) {
    const { proposal: _, ...rest } = seen;
    const sentence = target === undefined ? "there is no release yet" : "nothing to change";
    await memory.keep({ ...rest, standing: "current", sentence });
    return { outcome: "done", title: sentence };
  }
  const gate = await lookUp(decision.images, target, deps.registry);
  const known = { ...seen, evidence: gate.evidence };
  if (gate.verdict !== "open") return holdBack(work, { known, gate, target: target.tag, waiting });
  if (deps.settings.flows["bump-image"] !== "apply") {
    const sentence = `plan: ${countOf(picture)} to ${target.tag}`;
    await memory.keep({ ...known, standing: "planned", sentence });
    return { outcome: "done", title: sentence };
  }
  return propose(work, { ...picture, target }, known);
}

type Held = {
  known: Omit<ImagesHead, "standing" | "sentence">;
  gate: Gate;
  target: string;
  waiting: ImagesHead["waiting"];
};

/** The images are not there yet, or not what the commit built: looked at again later, and after long enough people are told. */
async function holdBack({ event, images, run, deps, memory }: Work, held: Held): Promise<Result> {
  const { known, gate, target } = held;
  const now = deps.now();
  const same = held.waiting?.tag === target ? held.waiting : undefined;
  const waiting = { tag: target, since: same?.since ?? now.toISOString(), looks: (same?.looks ?? 0) + 1 };
  const minutes = (now.getTime() - Date.parse(waiting.since)) / 60_000;
  const next = nextLook({ minutes, looks: waiting.looks - 1 }, images.waitMinutes);
  const what =
    gate.verdict === "missing" ? "images are not all there" : "images are not the build of its commit";
  if (next !== undefined) {
    const again = { v: 1, hub: event.hub, why: "continue" } as const;
    const at = new Date(now.getTime() + next * 60_000);
    await continueAt(deps.ledger, {
      function: "bump-image",
      hub: event.hub,
      at,
      topic: "release-published",
      event: again,
    });
    const sentence = `${target}: its ${what} yet; they are looked at again`;
    await memory.keep({ ...known, waiting, standing: "waiting", sentence });
    return { outcome: "blocked", title: sentence };
  }
  const sentence = `${target} is on hold: its ${what}`;
  run.step("it has been waited long enough: the team is told");
  const digest = hash("sha256", JSON.stringify(gate.evidence)).slice(0, 12);
  const key = `images-held/${target}/${digest}`;
  await deps.publish("notice", heldNotice({ hub: event.hub, key, target, evidence: gate.evidence }));
  await memory.keep({ ...known, waiting, standing: "held", sentence });
  return { outcome: "held", title: sentence };
}

export type Memory = {
  value: () => ImagesHead | undefined;
  /** Replaces it; throws when another delivery has. What has not changed but for the time is left. */
  keep: (head: ImagesHead) => Promise<void>;
};

async function remember(hub: string, { ledger }: BumpImageDeps): Promise<Memory> {
  const name = `head/images/${hub}.json`;
  let current = await ledger.read(name, ImagesHead);
  const timeless = (head: ImagesHead | undefined) =>
    JSON.stringify(head === undefined ? {} : { ...head, at: "" });
  return {
    value: () => current?.value,
    async keep(head) {
      const parsed = ImagesHead.parse(head);
      if (timeless(parsed) === timeless(current?.value)) return;
      if ((await ledger.swap(name, parsed, current?.generation ?? "0")) === "changed")
        throw passing("the memory was changed by another delivery, which goes on with the work");
      current = await ledger.read(name, ImagesHead);
    },
  };
}

const noSuchHub = (): Permanent =>
  new Permanent({
    what: "the images of a hub were to be looked at",
    why: "the settings know no such hub",
    next: "add it to groundcrew.yaml, or drop the event",
  });
