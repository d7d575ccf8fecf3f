// Says how it stands with a hub's members at the end of a run. Pure.
import type { Beside } from "../../shared/delivery/recorder.ts";
import { endOf as endOfHold } from "../../shared/flow/hold.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { stays } from "./removals.ts";

/** Reasons to stay that somebody is to look at. What is older than us, or was accepted, stays as it is. */
const toPutRight: ReadonlySet<string> = new Set([stays.report, stays["by-hand"]]);

/**
 * Gives who keeps access that the sheet does not give any more: what a run of ours gave, where removals are only reported, and what somebody
 * gave by hand. Nobody looks for it, so it is a trouble beside the run, told when it has lasted an hour: a row may be cut and pasted back.
 */
function accessLeft(state: Pick<MembersState, "reported"> | undefined): Beside[] {
  const left = (state?.reported ?? []).filter(({ because }) => toPutRight.has(because));
  if (left.length === 0) return [];
  const people = new Set(left.map(({ login }) => login)).size;
  const whys = [...new Set(left.map(({ because }) => because))].sort();
  const ofRuns = whys.includes(stays.report)
    ? "; what a run gave by mistake its undo takes back, and members.removals: apply whatever runs gave"
    : "";
  const reason = {
    what: `${people === 1 ? "one person has" : `${people} people have`} access that the sheet does not give`,
    why: whys.join("; "),
    next: `put their rows back, or take them out of their teams on GitHub${ofRuns}. The page Members names them`,
  };
  return [{ cause: "access-left", reason, lasting: false }];
}

/** Says how it stands by the state. What is on hold is listed where people approve, whatever else is amiss. */
export function endOf(
  state: MembersState | undefined,
  held: { waits: boolean; isNew: boolean },
  sheet: readonly Beside[] = [],
) {
  const beside = [...sheet, ...accessLeft(state)];
  const reason = state?.nobodyLetIn;
  const cause = state?.nobodyLetInCause ?? "nobody-let-in";
  return reason === undefined
    ? { ...endOfHold(held), beside }
    : ({ outcome: "blocked", cause, reason, beside } as const);
}
