// Tests that fail any call of the worker, or make it the last: the same end, no machine twice and none left. All calls are struck in
// crash.long.ts, some here.
import { expect, test } from "@jest/globals";
import { asItShouldBe, play, preempted } from "./story.ts";

test("a transfer with three machines taken away, struck at some of its calls, before and after", async () => {
  const story = await play(undefined, preempted);
  asItShouldBe(story);
  expect(story.calls).toBeGreaterThan(60);
  for (let at = 5; at < story.calls; at += 23)
    for (const when of ["before", "after"] as const) asItShouldBe(await play({ at, when }, preempted));
});

test("zones full for ten minutes, struck at one of the calls: one machine a shard", async () => {
  const { calls } = await play(undefined, new Set(), { fullMinutes: 10 });
  const at = Math.floor(calls / 2);
  for (const when of ["before", "after"] as const) {
    const { state, made, machinesLeft } = await play({ at, when }, new Set(), { fullMinutes: 10 });
    expect({ at, state, made: made.length, machinesLeft }).toEqual({
      at,
      state: "done",
      made: 3,
      machinesLeft: [],
    });
  }
});

test("what the receipt says is the end, whoever cancels before it is over", async () => {
  const { calls } = await play(undefined);
  const ends: unknown[] = [];
  for (const at of [calls - 16, calls - 14]) {
    const { state, receiptState, machinesLeft } = await play({ at, when: "after", cancels: true });
    expect({ at, state, machinesLeft }).toEqual({ at, state: receiptState, machinesLeft: [] });
    ends.push(state);
  }
  // Before the receipt it is cancelled, after it no more.
  expect(new Set(ends)).toEqual(new Set(["cancelled", "done"]));
});
