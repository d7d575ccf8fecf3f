// Tests of what machines say of the lists that they have in hand, by their own words, and of what was said of lists at their end.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { saidOf } from "../../../functions/run-transfer/in-flight.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { list, shard, transfer } from "./samples.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  harness = await ledgerHarness();
});
afterAll(() => harness.close());

test("the last word of the machine that each shard has now, until the shard is over", async () => {
  const ledger = await harness.ledgerOf("run-transfer");
  const says = (name: string, report: object) =>
    harness.plant(`${name}.json`, JSON.stringify({ v: 1, ...report }));
  const progress = (machine: string, name: string, bytes: number, objects: number) =>
    says(`leases/sample/t1/machine-${machine}`, { state: "progress", list: name, bytes, objects });
  const reports = "transfers/sample/t1/reports";
  await progress("0-1", "0-1", 900, 9);
  await progress("0-2", "0-1", 20, 2);
  // Told to go: it had the list in hand by then.
  await progress("1-1", "1-1", 70, 7);
  await says(`${reports}/1-1-preempted`, { state: "preempted", list: "1-1", bytes: 80, objects: 8 });
  // Its second program, which reads back, begins to count anew.
  await progress("2-1", "2-1", 60, 6);
  await says(`${reports}/2-1-preempted`, { state: "preempted", list: "2-1", bytes: 5, objects: 0 });
  // Another list than that of its last progress.
  await progress("3-1", "3-1", 50, 5);
  await says(`${reports}/3-1-preempted`, { state: "preempted", list: "4-1", bytes: 1, objects: 0 });
  await progress("4-1", "5-1", 40, 4);
  await says("leases/sample/t1/machine-6-1", { state: "progress", bytes: "many" });
  await says(`${reports}/list-3-1-done`, { state: "done", list: "3-1", bytes: 55, objects: 5 });
  const states = ["running", "running", "waiting", "running", "done", "running", "running"] as const;
  const shards = states.map((state, n) => shard({ n, state, attempt: n === 0 ? 2 : 1 }));
  const lists = [0, 1, 2, 3, 4, 5].map((n) => list({ n }));
  const preempted = (n: number) => ({ n, attempt: 1, state: "preempted" as const });
  const said = await saidOf(ledger, transfer(shards, { lists }), {
    machines: [preempted(1), preempted(2), preempted(3)],
    lists: [
      { n: 3, attempt: 1, state: "done" },
      // Counted long ago.
      { n: 0, attempt: 0, state: "failed" },
    ],
  });
  expect(said).toEqual([
    { shard: 0, list: "0-1", bytes: 20, objects: 2 },
    { shard: 1, list: "1-1", bytes: 80, objects: 8 },
    { shard: 2, list: "2-1", bytes: 60, objects: 6 },
    { shard: 3, list: "4-1", bytes: 1, objects: 0 },
    { list: "3-1", bytes: 55, objects: 5 },
  ]);
});
