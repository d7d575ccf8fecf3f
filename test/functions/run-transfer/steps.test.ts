// The next step of a transfer, by table.
import { describe, expect, test } from "@jest/globals";
import {
  afterList,
  afterMachine,
  type Facts,
  nextSteps,
  type ShardMachine,
  type Word,
} from "../../../functions/run-transfer/steps.ts";
import type { Shard, TransferState, WorkList } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { list, shard, transfer } from "./samples.ts";

const settings = sampleTransfers();
const now = new Date("2026-11-21T10:00:00Z");

const machine = (change: Partial<ShardMachine> = {}): ShardMachine => ({
  id: "1",
  shard: 0,
  attempt: 1,
  name: "transfer-sample-t1-0",
  zone: "us-central1-a",
  status: "RUNNING",
  ...change,
});

const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
/** A shard whose machine was made ten minutes ago. */
const running = (change: Partial<Shard> = {}): Shard =>
  shard({ state: "running", since: ago(610), made: ago(600), ...change });

type Given = Partial<Facts> & {
  shards?: Shard[];
  lists?: WorkList[];
  machineWords?: Word[];
  listWords?: Word[];
};
const facts = ({ machineWords = [], listWords = [], ...of }: Given): Facts => ({
  transfer: transfer(of.shards ?? [shard()], of.lists === undefined ? {} : { lists: of.lists }),
  machines: [],
  words: { machines: machineWords, lists: listWords },
  cancelled: false,
  dollars: 0,
  now,
  ...of,
});
/** Word on the first attempt of what is numbered 0. */
const word = (state: Word["state"]): Word[] => [{ n: 0, attempt: 1, state }];
const next = (of: Parameters<typeof facts>[0]) => nextSteps(facts(of), settings).map((step) => step.do);

const over = [list({ state: "done" }), list({ n: 1, state: "failed" })];

describe("the next step", () => {
  test.each<[string, Parameters<typeof facts>[0], string[]]>([
    ["a shard waits: a machine", {}, ["launch"]],
    ["its machine before is still there: wait", { machines: [machine({ status: "STOPPING" })] }, ["pause"]],
    [
      "asked for and there: adopted",
      { shards: [shard({ state: "starting" })], machines: [machine()] },
      ["adopt"],
    ],
    ["asked for and not there: asked for again", { shards: [shard({ state: "starting" })] }, ["launch"]],
    ["copying: wait", { shards: [shard({ state: "running" })], machines: [machine()] }, ["wait"]],
    ["not seen for the first time: noted", { shards: [running()] }, ["miss"]],
    ["not seen, and noted just now: wait", { shards: [running({ missed: ago(59) })] }, ["wait"]],
    [
      "not seen by two looks a minute apart: it has gone",
      { shards: [running({ missed: ago(60) })] },
      ["release"],
    ],
    [
      "made less than two minutes ago: never gone because no listing has it",
      { shards: [running({ missed: ago(70), made: ago(110) })] },
      ["wait"],
    ],
    ["seen again", { shards: [running({ missed: ago(600) })], machines: [machine()] }, ["see"]],
    [
      "only the one before is listed, which has its name: not seen",
      { shards: [running({ attempt: 2 })], machines: [machine({ status: "STOPPING" })] },
      ["miss"],
    ],
    [
      "of two that are listed the one of this attempt counts",
      {
        shards: [shard({ state: "starting", attempt: 2 })],
        machines: [machine({ status: "STOPPING" }), machine({ attempt: 2, zone: "us-central1-b" })],
      },
      ["adopt"],
    ],
    [
      "not seen, and it said itself that it is taken away: it has gone",
      { shards: [running()], machineWords: word("preempted") },
      ["release"],
    ],
    [
      "it takes no list any more, and is still there: it has gone",
      { shards: [shard({ state: "running" })], machines: [machine()], machineWords: word("done") },
      ["release"],
    ],
    [
      "a report of the attempt before says nothing",
      {
        shards: [shard({ state: "running", attempt: 2 })],
        machines: [machine({ attempt: 2 })],
        machineWords: word("done"),
      },
      ["wait"],
    ],
    [
      "a list has ended while its machine goes on: counted",
      { shards: [running()], machines: [machine()], listWords: word("done") },
      ["recount"],
    ],
    [
      "a list that was counted is not counted again",
      {
        shards: [running()],
        machines: [machine()],
        lists: [list({ state: "done" })],
        listWords: word("done"),
      },
      ["wait"],
    ],
    [
      "what was left of a list has been listed anew: the word before says nothing",
      { shards: [running()], machines: [machine()], lists: [list({ attempt: 2 })], listWords: word("done") },
      ["wait"],
    ],
    [
      "its machine found nothing to take, and a list is open that no other has: another machine",
      { shards: [shard({ state: "done" })] },
      ["launch"],
    ],
    [
      "lists are open, and as many machines are there to take them: none is made",
      {
        shards: [shard({ state: "done" }), running({ n: 1 })],
        machines: [machine({ shard: 1 })],
        lists: [list(), list({ n: 1, state: "done" })],
      },
      ["wait"],
    ],
    [
      "a machine of the attempt before: away with it",
      { shards: [shard({ state: "waiting", attempt: 2 })], machines: [machine()] },
      ["delete"],
    ],
    [
      "stopped: away with it",
      { shards: [shard({ state: "running" })], machines: [machine({ status: "TERMINATED" })] },
      ["delete"],
    ],
    ["all done and gone: verify", { shards: [shard({ state: "done" })], lists: over }, ["complete"]],
    [
      "all done, one still there: wait",
      { shards: [shard({ state: "done" })], lists: over, machines: [machine({ status: "STOPPING" })] },
      ["pause"],
    ],
    ["no machine is to be had any more: verify", { shards: [shard({ state: "failed" })] }, ["complete"]],
    ["nothing to copy: verify", { shards: [] }, ["complete"]],
    ["cancelled: it is being stopped", { cancelled: true, machines: [machine()] }, ["stop"]],
    [
      "too dear by a fifth: it is being stopped",
      { dollars: 6, shards: [shard({ state: "running" })], machines: [machine()] },
      ["stop"],
    ],
    [
      "at the limit: no machine more",
      { dollars: 5, shards: [shard(), shard({ n: 1, state: "running" })], machines: [machine({ shard: 1 })] },
      ["wait"],
    ],
    ["at the limit and nothing runs: it is being stopped", { dollars: 5 }, ["stop"]],
    ["not before a time", { shards: [shard({ notBefore: "2026-11-21T10:05:00.000Z" })] }, ["wait"]],
  ])("%s", (_, of, steps) => {
    // A machine on its way out is not deleted twice.
    expect(next(of)).toEqual(steps);
  });

  test("while it is being stopped every machine goes, and then it ends", () => {
    const stopped = transfer([shard({ state: "running" })], { stopping: "a person cancelled it" });
    expect(next({ transfer: stopped, cancelled: true, machines: [machine()] })).toEqual(["delete", "wait"]);
    const end = (change: Partial<Shard>) => {
      const shards = [shard(change)];
      return nextSteps(facts({ transfer: { ...stopped, shards }, cancelled: true }), settings);
    };
    expect(end({ state: "waiting" })).toEqual([{ do: "complete", as: "cancelled" }]);
    // One that was asked for may be there, whatever a listing says.
    const later = { do: "wait", until: new Date("2026-11-21T10:01:00Z") };
    expect(end({ state: "starting", since: ago(1) })).toEqual([{ do: "miss", shard: 0 }, later]);
    expect(end({ state: "running", made: ago(110), missed: ago(100) })).toEqual([later]);
    expect(end({ state: "running", made: ago(120), missed: ago(60) })).toEqual([
      { do: "complete", as: "cancelled" },
    ]);
  });

  test("the next look comes when something is due", () => {
    const until = (one: Shard) => nextSteps(facts({ shards: [one] }), { ...settings, lookSeconds: 300 });
    expect(until(running({ missed: ago(10) }))).toEqual([
      { do: "wait", until: new Date("2026-11-21T10:00:50Z") },
    ]);
    expect(until(shard({ notBefore: ago(-200) }))).toEqual([
      { do: "wait", until: new Date("2026-11-21T10:03:20Z") },
    ]);
  });

  test("never more machines than the limit", () => {
    const shards = [0, 1, 2, 3, 4].map((n) => shard({ n }));
    expect(next({ shards })).toEqual(["launch", "launch", "launch"]);
    expect(next({ shards, lists: [list()] })).toEqual(["launch"]);
  });
});

test("no machine is asked for beyond its own limit, nor for a shard that the hub's budgets deny", () => {
  const shards = [0, 1, 2, 3].map((n) => shard({ n }));
  const launched = (denied: number[]): number[] =>
    nextSteps(facts({ shards, denied: new Set(denied) }), settings).flatMap((step) =>
      step.do === "launch" ? [step.shard] : [],
    );
  expect([launched([]), launched([0, 2]), launched([0, 1, 2, 3])]).toEqual([[0, 1, 2], [1, 3], []]);
});

test("the time in which it waited for its hub is none of its hours", () => {
  const later = new Date("2026-11-22T10:00:00Z");
  const stops = (change: Partial<TransferState>): boolean =>
    nextSteps(facts({ transfer: transfer([shard()], change), now: later }), settings)[0]?.do === "stop";
  const waits = { for: "a machine", since: "2026-11-21T10:00:00.000Z", until: later.toISOString() };
  expect([stops({}), stops({ waits }), stops({ waitedSeconds: 86_000 })]).toEqual([true, false, false]);
});

test("no machine is made from the very moment at which its hours are used up", () => {
  const begun = transfer([shard()]);
  const end = Date.parse(begun.startedAt) + settings.limits.hours * 3_600_000;
  const launches = (now: number): boolean =>
    nextSteps(facts({ transfer: begun, now: new Date(now) }), settings).some((step) => step.do === "launch");
  expect([launches(end - 1), launches(end)]).toEqual([true, false]);
});

test("a transfer that an earlier version began has no lists, and is stopped", () => {
  const { lists: _, ...old } = transfer([running()]);
  expect(nextSteps(facts({ transfer: old, machines: [machine()] }), settings)).toEqual([
    { do: "stop", because: "it was begun by an earlier version: ask again with another id" },
  ]);
});

test("a shard is given up at once where another machine would fail as well", () => {
  expect(afterMachine(shard(), "hopeless", settings)).toMatchObject({ state: "failed", errors: 1 });
  expect(afterMachine(shard(), "error", settings)).toMatchObject({ state: "waiting", attempt: 2 });
  expect(afterMachine(running(), "done", settings)).toEqual(shard({ state: "done" }));
  const taken = shard({ preemptions: settings.limits.preemptions });
  expect(afterMachine(taken, "preempted", settings)).toMatchObject({ state: "failed", attempt: 1 });
});

describe("a list of which a machine has left something", () => {
  const left = { objects: 2, bytes: 20 };
  const files = { target: { file: "t", lines: 2 } };
  const standing = (was: Parameters<typeof afterList>[1], of = list(), what = left) =>
    afterList(of, was, { left: what, files }, settings);
  test("is listed anew, without the files of before", () => {
    const { copy: _, ...rest } = list();
    expect(standing("done")).toEqual({ ...rest, ...files, left, attempt: 2, errors: 1 });
    expect(standing("error")).toEqual(standing("done"));
  });
  test("is done where nothing is left, whatever its machine said", () => {
    const none = { objects: 0, bytes: 0 };
    expect(standing("hopeless", list(), none)).toMatchObject({ state: "done", left: none, errors: 0 });
  });
  test("is given up where another machine would fail as well, and after too many errors", () => {
    expect(standing("hopeless")).toMatchObject({ state: "failed", attempt: 1, left });
    expect(standing("error", list({ errors: settings.limits.errors }))).toMatchObject({ state: "failed" });
  });
});
