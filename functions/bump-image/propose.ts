// One branch and one pull request a hub, kept up to date in place. What it is about to push is written down first, so that a
// commit of somebody else on the branch is known from ours, also after a crash; that stops it.

import type { Result } from "../../shared/delivery/recorder.ts";
import { passing } from "../../shared/errors.ts";
import type { Fork, Pull } from "../../shared/github/fork.ts";
import type { Release } from "../../shared/github/repositories.ts";
import { movedIn } from "./decide.ts";
import { countOf, editDigest, type Picture } from "./look.ts";
import {
  bodyOf,
  handsOffNotice,
  openLink,
  type Proposal,
  proposedNotice,
  releaseIn,
  titleOf,
} from "./text.ts";
import { type Known, lookAgainIn, type Work } from "./work.ts";

type Scene = Picture & { target: Release };

const forkWaitMs = 60_000;

export async function propose(work: Work, scene: Scene, known: Known): Promise<Result> {
  const { hub, images, run, deps, memory, check } = work;
  const { decision, target } = scene;
  await check();
  const fork = await deps.forks.fork(images.upstream);
  if (fork === "pending") return goOnLater(work, known);
  const branch = `bump-image/${hub}`;
  const pulls = await deps.forks.pulls(images.upstream, fork, branch);
  const open = pulls.find(({ state }) => state === "open");
  const edit = editDigest(decision.edits);
  if (open === undefined && pulls.some((pull) => refusedBy(pull, target.tag, known, edit))) {
    const sentence = `${target.tag} was turned down: its pull request was closed`;
    await memory.keep({ ...known, standing: "ignored", sentence });
    return { outcome: "done", title: sentence };
  }
  const there = await deps.forks.branch(fork, branch);
  if (!isOurs(there, known))
    return handsOff(work, known, { branch: `${fork.repository}:${branch}`, target: target.tag });

  const proposal = { hub, target: target.tag, settings: images, decision, evidence: known.evidence };
  const standing = {
    ...known,
    ...(await push(work, scene, { known, fork, branch, there, edit, open, proposal })),
  };
  if (images.pullRequest === "branch") {
    const title = titleOf(proposal);
    const url = openLink({
      upstream: images.upstream,
      base: scene.head.branch,
      fork: fork.repository,
      branch,
      title,
    });
    return settle(work, scene, standing, { url, key: `images-branch/${target.tag}`, byHand: true });
  }
  const pull = await request(work, scene, { fork, branch, open, proposal });
  if (pull === undefined) {
    await memory.keep({ ...standing, standing: "current", sentence: "nothing to change" });
    return { outcome: "done", title: "nothing to change" };
  }
  run.step(`pull request ${pull.number} holds ${target.tag}`);
  return settle(work, scene, standing, {
    url: pull.url,
    number: pull.number,
    key: `images-proposed/${pull.number}`,
    byHand: false,
  });
}

/** Closed without a merge means no to that release; where a person opened it by hand, to what our branch held. */
const refusedBy = (pull: Pull, tag: string, { branch }: Known, edit: string): boolean =>
  pull.state === "closed" &&
  !pull.merged &&
  (releaseIn(pull.body) === tag || (branch?.sha === pull.sha && branch.edit === edit));

const isOurs = (there: string | undefined, { branch }: Known): boolean =>
  there === undefined || there === branch?.sha || there === branch?.pushing;

type Push = {
  known: Known;
  fork: Fork;
  branch: string;
  there: string | undefined;
  edit: string;
  open: Pull | undefined;
  proposal: Proposal;
};

/** Writes the branch anew from upstream's default branch, unless it holds just this already. */
async function push(
  { images, run, deps, memory, check }: Work,
  { head, decision, target }: Scene,
  { known, fork, branch, there, edit, open, proposal }: Push,
): Promise<Pick<Known, "branch">> {
  const shown = open !== undefined || (images.pullRequest === "branch" && there !== undefined);
  if (shown && known.branch?.edit === edit && there === known.branch.sha) return { branch: known.branch };
  await check();
  const changes = decision.edits.map(({ path, mode, text }) => ({ path, mode, text }));
  const sha = await deps.forks.commit(fork, { head, changes, message: titleOf(proposal) });
  // Whatever comes of the next call, the commit on the branch is then known to be ours.
  const pushing = { sha: there ?? sha, edit: known.branch?.edit ?? "", pushing: sha };
  const sentence = `${target.tag} is being proposed`;
  await memory.keep({ ...known, branch: pushing, standing: "planned", sentence });
  await check();
  await deps.forks.point(fork, branch, sha, there !== undefined);
  run.effect({ do: "write-branch", branch, files: changes.length, tag: target.tag });
  return { branch: { sha, edit } };
}

/** The open pull request with its title and text as they are to be; undefined when there is nothing to merge. */
async function request(
  { images, run, deps, check }: Work,
  { head, target }: Scene,
  {
    fork,
    branch,
    open,
    proposal,
  }: { fork: Fork; branch: string; open: Pull | undefined; proposal: Proposal },
): Promise<Pull | undefined> {
  const text = { title: titleOf(proposal), body: bodyOf(proposal) };
  let pull = open;
  if (pull === undefined) {
    await check();
    const made = await deps.forks.open(images.upstream, { fork, branch, base: head.branch, ...text });
    if (made === "nothing") return undefined;
    if (made !== "exists") {
      run.effect({ do: "open-pull-request", number: made.number, tag: target.tag });
      return made;
    }
    pull = (await deps.forks.pulls(images.upstream, fork, branch)).find(({ state }) => state === "open");
    if (pull === undefined) throw passing("a pull request that exists was not found");
  }
  // GitHub may hand a text back with other line ends.
  if (pull.title !== text.title || pull.body.replaceAll("\r\n", "\n") !== text.body) {
    await check();
    await deps.forks.update(images.upstream, pull.number, text);
    run.effect({ do: "update-pull-request", number: pull.number, tag: target.tag });
  }
  return pull;
}

type Told = { url: string; number?: number; key: string; byHand: boolean };

/** Told first and written down after: a notice's key makes it harmless to tell twice. */
async function settle(
  { hub, deps, memory }: Work,
  scene: Scene,
  known: Known,
  { url, number, key, byHand }: Told,
): Promise<Result> {
  const { tag } = scene.target;
  const before = memory.value()?.proposal;
  const news = byHand ? before?.tag !== tag : before?.number !== number;
  const count = movedIn(scene.decision.edits);
  if (news) await deps.publish("notice", proposedNotice({ hub, key, url, target: tag, count, byHand }));
  const where = byHand ? "a branch that waits for a person to propose it" : `pull request ${number}`;
  const sentence = `${countOf(scene)} to ${tag}: ${where}`;
  const proposal = { tag, url, ...(number === undefined ? {} : { number }) };
  await memory.keep({ ...known, proposal, standing: "proposed", sentence });
  return { outcome: "done", title: sentence };
}

async function handsOff(
  { hub, run, deps, memory }: Work,
  known: Known,
  { branch, target }: { branch: string; target: string },
): Promise<Result> {
  run.step("the branch has a commit of somebody else: it was left alone");
  const key = `images-hands-off/${target}`;
  await deps.publish("notice", handsOffNotice({ hub, key, target, branch }));
  const sentence = `${target} waits: somebody works on the branch`;
  await memory.keep({ ...known, standing: "hands-off", sentence });
  return { outcome: "held", title: sentence };
}

async function goOnLater(work: Work, known: Known): Promise<Result> {
  await lookAgainIn(forkWaitMs, work);
  const sentence = "GitHub is making the fork";
  await work.memory.keep({ ...known, standing: "planned", sentence });
  return { outcome: "blocked", title: sentence };
}
