// Harness of the commands' tests: a console that answers as told, each answer held against its schema, and the
// records that it tells of.
import * as z from "zod";
import { answers, type HeldPlanLine, RunLine } from "../../shared/control.ts";
import type { StoredPlan } from "../../shared/flow/plan.ts";
import type { Run } from "../../shared/records.ts";
import { command } from "./in-process.ts";
import { type Answer, answer, loopback } from "./loopback.ts";

/** Runs the command against a console with these routes, and gives what it said and what the console was asked. */
export async function against(routes: Record<string, Answer | Answer[]>, args: string[], stdin?: string) {
  const served = await loopback(routes);
  try {
    const said = await command(args, { running: served, ...(stdin === undefined ? {} : { stdin }) });
    return { ...said, asked: served.asked };
  } finally {
    await served.close();
  }
}

export const home = (...hubs: string[]): Answer =>
  answer(answers.home, {
    installation: "Sample hub",
    sample: true,
    project: "sample-hub",
    hubs: hubs.map((hub) => ({ hub, organisation: hub })),
    now: "2026-03-01T10:00:00.000Z",
    needsYou: [],
    flows: [],
  });

export const invite = {
  do: "invite",
  about: "ada-example",
  team: "full-access",
  why: "new in the sheet",
} as const;
/** Gives up a person's access, which is on hold. */
export const remove = {
  do: "remove",
  about: "bob-example",
  team: "full-access",
  why: "no longer in the sheet",
  at: "C9",
  hash: "0123456789abcdef",
  because: "4 removals are many at once",
};
export const plan = (given: Partial<StoredPlan>): StoredPlan => ({
  hash: "abc123",
  actions: [],
  held: [],
  refused: [],
  ...given,
});

/** A stored plan, as the console lists it. */
export const heldPlan = (
  hash: string,
  state: HeldPlanLine["state"] = "waiting",
  held: StoredPlan["held"] = [remove],
): HeldPlanLine => ({
  v: 2,
  hub: "sample",
  flow: "sync-members",
  plan: plan({ hash, held }),
  madeAt: "2026-03-01T10:00:00.000Z",
  verdicts: Object.fromEntries(held.map((action) => [action.hash, null])),
  state,
});

export const run = (given: Partial<Run> = {}): Run => ({
  v: 1,
  id: "2026-03-01/100000000-sync-members-7-1",
  flow: "sync-members",
  hub: "sample",
  event: "sheet-changed",
  messageId: "7",
  attempt: 1,
  payload: {},
  outcome: "done",
  title: "1 invited",
  steps: [{ at: "2026-03-01T10:00:00.000Z", what: "read the sheet" }],
  effects: [],
  startedAt: "2026-03-01T10:00:00.000Z",
  durationMs: 12,
  ...given,
});

/** Gives the line of a list that tells of a run. */
const line = (one: Run) => z.object(RunLine.shape).parse({ ...one, effects: one.effects.length });
export const runs = (...all: Run[]): Answer => answer(answers.runs, { runs: all.map(line) });
export const published: Answer = answer(answers.published, { messageId: "7" });
export const idle: Answer = {
  body: { now: "2026-03-01T10:00:00.000Z", movedMs: 0, faults: [], weather: [], schedules: [], pending: 0 },
};
const busy: Answer = { body: { ...Object(idle.body), pending: 1 } };

export const runPath = "/api/runs/2026-03-01/100000000-sync-members-7-1";
export const thatRuns = (finished: Run): Record<string, Answer | Answer[]> => ({
  "GET /api/home": home("sample"),
  "POST /api/flows/sync-members/run": published,
  "GET /api/runs?message=7&flow=sync-members": [runs(), runs(), runs(finished)],
  "GET /api/world": busy,
  [`GET ${runPath}`]: answer(answers.run, finished),
});
