// Functions that have not succeeded for twice the time of their schedule: each is a trouble of its hub. Pure.
import type { Incidents } from "./incident-records.ts";
import { goodMinutes, minute, openIn, ownOf, type Sight, saw, since } from "./incidents.ts";

/** Opens an incident for each function that has not succeeded for twice its time and has no other trouble. */
export function overdue(
  state: Incidents,
  rows: readonly { worker: string; flow: string; schedule: string; everyMinutes: number }[],
  now: Date,
): Incidents {
  let next = state;
  for (const { worker, flow, schedule, everyMinutes } of rows) {
    const last = ownOf(next.good, worker);
    // Nothing has succeeded yet: its time begins now.
    if (last === undefined) next = { ...next, good: { ...next.good, [worker]: now.toISOString() } };
    // The last success may be younger than what was written.
    const enough = 2 * everyMinutes + goodMinutes(everyMinutes);
    if (last === undefined || since(last, now) < enough * minute) continue;
    if (openIn(next).some(({ workers, kind }) => kind !== "overdue" && workers.includes(worker))) continue;
    next = saw(next, lateSight({ worker, flow, schedule, last }), now);
  }
  return next;
}

function lateSight(of: { worker: string; flow: string; schedule: string; last: string }): Sight {
  const { worker, flow, schedule, last } = of;
  return {
    flow,
    worker,
    cause: `overdue-${schedule}`,
    kind: "overdue",
    reason: {
      what: `${worker} has not succeeded for a long time`,
      why: `its last success was on ${last.slice(0, 16).replace("T", " at ")} UTC, and its schedule has come round twice since`,
      next: "look at its runs and at Schedules; Run now shows what is in the way",
    },
    needs: [],
    // A stack that was asleep as a whole, or whose clock was moved, looks in a moment.
    lasting: false,
    waits: false,
    reach: "team",
    toldByFlow: false,
  };
}
