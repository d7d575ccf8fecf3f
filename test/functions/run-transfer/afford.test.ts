// Machines that a hub's budgets have no room for: none is asked for, neither that of a shard which waits nor that of one whose last machine
// had nothing to take.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { afford } from "../../../functions/run-transfer/afford.ts";
import { nextSteps } from "../../../functions/run-transfer/steps.ts";
import { Budgets } from "../../../shared/flow/budgets.ts";
import type { Shard } from "../../../shared/transfers/records.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { list, shard, transfer } from "./samples.ts";
import { at, settings, workHarness } from "./work-harness.ts";

const now = new Date(at);
let served: Awaited<ReturnType<typeof ledgerHarness>>;
let books: Awaited<ReturnType<typeof served.ledgerOf>>;
beforeEach(async () => {
  served = await ledgerHarness();
  books = await served.ledgerOf("run-transfer");
});
afterEach(() => served.close());

/** Machines that are asked for beside one that runs, and those that are taken of the hub's budget then. */
async function askedFor(shards: Shard[], machines: number) {
  const { work } = workHarness({ books });
  const running = shard({ state: "running", since: at, made: at });
  const facts = {
    transfer: transfer([running, ...shards], { lists: [list(), list({ n: 1 })] }),
    machines: [],
    words: { machines: [], lists: [] },
    ...{ cancelled: false, dollars: 0, now },
  };
  const steps = nextSteps(facts, settings);
  const limits = { ...work.limits, machines };
  const left = await afford({ ...work, limits }, facts, { steps, seen: [], inFlight: new Map() });
  const kept = (await books.read("head/budgets/sample.json", Budgets))?.value;
  return {
    launches: left.steps.flatMap((step) => (step.do === "launch" ? [step.shard] : [])),
    taken: Object.keys(kept?.machines ?? {}),
  };
}

test("where the first one is denied, none is asked for in its place", async () => {
  const waiting = [shard({ n: 1 }), shard({ n: 2 })];
  expect(await askedFor(waiting, 1)).toEqual({ launches: [], taken: ["t1/0-1"] });
  expect(await askedFor(waiting, 2)).toEqual({ launches: [1], taken: ["t1/0-1", "t1/1-1"] });
});

test("another machine of a shard takes of the budget as its first one did, by its own number", async () => {
  const over = [shard({ n: 1, state: "done" })];
  expect(await askedFor(over, 1)).toEqual({ launches: [], taken: ["t1/0-1"] });
  expect(await askedFor(over, 2)).toEqual({ launches: [1], taken: ["t1/0-1", "t1/1-2"] });
});
