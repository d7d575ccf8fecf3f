// State that a run leaves for the next one and for the console: what it saw, and what was pushed and proposed before. Pure.
import type { Hold } from "../../shared/flow/hold.ts";
import type { ImagesState } from "../../shared/images/records.ts";
import type { Bump, Decision } from "./decide.ts";
import { isSure } from "./doubt.ts";
import type { Seen } from "./gather.ts";

export const stateName = (hub: string): string => `head/images/${hub}.json`;

/** Number of past releases that the page shows. */
const keptReleases = 60;

/** Gives the state before anything is done, which is what a plan leaves, but for what waits. */
export function stateOf(of: {
  seen: Pick<Seen, "releases">;
  decision: Decision;
  held: Hold<Bump>;
  before: ImagesState | undefined;
  now: Date;
}): ImagesState {
  const { seen, decision, held, before, now } = of;
  const { refs, unread, evidence, registryWait, doubt, status, sentence } = decision;
  const isOld = doubt?.what === "releases" && !isSure(doubt, now);
  const rejected = held.held.some(({ verdict }) => verdict === "rejected");
  return {
    v: 1,
    at: now.toISOString(),
    releases: isOld && before !== undefined ? before.releases : seen.releases.slice(0, keptReleases),
    refs,
    unread,
    evidence,
    ...(before?.fork === undefined ? {} : { fork: before.fork }),
    ...(before?.branch === undefined ? {} : { branch: before.branch }),
    ...(before?.proposal === undefined || status === "current" ? {} : { proposal: before.proposal }),
    ...(before?.leftAlone === undefined || status !== "hands-off" ? {} : { leftAlone: before.leftAlone }),
    ...(registryWait === undefined ? {} : { registryWait }),
    ...(doubt === undefined ? {} : { doubt }),
    status: rejected ? "ignored" : status,
    sentence: rejected ? `${sentence}; it was rejected` : sentence,
  };
}
