// Does GitHub show less than what was written or seen before? A read may lag behind a write, so one look never decides that
// somebody has changed something: it is looked at again before it counts. Pure.
import type { Pull } from "../../shared/github/fork.ts";
import type { ImagesState } from "../../shared/images/records.ts";
import type { ImagesSettings } from "../../shared/images/settings.ts";
import type { Proposed } from "./gather.ts";

export type Doubt = Required<NonNullable<ImagesState["doubt"]>>;

/** Between two looks that show the same before it counts. */
const apartSeconds = 60;

/** Tells whether two looks far enough apart have shown the same. */
export const isSure = ({ since }: Doubt, now: Date): boolean =>
  now.getTime() - Date.parse(since) >= apartSeconds * 1000;

/** Gives the doubt with the time of the first look that had it. */
export function doubtOf(what: Doubt["what"], before: ImagesState | undefined, now: Date): Doubt {
  const { what: known, since = now.toISOString() } = before?.doubt ?? {};
  return { what, since: known === what ? since : now.toISOString() };
}

/** Tells whether a release that was seen before is newer than all that are listed. */
export const lacksRelease = (newest: string | undefined, before: ImagesState | undefined): boolean =>
  (before?.releases[0] ?? "") > (newest ?? "");

/** Says what of the fork, or of upstream, is not as the last run left it; undefined where all is. */
export function lagsIn(
  { pulls, branch: there }: Pick<Proposed, "pulls" | "branch">,
  before: ImagesState | undefined,
  { edit, pullRequest }: { edit: string } & Pick<ImagesSettings, "pullRequest">,
): Exclude<Doubt["what"], "releases"> | undefined {
  const { branch, proposal } = before ?? {};
  const number = pullRequest === "open" ? proposal?.number : undefined;
  if (number !== undefined && pulls.every((pull) => pull.number !== number)) return "pull-request";
  // Without a branch there is none to write over: GitHub refuses to make one twice.
  const isOurs = there === undefined || there === branch?.sha || there === branch?.pushing;
  if (!isOurs && !isEndOf(pulls, there)) return "branch";
  return isMerged(pulls) && branch?.edit === edit ? "merged" : undefined;
}

const isMerged = (pulls: readonly Pull[]): boolean =>
  pulls[0]?.merged === true && pulls.every(({ state }) => state === "closed");

/** Tells whether a commit was the last of a pull request that is closed, and none is open: whoever closed it is done with the branch. */
const isEndOf = (pulls: readonly Pull[], commit: string): boolean =>
  pulls.every(({ state }) => state === "closed") && pulls.some(({ sha }) => sha === commit);
