// A person's word for one plan: that one is carried out, or none.
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import { exactHashOf, type Plan } from "../../shared/flow/plan.ts";
import type { MemberAction } from "./facts.ts";

/** Gives the end of a run that finds another plan than the one it was asked for; undefined where it may go on. */
export function anotherPlan(
  asked: string | undefined,
  plan: Plan<MemberAction>,
  run: Pick<Recorder, "step">,
): Result | undefined {
  const found = exactHashOf(plan);
  if (asked === undefined || asked === found) return undefined;
  run.step(`plan ${asked} was asked for; sheet and teams give plan ${found} now: nothing was changed`);
  return {
    outcome: "blocked",
    title: `nothing was changed: the plan is ${found} now`,
    cause: "another-plan",
    aside: true,
    reason: {
      what: "nothing was changed",
      why: `sheet and teams no longer give the plan ${asked}`,
      next: "look at the plan as it is now, and ask for that one",
    },
    plan,
  };
}
