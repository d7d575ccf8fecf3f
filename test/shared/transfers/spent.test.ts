// Dollars of a transfer so far, with what is in flight, in numbers that were worked out by hand.
import { describe, expect, test } from "@jest/globals";
import {
  type InFlight,
  inFlightOf,
  sentAfter,
  sentBefore,
  spentOn,
} from "../../../shared/transfers/spent.ts";
import { figures, list, shard, transfer } from "../../functions/run-transfer/samples.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";

const now = new Date("2026-11-21T11:00:00.000Z");
const since = "2026-11-21T10:30:00.000Z";
const machine = { ...sampleTransfers().machine, dollarsPerHour: 2 };
const nothing: InFlight = new Map();
const dollars = { egress: 40, retrieval: 8, operations: 2, machines: 100 };
const planned = { figures: figures({ dollars }) };
const spent = (of: ReturnType<typeof transfer>, inFlight = nothing) =>
  spentOn(of, { machine, inFlight, now });

describe("spent", () => {
  test("nothing, when nothing has begun", () => {
    expect(spent(transfer([shard()], planned))).toEqual({
      ...{ egress: 0, retrieval: 0, operations: 0, machines: 0 },
    });
  });

  test("machines by the second, those that run and those that are about to go with them", () => {
    const shards = [shard({ state: "running", since }), shard({ n: 1 })];
    const of = transfer(shards, { ...planned, machineSeconds: 3600, ending: { "1-1": since } });
    expect(spent(of).machines).toBe(4);
  });

  /** A transfer of these lists. */
  const of = (...lists: Parameters<typeof list>[0][]) =>
    transfer([shard()], { ...planned, lists: lists.map((one, n) => list({ n, ...one })) });

  test("a standard machine at its own price, while it runs and when it is over", () => {
    const shards = [shard({ state: "running", since, standard: true })];
    const of = transfer(shards, { ...planned, machineSeconds: 3600, dearer: 7 });
    const approved = { ...machine, standard: { dollarsPerHour: 5 } };
    expect(spentOn(of, { machine: approved, inFlight: nothing, now }).machines).toBeCloseTo(2 + 7 + 2.5, 9);
  });

  test("of the plan as much as was sent, of lists that were counted and of those in hand", () => {
    const some = of(
      { objects: 10, bytes: 600, sent: { objects: 5, bytes: 300 } },
      { objects: 10, bytes: 400 },
    );
    expect(spent(some, new Map([[1, { objects: 1, bytes: 100 }]]))).toMatchObject({
      ...{ egress: 16, retrieval: 3.2, operations: 0.6 },
    });
  });

  test("more than the plan, where something was sent in vain", () => {
    const more = of({ objects: 10, bytes: 100, sent: { objects: 15, bytes: 150 } });
    expect(spent(more)).toMatchObject({ egress: 60, retrieval: 12, operations: 3 });
  });

  test("what is only read back is none of the bytes that leave", () => {
    const one = of({ objects: 2, bytes: 1000, copyBytes: 100, sent: { objects: 1, bytes: 50 } });
    expect(spent(one).egress).toBe(20);
  });

  test("by objects, where there are none but empty ones", () => {
    expect(spent(of({ objects: 4, bytes: 0, sent: { objects: 1, bytes: 0 } })).egress).toBe(10);
  });

  test("of a plan of before, whose dollars have no kinds, all as what moves", () => {
    const lists = [list({ bytes: 100, sent: { objects: 5, bytes: 50 } })];
    const before = transfer([shard()], { dollars: 8, lists });
    expect(spent(before)).toMatchObject({ egress: 4, retrieval: 0, operations: 0 });
  });
});

describe("in flight", () => {
  const left = { objects: 5, bytes: 50 };
  const said = (shard: number | undefined, name: string, bytes: number) => ({
    ...{ shard, list: name, objects: bytes / 10, bytes },
  });
  test.each([
    ["nothing, where nobody has said anything", [], []],
    ["what a machine says of the list in hand", [said(0, "0-2", 20)], [[0, { objects: 2, bytes: 20 }]]],
    ["no more than is left of it", [said(0, "0-2", 90)], [[0, left]]],
    ["nothing of an attempt that was counted", [said(0, "0-1", 20)], []],
    ["nothing of a list that is over", [said(0, "1-1", 20)], []],
    [
      "of two machines together, of which one has lost it",
      [said(0, "0-2", 20), said(1, "0-2", 40)],
      [[0, { objects: 6, bytes: 60 }]],
    ],
    [
      "what was said at its end, which is the word of one of them",
      [said(0, "0-2", 20), said(undefined, "0-2", 30)],
      [[0, { objects: 3, bytes: 30 }]],
    ],
  ])("%s", (_, words, is) => {
    const lists = [list({ attempt: 2, left }), list({ n: 1, state: "done" })];
    expect([...inFlightOf({ lists }, words)]).toEqual(is);
  });

  test("what is only read back stays where it is", () => {
    const lists = [list({ attempt: 2, left: { ...left, copyBytes: 30 } })];
    expect([...inFlightOf({ lists }, [said(0, "0-2", 40)])]).toEqual([[0, { objects: 4, bytes: 30 }]]);
  });

  test("a machine that is gone has sent it, and of other lists nothing", () => {
    const before = list({ attempt: 2, left, sent: { objects: 5, bytes: 50 } });
    expect(sentBefore(before, said(0, "0-2", 70)).sent).toEqual({ objects: 10, bytes: 100 });
    for (const word of [said(0, "0-1", 20), said(0, "1-2", 20), undefined])
      expect(sentBefore(before, word)).toBe(before);
  });
});

describe("sent, when a list has ended with an attempt", () => {
  const before = list({ objects: 10, bytes: 100, left: { objects: 8, bytes: 80 } });
  const left = { objects: 5, bytes: 50 };

  test.each([
    [
      "what was said, with what was in vain",
      { sent: { objects: 3, bytes: 40 } },
      { objects: 4, bytes: 70 },
      { objects: 7, bytes: 110 },
    ],
    ["what has arrived, where less was said", {}, { objects: 1, bytes: 10 }, left],
    ["what has arrived, where nothing was said", {}, undefined, left],
    [
      "without what was only read back",
      { left: { objects: 8, bytes: 80, copyBytes: 20 }, copyBytes: 60 },
      undefined,
      { objects: 5, bytes: 10 },
    ],
  ])("%s", (_, more, said, sent) => {
    expect(sentAfter({ ...before, ...more }, left, said)).toEqual(sent);
  });
});
