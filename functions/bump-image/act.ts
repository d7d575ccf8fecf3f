// Carries out a plan: one branch and one pull request a hub, kept up to date in place, or the question whether it may. What it is
// about to push is written down first, so that a commit of somebody else on the branch is known from ours, also after a crash.
import type { Publish } from "../../shared/bus/publish.ts";
import { type Clock, keyTime } from "../../shared/clock.ts";
import type { Recorder } from "../../shared/delivery/recorder.ts";
import { transient } from "../../shared/errors.ts";
import { type Hold, storePlan } from "../../shared/flow/hold.ts";
import { hashOf } from "../../shared/flow/plan.ts";
import type { State } from "../../shared/flow/state.ts";
import type { Fork, Forks, Pull } from "../../shared/github/fork.ts";
import type { ImagesState } from "../../shared/images/records.ts";
import type { ImagesSettings } from "../../shared/images/settings.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { type Bump, type Decision, editDigest, readsOtherwise } from "./decide.ts";
import { branchOf, type Seen } from "./gather.ts";
import { handsOffNotice, heldNotice, openLink, proposedNotice } from "./text.ts";

export type ActDeps = { ledger: Ledger; forks: Forks; publish: Publish; now: Clock };

export type Work = {
  hub: string;
  images: ImagesSettings;
  run: Recorder;
  deps: ActDeps;
  /** Throws when another delivery has taken over: called before each write. */
  check: () => Promise<void>;
};

type Text = NonNullable<Decision["text"]>;
type Branch = NonNullable<ImagesState["branch"]>;
type Proposal = NonNullable<ImagesState["proposal"]>;

/** State as acting has left it; a branch in it means that the plan was carried out. */
export type Acted = Pick<ImagesState, "status" | "sentence"> &
  Partial<Pick<ImagesState, "fork" | "branch" | "proposal" | "leftAlone">>;

type Acting = {
  seen: Seen;
  decision: Decision;
  /** Holds what was remembered before acting. */
  state: Pick<State<ImagesState>, "value" | "keep">;
};

/** Proposes what may go; else asks the team about what waits for it, and gives nothing. */
export async function act(
  work: Work,
  { go: [bump], isNew, key, shown }: Hold<Bump>,
  acting: Acting,
): Promise<Acted | undefined> {
  const { hub, run, deps } = work;
  const { status, sentence, target = "", evidence, text, doubt } = acting.decision;
  if (bump !== undefined && text !== undefined) return propose(work, bump, text, acting);
  if (status === "hands-off") {
    run.step("the branch has a commit of somebody else: it was left alone");
    // Somebody may come back to a branch that was cleared.
    const key = `images-hands-off/${target}/${doubt && keyTime(doubt.since)}`;
    if (acting.state.value()?.leftAlone === key) return undefined;
    const branch = `${acting.seen.proposed.fork?.repository}:${branchOf(hub)}`;
    await deps.publish("notice", handsOffNotice({ hub, key, target, branch }));
    return { status, sentence, leftAlone: key };
  }
  if (!isNew) return undefined;
  run.step("it has been waited long enough: the team is told");
  await storePlan({ hub, flow: "bump-image", plan: shown }, deps);
  const notice = { hub, key: `images-held/${target}/${key}`, target, evidence, plan: shown.hash };
  await deps.publish("notice", heldNotice(notice));
  return undefined;
}

async function propose(work: Work, bump: Bump, text: Text, acting: Acting): Promise<Acted> {
  const { hub, images, deps, check } = work;
  await check();
  const { fork: found } = acting.seen.proposed;
  if (found !== undefined) return proposeFrom(work, acting, { fork: found, bump, text });
  const fork = await deps.forks.fork(images.upstream);
  if (fork === "pending") return { status: "planned", sentence: "GitHub is making the fork" };
  const { repository } = fork;
  // GitHub gave one that was there, by a name of its own: the next look sees what is on it before anything is written there.
  if ((await deps.forks.branch(fork, branchOf(hub))) !== undefined)
    return { status: "planned", sentence: "the fork has another name: it is looked at", fork: repository };
  return { ...(await proposeFrom(work, acting, { fork, bump, text })), fork: repository };
}

async function proposeFrom(
  work: Work,
  acting: Acting,
  { fork, bump, text }: { fork: Fork; bump: Bump; text: Text },
): Promise<Acted> {
  const { hub, images, run } = work;
  const { seen } = acting;
  const { title } = text;
  const branch = await push(work, acting, { fork, title });
  const action = hashOf(bump);
  if (images.pullRequest === "branch") {
    const to = { upstream: images.upstream, base: seen.head.branch };
    const url = openLink({ ...to, fork: fork.repository, branch: branchOf(hub), title });
    return tell(work, acting, { bump, branch, proposal: { tag: bump.about, url, action } });
  }
  const pull = await request(work, acting, { fork, text, tag: bump.about });
  if (pull === undefined) return { branch, status: "current", sentence: "nothing to change" };
  const { number, url } = pull;
  run.step(`pull request ${number} holds ${bump.about}`);
  return tell(work, acting, { bump, branch, proposal: { tag: bump.about, url, number, action } });
}

const openIn = (pulls: readonly Pull[]): Pull | undefined => pulls.find(({ state }) => state === "open");

/** Writes the branch anew from upstream's default branch, unless it holds just this already. */
async function push(
  { hub, images, run, deps, check }: Work,
  { seen, decision, state }: Acting,
  { fork, title }: { fork: Fork; title: string },
): Promise<Branch> {
  const { edits, target = "" } = decision;
  const there = seen.proposed.branch;
  const before = state.value();
  const edit = editDigest(edits);
  const shown =
    openIn(seen.proposed.pulls) !== undefined || (images.pullRequest === "branch" && there !== undefined);
  if (shown && before?.branch?.edit === edit && there === before.branch.sha) return before.branch;
  await check();
  const changes = edits.map(({ path, mode, text }) => ({ path, mode, text }));
  const sha = await deps.forks.commit(fork, { head: seen.head, changes, message: title });
  // Notes the commit first, so that it is known to be ours whatever comes of the next call.
  // Never forgets what is there, though it may not be shown yet.
  const pushing = {
    sha: there ?? before?.branch?.sha ?? sha,
    edit: before?.branch?.edit ?? "",
    pushing: sha,
  };
  if (before !== undefined) await state.keep({ ...before, branch: pushing });
  await check();
  const branch = branchOf(hub);
  await deps.forks.point(fork, branch, sha, there !== undefined);
  run.effect({ do: "write-branch", branch, files: changes.length, tag: target });
  return { sha, edit };
}

/** Gives the open pull request with its title and text as they are to be; undefined when there is nothing to merge. */
async function request(
  { hub, images, run, deps, check }: Work,
  { seen }: Acting,
  { fork, text, tag }: { fork: Fork; text: Text; tag: string },
): Promise<Pull | undefined> {
  const branch = branchOf(hub);
  let pull = openIn(seen.proposed.pulls);
  if (pull === undefined) {
    await check();
    const made = await deps.forks.open(images.upstream, { fork, branch, base: seen.head.branch, ...text });
    if (made === "nothing") return undefined;
    if (made !== "exists") {
      run.effect({ do: "open-pull-request", number: made.number, tag });
      return made;
    }
    pull = openIn(await deps.forks.pulls(images.upstream, fork, branch));
    if (pull === undefined) throw transient("a pull request that exists was not found");
  }
  if (readsOtherwise(pull, text)) {
    await check();
    await deps.forks.update(images.upstream, pull.number, text);
    run.effect({ do: "update-pull-request", number: pull.number, tag });
  }
  return pull;
}

/** Gives the repository of an address at GitHub, as a part of a key. */
const repositoryIn = (url: string): string =>
  new URL(url).pathname.split("/").slice(1, 3).join("/").toLowerCase();

/** Tells the team first, and it is written down after: a notice's key makes it harmless to tell twice. */
async function tell(
  { hub, deps }: Work,
  { seen, decision, state }: Acting,
  { bump, branch, proposal }: { bump: Bump; branch: Branch; proposal: Proposal },
): Promise<Acted> {
  const { tag, url, number } = proposal;
  const before = state.value()?.proposal;
  const byHand = number === undefined;
  const upstream = repositoryIn(url);
  // Each repository counts its pull requests, and a release may be proposed again that was merged and taken back.
  const key = byHand
    ? `images-branch/${tag}/${seen.head.sha.slice(0, 12)}`
    : `images-proposed/${upstream}/${number}`;
  const isSame = before !== undefined && repositoryIn(before.url) === upstream;
  const isNew = !isSame || (byHand ? before.tag !== tag : before.number !== number);
  const count = bump.moves.length;
  if (isNew) await deps.publish("notice", proposedNotice({ hub, key, url, target: tag, count, byHand }));
  const where = byHand ? "a branch that waits for a person to propose it" : `pull request ${number}`;
  return { branch, proposal, status: "proposed", sentence: `${decision.sentence}: ${where}` };
}
