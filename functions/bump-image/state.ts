// What a run leaves for the next one and for the console: what it saw, what it has pushed, and what waits. Pure.
import type { ImagesState } from "../../shared/images/records.ts";
import type { Waiting } from "../../shared/records.ts";
import type { Acted } from "./act.ts";
import type { Decision } from "./decide.ts";
import { proposedSentence, sentenceOf } from "./text.ts";

export const stateName = (hub: string): string => `head/images/${hub}.json`;

/** What the page shows of the past. */
const keptReleases = 60;

/** Gives the state before anything is done, which is what a plan leaves. What is proposed already stays so. */
export function stateBefore(of: {
  releases: readonly string[];
  decision: Decision;
  before: ImagesState | undefined;
  /** A person has said no to what would be held. */
  rejected: boolean;
  waiting: Waiting | undefined;
  now: Date;
}): ImagesState {
  const { decision, before, rejected, waiting } = of;
  const { refs, unread, evidence, registryWait, status, target } = decision;
  const stays =
    status === "planned" && before?.standing === "proposed" && before.proposal?.tag === target
      ? { standing: before.standing, sentence: before.sentence }
      : { standing: rejected ? ("ignored" as const) : status, sentence: sentenceOf(decision, rejected) };
  return {
    v: 1,
    at: of.now.toISOString(),
    releases: of.releases.slice(0, keptReleases),
    refs,
    unread,
    evidence,
    ...(before?.branch === undefined ? {} : { branch: before.branch }),
    ...(before?.proposal === undefined || status === "current" ? {} : { proposal: before.proposal }),
    ...(registryWait === undefined ? {} : { registryWait }),
    ...(waiting === undefined ? {} : { waiting }),
    ...stays,
  };
}

/** Gives the state after acting: what is on the branch and proposed now, and what still waits. */
export function stateAfter(
  { waiting: _, ...state }: ImagesState,
  decision: Decision,
  acted: Acted,
  waiting: Waiting | undefined,
): ImagesState {
  const next = { ...state, ...(waiting === undefined ? {} : { waiting }) };
  if (acted.is === "left") return next;
  if (acted.is === "fork-pending")
    return { ...next, standing: "planned", sentence: "GitHub is making the fork" };
  const { branch } = acted;
  if (acted.is === "nothing") return { ...next, branch, standing: "current", sentence: "nothing to change" };
  const { proposal } = acted;
  const sentence = proposedSentence(decision, proposal);
  return { ...next, branch, proposal, standing: "proposed", sentence };
}
