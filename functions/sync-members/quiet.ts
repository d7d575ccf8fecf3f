// Quiet time of the sheet: a burst of edits is one run, which begins when nobody has edited for a while. It delays nobody who asks
// for a look at once, for the lease is taken afterwards.

import { heed } from "../../shared/delivery/not-before.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import type { Service } from "../../shared/failure.ts";
import { untilQuiet } from "../../shared/flow/quiet.ts";
import { longestQuietSeconds, type MembersSettings } from "../../shared/members/settings.ts";

type Event = EventOf<"sheet-changed">;
type Work = {
  event: Event;
  members: MembersSettings;
  run: Recorder;
  delivery: { attempt: number; first: Date };
  deps: Parameters<typeof untilQuiet>[1];
};

/** The services that a run calls. */
export const needed: readonly Service[] = ["sheets", "github"];

/** Says that somebody edits the sheet, perhaps still. A person who asks for a plan wants it now. */
export const edited = ({ why, dryRun }: Event): boolean =>
  dryRun !== true && (why === "edit" || why === "push");

/** Says that an event only means "look again". It needs no look at GitHub when the sheet says what it said after a finished run. */
export const onlyHints = (event: Event): boolean =>
  edited(event) || (event.dryRun !== true && event.why === "continue");

/** Message to publish when a hub is to be looked at again. */
export const lookAgain = (hub: string) =>
  ({
    function: "sync-members",
    hub,
    topic: "sheet-changed",
    event: { v: 1, hub, why: "continue" },
  }) as const;

/** Looks at once, or after an edit when it is quiet. */
export async function whenQuiet(work: Work, look: () => Promise<Result>): Promise<Result> {
  const { event, members, run, delivery, deps } = work;
  const { quietSeconds: seconds } = members;
  if (!edited(event) || seconds === 0) return look();
  const again = delivery.attempt > 1;
  const edit = { ...lookAgain(event.hub), at: delivery.first, seconds, longest: longestQuietSeconds, again };
  const quiet = await untilQuiet(edit, deps);
  if (quiet === "left") return { outcome: "idle", busy: true };
  run.step("the quiet time after the edit is over");
  // While it waited a service may have asked to be left alone.
  await heed(deps, { hub: event.hub, needs: needed });
  const result = await look();
  await quiet.served();
  return result;
}
