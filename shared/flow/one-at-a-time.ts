// A flow's work on one hub, or on one transfer, one delivery at a time: the lease is taken, the work done, and done again for as
// long as somebody comes meanwhile.
import type { Clock } from "../clock.ts";
import type { Recorder, Result } from "../delivery/recorder.ts";
import type { EventName, EventOf } from "../events.ts";
import type { FunctionName } from "../functions.ts";
import type { Ledger } from "../ledger.ts";
import { continueAt } from "./continue.ts";
import { type HeldLease, takeLease } from "./lease.ts";
import type { Plan } from "./plan.ts";

export type Turn<N extends EventName> = {
  function: FunctionName;
  /** A hub, or a hub and what of it: "leap/transfer-1". */
  hub: string;
  /** The message that is delivered. */
  holder: string;
  /** Seconds that the lease lasts unless it is prolonged. */
  seconds: number;
  /** Message to publish when it is to be looked at again: its topic and its event. */
  topic: N;
  event: EventOf<N>;
  /** Only a plan is made: beside whoever is at work, who may come meanwhile and must not be left to a plan. */
  planning: boolean;
};

/** One look: `check` throws when another delivery has taken over, and is called before each write to the world. */
export type Look = (look: { check: HeldLease["check"]; again: boolean }) => Promise<Result>;

/**
 * Does the work, or leaves it to whoever is at it. A holder that has died unseen reads no mark: whoever finds the lease held
 * leaves a wait to look again when it is over. How it stands is said by the last look, and what was to be done by each of them.
 */
export async function oneAtATime<N extends EventName>(
  turn: Turn<N>,
  { ledger, now, run }: { ledger: Ledger; now: Clock; run: Recorder },
  work: Look,
): Promise<Result> {
  if (turn.planning) return work({ check: async () => undefined, again: false });
  const lease = await takeLease({ ledger, now }, turn);
  if (lease === "busy") {
    const at = new Date(now().getTime() + turn.seconds * 1000);
    await continueAt(ledger, { ...turn, at });
    return { outcome: "idle", busy: true };
  }
  try {
    let said: Result = { outcome: "idle" };
    for (let again = false; ; again = true) {
      if (again) run.step("somebody asked meanwhile: looking again");
      const result = await work({ check: lease.check, again });
      said = together(said, result);
      if ((await lease.letGo()) === "free") return said;
    }
  } catch (error) {
    await lease.abandon().catch(() => undefined);
    throw error;
  }
}

/**
 * Makes one word of those of two looks: how it stands is the later's, with its plan's hash and what that holds. What was done stays said
 * where the later one found nothing more to do.
 */
function together(before: Result, later: Result): Result {
  if (later.outcome === "idle") return before;
  if (before.outcome === "idle" || before.plan === undefined) return later;
  const { actions } = before.plan;
  const more = later.plan?.actions ?? [];
  const isSaid = before.outcome === "done" && actions.length > 0;
  const title = isSaid && later.outcome === "done" && more.length === 0 ? before.title : later.title;
  return { ...later, title, plan: { ...before.plan, ...later.plan, actions: [...actions, ...more] } };
}

/** Ends a run that was to plan alone: everything is as it would be, with the writes left out. */
export function onlyPlanned(run: Recorder, title: string, plan: Plan): Result {
  run.step("only planned: nothing was changed");
  return { outcome: "done", title: `plan: ${title}`, plan };
}
