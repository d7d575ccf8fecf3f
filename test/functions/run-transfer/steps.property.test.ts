// Any history of a transfer, with a cloud that is played: it ends with all copied or given up, within its budgets, and with no
// machine left.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { noRoom, placementsFor } from "../../../functions/run-transfer/room.ts";
import {
  afterList,
  afterMachine,
  nextSteps,
  type ShardMachine,
  type Word,
} from "../../../functions/run-transfer/steps.ts";
import type { Shard } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { list, shard, transfer } from "./samples.ts";

const settings = sampleTransfers();

test("any history ends within its budgets: done where the cloud lets it, given up where not, and no machine left", () => {
  const fate = fc.constantFrom("done", "preempted", "failed", "gives up", "lies", "silent", "full");
  fc.assert(
    fc.property(
      fc.array(fate, { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 8 }),
      (fates, machines, lists) => {
        const end = play(fates, machines, lists);
        expect(end.machines).toEqual([]);
        const isGivenUp = end.shards.every(({ state }) => state === "failed");
        for (const { state, errors } of end.lists) {
          expect(isGivenUp ? ["done", "failed", "open"] : ["done", "failed"]).toContain(state);
          expect(errors).toBeLessThanOrEqual(settings.limits.errors + 1);
        }
        for (const { preemptions, errors } of end.shards) {
          expect(preemptions).toBeLessThanOrEqual(settings.limits.preemptions + 1);
          expect(errors).toBeLessThanOrEqual(settings.limits.errors + 1);
        }
      },
    ),
    { numRuns: 200 },
  );
});

/** Plays a transfer against a cloud that does, machine after machine, what the fates say, and then always well. */
function play(fates: string[], machinesAtMost: number, listsAtFirst: number) {
  let state = transfer(
    Array.from({ length: machinesAtMost }, (_, n) => shard({ n })),
    { lists: Array.from({ length: listsAtFirst }, (_, n) => list({ n })) },
  );
  let machines: ShardMachine[] = [];
  const words: { machines: Word[]; lists: Word[] } = { machines: [], lists: [] };
  /** Objects that a list's machine leaves at each attempt, by list and attempt. */
  const leaves = new Map<string, number>();
  const taken = new Set<string>();
  const set = (n: number, to: (one: Shard) => Shard) => {
    state = { ...state, shards: state.shards.map((one) => (one.n === n ? to(one) : one)) };
  };
  let time = new Date("2026-11-21T10:00:00Z");

  /** A machine takes lists until nothing is there to take, or its fate comes first. */
  function run({ n, attempt }: Shard, fate: string): void {
    for (const one of state.lists ?? []) {
      const key = `${one.n}-${one.attempt}`;
      if (one.state !== "open" || taken.has(key)) continue;
      if (fate === "preempted" || fate === "silent" || fate === "gives up") break;
      taken.add(key);
      leaves.set(key, fate === "lies" || fate === "failed" ? 1 : 0);
      words.lists.push({ n: one.n, attempt: one.attempt, state: fate === "failed" ? "failed" : "done" });
      if (fate !== "done") break;
    }
    if (fate === "silent") return;
    const end = fate === "preempted" ? "preempted" : fate === "gives up" ? "failed" : "done";
    words.machines.push({ n, attempt, state: end });
  }

  for (let turn = 0; turn < 4000; turn += 1) {
    const steps = nextSteps(
      { transfer: state, machines, words, cancelled: false, dollars: 0, now: time },
      { ...settings, limits: { ...settings.limits, hours: 120 } },
    );
    for (const step of steps) {
      if (step.do === "complete") return { lists: state.lists ?? [], shards: state.shards, machines };
      if (step.do === "delete") machines = machines.filter(({ name }) => name !== step.machine.name);
      if (step.do === "wait") time = step.until;
      if (step.do === "recount") {
        const lists = state.lists?.map((one) => {
          if (one.n !== step.list) return one;
          const objects = leaves.get(`${one.n}-${one.attempt}`) ?? 0;
          return afterList(one, step.as, { left: { objects, bytes: objects }, files: {} }, settings);
        });
        state = { ...state, lists };
      }
      const one = "shard" in step ? state.shards.find(({ n }) => n === step.shard) : undefined;
      if (one === undefined) continue;
      if (step.do === "miss") set(one.n, (each) => ({ ...each, missed: time.toISOString() }));
      if (step.do === "release") set(one.n, (each) => afterMachine(each, step.as, settings));
      if (step.do === "launch") {
        const fate = fates.shift() ?? "done";
        if (fate === "full") {
          const places = placementsFor(one, state, settings.machine, time);
          const { notBefore: _, ...rest } = noRoom(one, step.place, places, time);
          set(one.n, () => rest);
          continue;
        }
        const attempt = one.state === "done" ? one.attempt + 1 : one.attempt;
        set(one.n, (each) => ({ ...each, state: "running", attempt }));
        run({ ...one, attempt }, fate);
      }
    }
  }
  throw new Error("it does not end");
}
