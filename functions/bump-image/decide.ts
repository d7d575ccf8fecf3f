// Decides which references move to which release, and whether they may. Pure: the same files, releases, digests and settings give
// the same decision. It never goes back to an older release, never moves what somebody pinned, and says of everything it leaves why.
import { hash } from "node:crypto";
import { type Action, hashOf, type Plan, planOf } from "../../shared/flow/plan.ts";
import type { Pull } from "../../shared/github/fork.ts";
import type { ImageEvidence, ImagesState, ImagesStatus } from "../../shared/images/records.ts";
import type { ImagesSettings } from "../../shared/images/settings.ts";
import { imageOf } from "../../shared/registry/client.ts";
import { type Doubt, doubtOf, isSure, lacksRelease, lagsIn } from "./doubt.ts";
import { edit, type FileEdit, type Reading } from "./edit.ts";
import type { ReadFile, Seen } from "./gather.ts";
import { absent, buildOf, nextLook, verdictOn } from "./image-check.ts";
import { releaseIn } from "./mark.ts";
import { isPinned, type Ref } from "./refs.ts";
import { bodyOf, fromOf, titleOf } from "./text.ts";

/** The one action of a plan, for a bump must be whole: each reference that moves, and each image's digests, in a line. */
export type Bump = Action & { do: "bump"; moves: string[]; images: string[] };

export type Decision = Reading & {
  plan: Plan<Bump>;
  status: ImagesStatus;
  /** One line for people. */
  sentence: string;
  /** The newest release; absent where there is none. */
  target?: string;
  /** Of the images that move. */
  evidence: ImageEvidence[];
  /** Words of the pull request. */
  text?: { title: string; body: string };
  registryWait?: ImagesState["registryWait"];
  /** Doubt about what GitHub shows, which is not as it was written or seen before. */
  doubt?: Doubt;
  /** Minutes after which the images are worth another look. */
  againInMinutes?: number;
};

export type DecideInput = {
  hub: string;
  seen: Pick<Seen, "files" | "evidence" | "proposed"> & { target?: { tag: string; sha: string } };
  images: Pick<ImagesSettings, "names" | "pins" | "pullRequest" | "releases" | "waitMinutes">;
  before: ImagesState | undefined;
  now: Date;
};

export function decide({ hub, seen, images, before, now }: DecideInput): Decision {
  const { target, proposed } = seen;
  const reading = readFiles(seen.files, target?.tag, images);
  const { edits } = reading;
  const unread = reading.unread.map(({ file, why }) => ({ about: file, why }));
  const nothing = (): Plan<Bump> => planOf({ actions: [], held: [], refused: unread });
  const current = { ...reading, status: "current" as const, evidence: [], plan: nothing() };
  if (lacksRelease(target?.tag, before)) {
    const doubt = doubtOf("releases", before, now);
    if (!isSure(doubt, now)) return { ...current, ...lookedAtAgain, doubt };
  }
  if (target === undefined) return { ...current, sentence: "there is no release yet" };
  const { tag } = target;
  if (edits.length === 0) return { ...current, target: tag, sentence: "nothing to change" };

  // Counts an image that nobody could be asked about as missing.
  const evidence = imagesIn(edits).map(
    (image) =>
      seen.evidence.find((each) => each.image === image) ?? { image, tag, build: buildOf(target.sha) },
  );
  const request = { hub, target: tag, releases: images.releases, reading, evidence };
  const text = { title: titleOf(request), body: bodyOf(request) };
  const lags = lagsIn(proposed, before, { edit: editDigest(edits), pullRequest: images.pullRequest });
  const doubt = lags && doubtOf(lags, before, now);
  const decided = { ...reading, target: tag, evidence, text, ...(doubt && { doubt }) };
  const left = (status: Decision["status"], sentence: string) => ({
    ...decided,
    status,
    sentence,
    plan: nothing(),
  });
  if (isRefused(proposed.pulls, tag, before, editDigest(edits)))
    return left("ignored", `${tag} was turned down: its pull request was closed`);
  if (doubt !== undefined && !isSure(doubt, now)) return left(lookedAtAgain.status, lookedAtAgain.sentence);
  if (lags === "branch") return left("hands-off", `${tag} waits: somebody works on the branch`);

  const action = bumpTo(tag, edits, evidence);
  const verdict = verdictOn(evidence);
  // Asks nobody about images as built, nor again about a change that is proposed already: it was built, or approved as it is.
  if (verdict === "built" || before?.proposal?.action === hashOf(action)) {
    if (before !== undefined && isProposed(proposed, before, { tag, text, edit: editDigest(edits), images }))
      return { ...decided, status: "proposed", sentence: before.sentence, plan: nothing() };
    const plan = planOf({ actions: [action], held: [], refused: unread });
    return { ...decided, status: "planned", sentence: `${countOf(edits)} to ${tag}`, plan };
  }
  const because =
    verdict === "missing" ? "its images are not all there" : "its images are not the build of its commit";
  const same = before?.registryWait?.tag === tag ? before.registryWait : undefined;
  const registryWait = { tag, since: same?.since ?? now.toISOString(), looks: (same?.looks ?? 0) + 1 };
  const minutes = (now.getTime() - Date.parse(registryWait.since)) / 60_000;
  const againInMinutes = nextLook({ minutes, looks: registryWait.looks - 1 }, images.waitMinutes);
  if (againInMinutes !== undefined)
    return {
      ...left("waiting", `${tag}: ${because} yet; they are looked at again`),
      registryWait,
      againInMinutes,
    };
  const plan = planOf<Bump>({ actions: [], held: [{ ...action, because }], refused: unread });
  const sentence = `${tag} is on hold: ${because}`;
  return { ...decided, status: "held", sentence, plan, registryWait: same ?? registryWait };
}

/** Of what may only lag. */
const lookedAtAgain = {
  status: "planned",
  sentence: "GitHub does not show yet what it has: it is looked at again",
} as const;

/** A pull request closed without a merge means no to that release; where a person opened it by hand, to what our branch held. */
function isRefused(
  pulls: readonly Pull[],
  tag: string,
  before: ImagesState | undefined,
  edit: string,
): boolean {
  const branch = before?.branch;
  const closed = pulls.filter(({ merged }) => !merged);
  return (
    pulls.every(({ state }) => state === "closed") &&
    closed.some(({ body, sha }) => releaseIn(body) === tag || (branch?.sha === sha && branch.edit === edit))
  );
}

/** Tells whether branch and pull request are just as they are to be, and people were told. */
function isProposed(
  { pulls, branch: there }: DecideInput["seen"]["proposed"],
  { status, branch, proposal }: ImagesState,
  to: Pick<DecideInput, "images"> & { tag: string; edit: string; text: { title: string; body: string } },
): boolean {
  if (status !== "proposed" || proposal?.tag !== to.tag) return false;
  if (branch?.edit !== to.edit || branch.sha !== there) return false;
  const open = pulls.find(({ state }) => state === "open");
  if (to.images.pullRequest === "branch") return proposal.number === undefined;
  return open !== undefined && open.number === proposal.number && !readsOtherwise(open, to.text);
}

/** GitHub may hand a text back with other line ends. */
export const readsOtherwise = (
  pull: { title: string; body: string },
  { title, body }: { title: string; body: string },
): boolean => pull.title !== title || pull.body.replaceAll("\r\n", "\n") !== body;

function bumpTo(tag: string, edits: readonly FileEdit[], evidence: readonly ImageEvidence[]): Bump {
  return {
    do: "bump",
    about: tag,
    why: `the files are on ${fromOf(edits).join(", ")}`,
    at: edits.map(({ path, moved }) => `${path}:${moved.map(({ line }) => line).join(",")}`).join(" "),
    moves: edits.flatMap(({ path, moved }) =>
      moved.map(
        ({ path: keys, image, from, to, label }) =>
          `${path} ${keys}: ${image} ${from} -> ${to}${label ? ", with its label" : ""}`,
      ),
    ),
    images: evidence.map(
      ({ image, build, tagDigest = absent, buildDigest = absent }) =>
        `${image}: ${tag} is ${tagDigest}, its build ${build} is ${buildDigest}`,
    ),
  };
}

/** "8 references" */
function countOf(edits: readonly FileEdit[]): string {
  const count = edits.flatMap(({ moved }) => moved).length;
  return `${count} ${count === 1 ? "reference" : "references"}`;
}

const imagesIn = (edits: readonly FileEdit[]): string[] =>
  [...new Set(edits.flatMap(({ moved }) => moved.map(({ image }) => image)))].sort();

/** Names what a change makes of the files: a branch that holds it needs no new commit. */
export const editDigest = (edits: readonly FileEdit[]): string =>
  hash("sha256", JSON.stringify(edits.map(({ path, mode, text }) => [path, mode, text])));

/** Without a release nothing moves; what stands where is still told. */
function readFiles(
  files: readonly ReadFile[],
  target: string | undefined,
  { names, pins }: Pick<ImagesSettings, "names" | "pins">,
): Reading {
  const reading: Reading = { edits: [], left: [], refs: [], unread: [] };
  for (const { path: file, mode, text } of files) {
    if (text === undefined) {
      reading.unread.push({ file, why: "it is not text in UTF-8, or larger than 1 MB" });
      continue;
    }
    const leave = (ref: Ref): string | undefined => {
      if (target === undefined) return "there is no release yet";
      if (isPinned(pins, file, ref)) return "the settings pin it";
      return imageOf(ref.image) === undefined ? "its registry cannot be asked about it" : undefined;
    };
    const result = edit(text, { images: names, tag: target ?? "", move: "releases", leave });
    if ("problem" in result) {
      reading.unread.push({ file, why: `line ${result.problem.line} is not YAML` });
      continue;
    }
    const { refs, moved, left } = result;
    const why = new Map(left.map((each) => [`${each.line} ${each.path}`, each.why]));
    for (const { line, path, image, tag } of refs) {
      const reason = why.get(`${line} ${path}`);
      reading.refs.push({ file, line, image, tag, ...(reason === undefined ? {} : { left: reason }) });
    }
    reading.left.push(...left.map((each) => ({ ...each, file })));
    if (moved.length > 0) reading.edits.push({ path: file, mode, text: result.text, moved });
  }
  return reading;
}
