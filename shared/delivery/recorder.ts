// The record of one delivery: what was done, in order, kept even when the delivery fails half-way.
import { type Clock, dayOf } from "../clock.ts";
import type { Explanation } from "../errors.ts";
import type { Plan } from "../flow/plan.ts";
import type { Ledger } from "../ledger.ts";
import type { Effect, Outcome, Run } from "../records.ts";

/** Notes that a handler leaves behind as it goes. */
export type Recorder = {
  step: (what: string) => void;
  /** Call it after each change of the world outside, before anything else can fail. */
  effect: (effect: Effect) => void;
};

/**
 * Word of a handler in the end. `subject` is the part of the hub that it is about alone, where the event's id does not say so: a
 * trouble of that part ends with a good run of it and with no other. `idle` leaves no record: nothing was looked at, or nothing
 * was due.
 */
export type Result =
  | ({ outcome: Exclude<Outcome, "failed">; title: string; plan?: Plan; subject?: string } & Trouble &
      Aside & { beside?: readonly Beside[] })
  /** `busy`: another delivery is at it, and does the work. */
  | { outcome: "idle"; busy?: true };

/** Of what ends blocked or held: what its incident needs. */
type Trouble = {
  /** Names the trouble for good, in a-z, 0-9 and -; without it the title does. */
  cause?: string;
  /** Trouble that a person has to mend: it is told at once. Without it the title speaks, once it has lasted. */
  reason?: Explanation;
  /** The flow has told the people itself: they are told again after a day. */
  told?: true;
};

/** Trouble of something beside the run's work, which went on all the same: it stands until a good run says nothing of it. */
export type Beside = {
  /** As that of a trouble. */
  cause: string;
  reason: Explanation;
  /** Only a person helps. */
  lasting: boolean;
  /** The flow has told the people itself: they are told again after a day. */
  told?: true;
  /** The flow itself goes on to tell people, for as long as it stands. */
  reach?: "nobody";
};

/** Of a run that did one thing which a person asked for: it says nothing of how the flow stands, and begins or ends no incident. */
type Aside = { aside?: true };

export type Delivery = { messageId: string; attempt: number; event: string; hub?: string; payload: unknown };

export type OpenRun = Recorder & { close: (end: Result | { error: Explanation }) => Promise<void> };

export function openRun(flow: string, delivery: Delivery, deps: { ledger: Ledger; now: Clock }): OpenRun {
  const started = deps.now();
  const begun = performance.now();
  const steps: Run["steps"] = [];
  const effects: Effect[] = [];
  return {
    step: (what) => steps.push({ at: deps.now().toISOString(), what }),
    effect: (effect) => effects.push(effect),
    async close(end) {
      if ("outcome" in end && end.outcome === "idle") return;
      const failed = "error" in end;
      const { messageId, attempt, event, hub, payload } = delivery;
      const id = `${started.toISOString().slice(11, 23).replace(/[:.]/g, "")}-${flow}-${messageId}-${attempt}`;
      const run: Run = {
        v: 1,
        id: `${dayOf(started)}/${id}`,
        flow,
        ...(hub === undefined ? {} : { hub }),
        event,
        messageId,
        attempt,
        payload,
        outcome: failed ? "failed" : end.outcome,
        title: failed ? end.error.what : end.title,
        steps,
        effects,
        ...(failed ? { error: end.error } : {}),
        ...(!failed && end.plan !== undefined ? { plan: end.plan } : {}),
        startedAt: started.toISOString(),
        durationMs: Math.round(performance.now() - begun),
      };
      await deps.ledger.create(`runs/${run.id}.json`, run, lineOf(run));
    },
  };
}

/** Gives what a list of runs shows, as the object's metadata: a listing then needs no reads. */
function lineOf(run: Run): Record<string, string> {
  const { flow, hub, event, messageId, outcome, title, startedAt } = run;
  return {
    flow,
    ...(hub === undefined ? {} : { hub }),
    event,
    messageId,
    attempt: String(run.attempt),
    outcome,
    title: title.slice(0, 200),
    startedAt,
    durationMs: String(run.durationMs),
    effects: String(run.effects.length),
  };
}
