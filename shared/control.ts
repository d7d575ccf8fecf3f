// The control API: what the console's door answers under /api, and the command line reads. Shapes only.
import { z } from "zod";
import { Explained, HeldPlan, MembersPlan, Outcome, Rejected, Run, Undelivered } from "./records.ts";

/** A run in a list: what its object's metadata says, without reading it. */
export const RunLine = z.strictObject({
  id: z.string(),
  flow: z.string(),
  hub: z.string().optional(),
  event: z.string(),
  attempt: z.number().int(),
  outcome: Outcome,
  title: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  effects: z.number().int(),
});
export type RunLine = z.infer<typeof RunLine>;

export const FlowCard = z.strictObject({
  flow: z.string(),
  mode: z.enum(["off", "plan", "apply"]),
  impact: z.string(),
  lastRun: RunLine.optional(),
  nextRun: z.string().optional(),
});

export const NeedsYou = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("approval"), hub: z.string(), hash: z.string(), text: z.string() }),
  z.strictObject({
    kind: z.literal("rejected"),
    hub: z.string(),
    cells: z.array(Rejected),
    text: z.string(),
  }),
  z.strictObject({ kind: z.literal("undelivered"), count: z.number().int(), text: z.string() }),
]);

export const Home = z.strictObject({
  installation: z.string(),
  sample: z.boolean(),
  project: z.string(),
  hubs: z.array(z.strictObject({ hub: z.string(), organisation: z.string() })),
  now: z.string(),
  needsYou: z.array(NeedsYou),
  flows: z.array(FlowCard),
});
export type Home = z.infer<typeof Home>;

/** Who can't log in, and why: one answer a hub. */
export const WhyAnswer = z.strictObject({
  hub: z.string(),
  /** "in-team", "invited", ... or "not-found". */
  finding: z.string(),
  sentence: z.string(),
  next: z.string(),
  cell: z.string().optional(),
  asOf: z.string().optional(),
});
export type WhyAnswer = z.infer<typeof WhyAnswer>;

export const UndeliveredLine = Undelivered.extend({ resolved: z.string().optional() });

export const HeldPlanLine = HeldPlan.extend({
  /** waiting: needs a word. approved or rejected: has one. over: the world has moved on. */
  state: z.enum(["waiting", "approved", "rejected", "over"]),
});

/** An error of the control API, in the answer's body. */
export const ControlError = z.strictObject({ error: Explained });

export const answers = {
  home: Home,
  runs: z.strictObject({ runs: z.array(RunLine), next: z.string().optional() }),
  run: Run,
  /** A published event: the id by which its runs are found. */
  published: z.strictObject({ messageId: z.string() }),
  undelivered: z.strictObject({ undelivered: z.array(UndeliveredLine) }),
  plans: z.strictObject({ plans: z.array(HeldPlanLine) }),
  plan: MembersPlan,
  why: z.strictObject({ who: z.string(), answers: z.array(WhyAnswer) }),
  done: z.strictObject({ ok: z.literal(true), said: z.string() }),
} as const;
