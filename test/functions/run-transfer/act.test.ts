// Rounds of a look: what is kept of each step before the next one, what is deleted, and when it waits a moment.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { act } from "../../../functions/run-transfer/act.ts";
import { survey } from "../../../functions/run-transfer/survey.ts";
import type { Shard } from "../../../shared/transfers/records.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { objectsOf } from "./harness.ts";
import { figures, list as listOf, shard, transfer } from "./samples.ts";
import { at, takenOver, workHarness } from "./work-harness.ts";

let served: Awaited<ReturnType<typeof ledgerHarness>>;
let books: Awaited<ReturnType<typeof served.ledgerOf>>;
beforeEach(async () => {
  served = await ledgerHarness();
  books = await served.ledgerOf("run-transfer");
});
afterEach(() => served.close());

const objects = objectsOf(2);
const since = "2026-11-21T09:59:30.000Z";
const running = { state: "running", zone: "z", since, made: since } as const;

/** A transfer that runs, of one list, whose files are kept. */
async function begun(shards: Shard[], change: Parameters<typeof transfer>[1] = {}) {
  const { work } = workHarness({ books, source: objects });
  const { parts, lists } = await survey(work, books.keep);
  return transfer(shards, { parts, lists, ...change });
}

const report = (name: string, state: string) =>
  books.create(`transfers/sample/t1/reports/${name}-${state}.json`, { v: 1, state });

test("whoever has lost the lease keeps nothing of a beginning, and asks for no machine", async () => {
  const { work, state, kept, asked } = workHarness({ books });
  const draft = { transfer: await begun([shard()]) };
  await expect(act({ ...work, check: takenOver }, draft, state)).rejects.toThrow("taken over");
  expect([kept, asked]).toEqual([[], []]);
});

test("what is to be known of a plan is told before it begins", async () => {
  const { work, state, steps } = workHarness({ books });
  const noted = { figures: figures({ notes: ["a price nobody knows"] }), said: "it begins" };
  await act(work, { transfer: await begun([shard()], noted) }, state);
  expect(steps).toEqual(["a price nobody knows", "it begins"]);
});

test("a machine that is there is its shard's, and counted; one not seen and one seen again are noted", async () => {
  const { work, state, list, kept, effects } = workHarness({ books });
  const missed = "2026-11-21T09:59:50.000Z";
  list(0, 1);
  list(2, 1);
  const shards = [
    shard({ state: "starting", zone: "y", since }),
    shard({ n: 1, ...running }),
    shard({ n: 2, ...running, missed }),
  ];
  await act(work, await begun(shards), state);
  const states = kept.map((one) => one.shards.map((each) => [each.state, each.missed]));
  expect(states).toEqual([
    [
      ["running", undefined],
      ["running", undefined],
      ["running", missed],
    ],
    [
      ["running", undefined],
      ["running", at],
      ["running", missed],
    ],
    [
      ["running", undefined],
      ["running", at],
      ["running", undefined],
    ],
  ]);
  expect(kept.at(-1)).toMatchObject({ machines: 1, shards: [{ zone: "z", made: at }, {}, {}] });
  expect(effects).toEqual([{ do: "make-machine", name: "transfer-sample-t1-0" }]);
});

test("what is left of a list is listed anew, and posted, whatever its machine does", async () => {
  const { work, state, list, kept, steps } = workHarness({
    books,
    source: objects,
    target: objects.slice(0, 1),
  });
  await report("list-0-1", "done");
  list(0, 1);
  await act(work, await begun([shard(running)]), state);
  const [left] = kept[0]?.lists ?? [];
  expect(left).toMatchObject({
    ...{ state: "open", attempt: 2, errors: 1, left: { objects: 1, bytes: 30_000 } },
    sent: { objects: 1, bytes: 30_000 },
  });
  expect((await books.bytes(left?.copy?.file ?? ""))?.toString()).toBe("object 1\n");
  expect(steps[0]).toBe("list 0, attempt 1 ended (done): objects left 1 of 2");
  expect((await books.bytes("leases/sample/t1/board.tsv"))?.toString()).toBe(
    `0-2\t${encodeURIComponent(left?.copy?.file ?? "")}\t1\t-\t0\t-\t0\t-\t0\t128\t256\t4\t16M\t16M\n`,
  );
});

test("a list of which all is there is done, and machines find it no more", async () => {
  const { work, state, list, kept } = workHarness({ books, target: objects });
  await report("list-0-1", "failed");
  list(0, 1);
  await act(work, await begun([shard(running)]), state);
  expect(kept[0]?.lists).toMatchObject([{ state: "done", left: { objects: 0, bytes: 0 } }]);
  expect((await books.bytes("leases/sample/t1/board.tsv"))?.toString()).toBe("");
});

test("a machine that was taken away is followed by another one; its seconds, and what it has sent, are counted", async () => {
  const { work, state, kept, asked, steps } = workHarness({ books });
  const said = { list: "0-1", bytes: 40_000, objects: 1 };
  await books.create("transfers/sample/t1/reports/0-1-preempted.json", { v: 1, state: "preempted", ...said });
  await act(work, await begun([shard(running), shard({ n: 1, state: "done" })]), state);
  expect(kept[0]).toMatchObject({
    ...{ machineSeconds: 30, ending: { "0-1": at } },
    shards: [{ state: "waiting", attempt: 2, preemptions: 1 }, { state: "done" }],
    lists: [{ state: "open", attempt: 1, sent: { objects: 1, bytes: 40_000 } }],
  });
  expect(steps[0]).toBe("the machine of shard 0, attempt 1 has ended (preempted)");
  expect(asked.map(({ order }) => [order.shard, order.attempt])).toEqual([[0, 2]]);
});

test("one that ends before anybody knew since when it ran adds no seconds", async () => {
  const { work, state, kept } = workHarness({ books });
  await report("0-1", "done");
  const shards = [shard({ state: "starting" }), shard({ n: 1, ...running })];
  await act(work, await begun(shards, { machineSeconds: 7 }), state);
  expect(kept[0]).toMatchObject({ machineSeconds: 7, shards: [{ state: "done" }, { state: "running" }] });
});

test("a machine of another attempt is deleted, and what was deleted has a moment to leave", async () => {
  const { work, state, list, effects, pauses } = workHarness({ books });
  list(0, 1);
  list(0, 2);
  list(1, 1);
  const shards = [
    shard({ ...running, attempt: 2 }),
    shard({ n: 1, ...running, missed: "2026-11-21T09:59:50.000Z" }),
  ];
  const { transfer: after } = await act(work, await begun(shards), state);
  const why = "another one has taken its place";
  expect(effects).toEqual([{ do: "delete-machine", name: "transfer-sample-t1-0", why }]);
  expect(pauses).toEqual([1000]);
  expect(after.shards.map((each) => each.state)).toEqual(["running", "running"]);
});

test.each([
  [undefined, "running"],
  ["enough", "waiting"],
])(
  "one that was stopped is deleted; its shard has none from then on where the transfer is being stopped: %s",
  async (stopping, end) => {
    const { work, state, list, effects } = workHarness({ books });
    list(0, 1, "TERMINATED");
    const { transfer: after } = await act(
      work,
      await begun([shard(running)], stopping === undefined ? {} : { stopping }),
      state,
    );
    expect(effects[0]).toMatchObject({ do: "delete-machine", name: "transfer-sample-t1-0" });
    expect(after.shards[0]?.state).toBe(end);
  },
);

test("one that has gone by itself was deleted by nobody", async () => {
  const { work, state, list, effects } = workHarness({ books });
  list(0, 1, "GONE");
  list(0, 2);
  await act(work, await begun([shard({ ...running, attempt: 2 })]), state);
  expect(effects).toEqual([]);
});

test("while one machine is being made, it looks again after a moment", async () => {
  const answers = ["pending", "made"] as const;
  const on = workHarness({ books, make: () => answers[on.asked.length - 1] ?? "made" });
  on.list(0, 1);
  const shards = [shard(running), shard({ n: 1, state: "starting", zone: "z", since })];
  const { transfer: after } = await act(on.work, await begun(shards), on.state);
  expect(after.shards.map((each) => each.state)).toEqual(["running", "running"]);
  expect([on.pauses, on.asked.length]).toEqual([[1000], 2]);
});

describe("dollars in flight are held against the cap before anything has arrived", () => {
  const dollars = { egress: 10, retrieval: 0, operations: 0, machines: 0 };

  test.each([
    // The cap is $5: below it another machine is asked for, from it on none, and from $6 on those that are there are deleted.
    [49, [[1, 1]], undefined],
    [50, [], undefined],
    [59, [], undefined],
    [60, [], "it has cost more than its limit of $5"],
  ])("%i of 100 bytes, which cost $10 in all", async (bytes, wanted, stopping) => {
    const { work, state, list, asked, kept, effects } = workHarness({ books });
    list(0, 1);
    const progress = { v: 1, state: "progress", list: "0-1", bytes, objects: 1 };
    await books.create("leases/sample/t1/machine-0-1.json", progress);
    const lists = [listOf({ objects: 10, bytes: 80 }), listOf({ n: 1, objects: 10, bytes: 20 })];
    const shards = [shard(running), shard({ n: 1 })];
    const limits = { ...work.limits, dollarsPerDay: 100, dollarsPerMonth: 100 };
    const standing = transfer(shards, { lists, figures: figures({ dollars }) });
    await act({ ...work, limits }, standing, state);
    expect(asked.map(({ order }) => [order.shard, order.attempt])).toEqual(wanted);
    expect(kept.at(-1)?.stopping).toBe(stopping);
    const deleted = effects.filter((effect) => effect.do === "delete-machine");
    expect(deleted).toHaveLength(stopping === undefined ? 0 : 1);
  });
});
