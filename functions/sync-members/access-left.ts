// Says who keeps access that a run of ours gave and the sheet does not give any more, where removals are only reported: it stands on Home
// until it is put right, for nobody looks for it. Pure.
import type { Beside } from "../../shared/delivery/recorder.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { stays } from "./removals.ts";

/** Gives that as a trouble beside the run: told when it has lasted an hour, since a row may be cut and pasted back. */
export function accessLeft(state: Pick<MembersState, "reported"> | undefined): Beside[] {
  const left = (state?.reported ?? []).filter(({ because }) => because === stays.report);
  if (left.length === 0) return [];
  const people = new Set(left.map(({ login }) => login)).size;
  const reason = {
    what: `${people === 1 ? "one person has" : `${people} people have`} access that the sheet does not give`,
    why: stays.report,
    next: "undo the run that gave it, or put their rows back; else take them out of their teams on GitHub, or set members.removals to apply. The page Members names them",
  };
  return [{ cause: "access-left", reason, lasting: false }];
}
