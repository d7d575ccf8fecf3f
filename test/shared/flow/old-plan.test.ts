// Runs and plans of before every flow had one plan, and each action a hash, are read in today's shape; today's as they are.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hold } from "../../../shared/flow/hold.ts";
import { planOf } from "../../../shared/flow/plan.ts";
import { HeldPlan, Run, Waiting } from "../../../shared/records.ts";
import { ledgerHarness } from "../ledger-harness.ts";
import { at, hashes, hubOf, plain, planWith, removal } from "./hold-harness.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  harness = await ledgerHarness();
});
afterAll(() => harness.close());

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

describe("of before each action had a hash", () => {
  const action = { do: "remove", login: "ada", team: "full-access", why: "no longer in the sheet" };
  const old = {
    v: 1,
    flow: "sync-members",
    reason: "3 removals are many at once",
    plan: { hash: "0123456789abcdef", actions: [], held: [action], rejected: [] },
    madeAt: at("02T08:00").toISOString(),
  };

  test("a plan is read, a state that waits goes on waiting, and a word on the whole plan counts", async () => {
    const on = await hubOf(harness);
    await on.ledger.create(`plans/${on.name}/${old.plan.hash}.json`, { ...old, hub: on.name });
    const read = await on.console.read(`plans/${on.name}/${old.plan.hash}.json`, HeldPlan);
    expect(read?.value.plan.held).toEqual([{ ...removal("ada"), hash: hashes("ada")[0] }]);
    const waiting = Waiting.parse({ hash: old.plan.hash, held: 1, since: old.madeAt });
    const waits = await on.holds("02T09:00", ["ada", "bo"], waiting);
    expect([waits.go, waits.waiting?.since[hashes("ada")[0] ?? ""]]).toEqual([[], old.madeAt]);

    expect(waits.asked).toEqual({
      ...waiting,
      untold: { [hashes("bo")[0] ?? ""]: at("02T09:00").toISOString() },
    });
    const of = { hub: on.name, flow: "sync-members", hours: 24, planning: true };
    const deps = { ledger: on.ledger, now: () => at("02T09:00") };
    expect((await hold(planWith("ada", "bo"), waiting, of, deps)).asked).toEqual(waiting);

    const word = { v: 1, verdict: "approved", by: "console", at: at("02T08:30").toISOString() };
    await on.console.create(`approvals/${on.name}/${old.plan.hash}/${word.at}.json`, word);
    expect(plain((await on.holds("02T09:00", ["ada", "bo"], waiting)).go)).toEqual(["ada"]);
  });

  test("the cell that stood behind a reason is where the action was read", () => {
    const why = "the membership ended on 2026-01-31 (C12)";
    const plan = HeldPlan.parse({ ...old, hub: "prod", plan: { ...old.plan, held: [{ ...action, why }] } });
    expect(plan.plan.held[0]).toMatchObject({ why: "the membership ended on 2026-01-31", at: "C12" });
  });
});
