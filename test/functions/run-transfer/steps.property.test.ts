// Any history of a transfer, with a cloud that is played: it ends with all copied or given up, within its budgets, and with no
// machine left.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  afterMachine,
  type Facts,
  nextSteps,
  noRoom,
  type ShardMachine,
} from "../../../functions/run-transfer/steps.ts";
import type { Shard } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { shard, transfer } from "./samples.ts";

const settings = sampleTransfers();

test("any history ends within its budgets: done where the cloud lets it, given up where not, and no machine left", () => {
  const fate = fc.constantFrom("done", "preempted", "failed", "lies", "silent", "full");
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (fates, count) => {
      const end = play(fates, count);
      expect(end.machines).toEqual([]);
      for (const { state, preemptions, errors } of end.shards) {
        expect(["done", "failed"]).toContain(state);
        expect(preemptions).toBeLessThanOrEqual(settings.limits.preemptions + 1);
        expect(errors).toBeLessThanOrEqual(settings.limits.errors + 1);
      }
    }),
    { numRuns: 200 },
  );
});

/** Plays a transfer against a cloud that does, machine after machine, what the list says, and then always well. */
function play(fates: string[], count: number) {
  let state = transfer(Array.from({ length: count }, (_, n) => shard({ n })));
  let machines: ShardMachine[] = [];
  const ended: Facts["ended"][number][] = [];
  const set = (n: number, to: Partial<Shard>) => {
    state = { ...state, shards: state.shards.map((one) => (one.n === n ? { ...one, ...to } : one)) };
  };
  let time = new Date("2026-11-21T10:00:00Z");
  for (let turn = 0; turn < 2000; turn += 1) {
    const steps = nextSteps(
      { transfer: state, machines, ended, cancelled: false, dollars: 0, now: time },
      {
        ...settings,
        limits: { ...settings.limits, hours: 120 },
      },
    );
    for (const step of steps) {
      const one = "shard" in step ? state.shards.find(({ n }) => n === step.shard) : undefined;
      if (step.do === "complete") return { shards: state.shards, machines };
      if (step.do === "delete") machines = machines.filter(({ name }) => name !== step.machine.name);
      if (step.do === "wait") time = step.until;
      if (one === undefined) continue;
      if (step.do === "miss") set(one.n, { missed: time.toISOString() });
      if (step.do === "recount") {
        const wasGood = one.left.objects === 0;
        const left = { objects: wasGood ? 0 : 1, bytes: 1, list: "next" };
        state = {
          ...state,
          shards: state.shards.map((each) =>
            each.n === one.n ? afterMachine(one, step.as, left, settings) : each,
          ),
        };
      }
      if (step.do === "launch") {
        const fate = fates.shift() ?? "done";
        if (fate === "full") {
          const { notBefore: _, ...rest } = noRoom(one, step.zone, settings, time);
          state = { ...state, shards: state.shards.map((each) => (each.n === one.n ? rest : each)) };
          continue;
        }
        const { n, attempt } = one;
        set(n, { state: "running", left: { objects: fate === "done" ? 0 : 1, bytes: 0 } });
        if (fate === "done" || fate === "lies") ended.push({ shard: n, attempt, state: "done" });
        if (fate === "failed") ended.push({ shard: n, attempt, state: "failed" });
        if (fate === "preempted") ended.push({ shard: n, attempt, state: "preempted" });
      }
    }
  }
  throw new Error("it does not end");
}
