// The sweep over the real ledger, with a scripted cloud: what is left of the machines, whatever else goes wrong.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { sweepMachines } from "../../../functions/sweep-machines/handler.ts";
import type { Machine, Machines } from "../../../shared/compute/machines.ts";
import type { Result } from "../../../shared/delivery/recorder.ts";
import { Permanent } from "../../../shared/errors.ts";
import { settingsOf } from "../../local/sample/sample-settings.ts";
import { flowHarness } from "../flow-harness.ts";

const now = new Date("2026-11-21T12:00:00Z");
const settings = settingsOf();

let harness: Awaited<ReturnType<typeof flowHarness<"sweep-machines">>>;
beforeAll(async () => {
  harness = await flowHarness("sweep-machines", now);
});
beforeEach(() => harness.fresh());
afterAll(() => harness.close());

const machine = (transfer: string, hoursOld: number): Machine => ({
  id: transfer,
  name: `transfer-prod-${transfer}-0`,
  zone: "us-central1-a",
  status: "RUNNING",
  createdAt: new Date(now.getTime() - hoursOld * 3_600_000).toISOString(),
  labels: { hub: "prod", transfer, shard: "0", attempt: "1" },
});

/** Sweeps these; gives who is alive afterwards, which deletions the record has, and what was thrown. */
async function sweep(
  all: readonly Machine[],
  stuck: readonly string[] = [],
  forbidden: readonly string[] = [],
) {
  let alive = all.map(({ name }) => name);
  const machines: Machines = {
    make: async () => "pending",
    list: async () => [...all],
    async remove({ name }) {
      if (forbidden.includes(name)) throw new Permanent({ what: "no", why: "a policy", next: "mend it" });
      if (stuck.includes(name)) throw new Error(`no answer about ${name}`);
      alive = alive.filter((one) => one !== name);
      return "asked";
    },
  };
  let result: Result | undefined;
  const { thrown } = await harness.deliver(
    async (_tick, run) => {
      result = await sweepMachines(run, { ...harness.deps, machines, settings });
      return result;
    },
    { v: 1 },
  );
  const effects = (await harness.effects()).map(({ name }) => name);
  return { alive, effects, result, thrown: thrown instanceof Error ? thrown.message : thrown };
}

test("one that cannot be deleted keeps no other alive, and the failure is told", async () => {
  const all = [machine("a", 1), machine("b", 1), machine("c", 0.1)];
  expect(await sweep(all, ["transfer-prod-a-0"])).toEqual({
    alive: ["transfer-prod-a-0", "transfer-prod-c-0"],
    effects: ["transfer-prod-b-0"],
    thrown: "no answer about transfer-prod-a-0",
  });
});

test("of two that cannot be deleted the one that only a person mends is told, whichever was first", async () => {
  const all = [machine("a", 1), machine("b", 1)];
  expect(await sweep(all, ["transfer-prod-a-0"], ["transfer-prod-b-0"])).toMatchObject({
    thrown: "no: a policy",
  });
});

test("a record that cannot be read spares its own machine until no transfer lasts so long, and no other", async () => {
  await harness.plant("head/transfers/prod/torn.json", '{"v":');
  await harness.plant("head/transfers/prod/torn-old.json", '{"v":');
  expect(await sweep([machine("torn", 1), machine("torn-old", 19), machine("lost", 1)])).toEqual({
    alive: ["transfer-prod-torn-0"],
    effects: ["transfer-prod-torn-old-0", "transfer-prod-lost-0"],
    result: { outcome: "done", title: "2 of 3 machines swept away" },
    thrown: undefined,
  });
});

test("a ledger that does not answer just now says nothing of a machine: it is spared, and the failure is told", async () => {
  harness.fail({
    farEnd: "storage",
    match: "torn.json",
    failure: { kind: "status", status: 403 },
  });
  const { alive, thrown } = await sweep([machine("torn", 1), machine("lost", 1)]);
  expect([alive, typeof thrown]).toEqual([["transfer-prod-torn-0"], "string"]);
});

test("says how many it has swept away, and nothing where all are needed", async () => {
  expect((await sweep([machine("young", 0.1)])).result).toEqual({ outcome: "idle" });
  expect((await sweep([])).result).toEqual({ outcome: "idle" });
  expect((await sweep([machine("lost", 1), machine("young", 0.1)])).result).toEqual({
    outcome: "done",
    title: "1 of 2 machines swept away",
  });
});

test("a machine may be half as old again as its hub's transfers may last, and of a hub without any 18 hours", async () => {
  const of = (hub: string, transfer: string, hoursOld: number): Machine => {
    const one = machine(transfer, hoursOld);
    return { ...one, labels: { ...one.labels, hub } };
  };
  await harness.plant("head/transfers/prod/a.json", '{"v":');
  await harness.plant("head/transfers/gone/b.json", '{"v":');
  await harness.plant("head/transfers/gone/c.json", '{"v":');
  const all = [of("prod", "a", 17.9), of("gone", "b", 17.9), of("gone", "c", 18.1)];
  expect((await sweep(all)).alive).toEqual(["transfer-prod-a-0", "transfer-prod-b-0"]);
});
