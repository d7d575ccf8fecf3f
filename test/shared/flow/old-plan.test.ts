// Runs that were kept before every flow had one plan are read in today's shape; today's as they are.
import { expect, test } from "@jest/globals";
import { planOf } from "../../../shared/flow/plan.ts";
import { Run } from "../../../shared/records.ts";

const run = (plan: unknown) => ({
  v: 1,
  id: "2026-03-01/100000000-sync-members-7-1",
  flow: "sync-members",
  event: "sheet-changed",
  messageId: "7",
  attempt: 1,
  payload: {},
  outcome: "done",
  title: "1 invited",
  steps: [],
  effects: [],
  plan,
  startedAt: "2026-03-01T10:00:00.000Z",
  durationMs: 12,
});

test("an old run's plan says whom each action is about, and where the reason was read", () => {
  const action = { do: "invite", login: "ada", team: "full-access", why: "new in the sheet: Research (C2)" };
  const old = { hash: "abc", actions: [action], held: [], rejected: [{ cell: "C3", value: "x", why: "y" }] };
  expect(Run.parse(run(old)).plan).toEqual({
    hash: "abc",
    actions: [
      { do: "invite", about: "ada", team: "full-access", why: "new in the sheet: Research", at: "C2" },
    ],
    held: [],
    refused: [{ about: "C3", value: "x", why: "y" }],
  });
});

test("any flow's plan is kept as it is, with what the flow says beyond what all say", () => {
  const plan = planOf({
    actions: [{ do: "copy", about: "transfer-1", why: "asked for", shards: 4 }],
    held: [],
    refused: [],
    cost: { dollars: 1.5, hours: 2, bytes: 10 },
  });
  expect(Run.parse(run(plan)).plan).toEqual(plan);
});
