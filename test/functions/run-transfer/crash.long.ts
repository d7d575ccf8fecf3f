// Every call of the worker struck once, before it does anything and after it has.
import { expect, test } from "@jest/globals";
import { asItShouldBe, play, preempted } from "./story.ts";

test("a transfer with three machines taken away, struck at each of its calls", async () => {
  const { calls } = await play(undefined, preempted);
  const wrong: string[] = [];
  for (let at = 1; at <= calls; at += 1)
    for (const when of ["before", "after"] as const)
      try {
        asItShouldBe(await play({ at, when }, preempted));
      } catch (error) {
        wrong.push(`${when} call ${at} of ${calls}: ${error instanceof Error ? error.message : ""}`);
      }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
});

test("zones full for 20 minutes, struck at some of the calls: one machine a shard", async () => {
  const full = { fullMinutes: 20 };
  const { calls } = await play(undefined, new Set(), full);
  for (let at = 30; at < calls; at += 63)
    for (const when of ["before", "after"] as const) {
      const { state, made, machinesLeft } = await play({ at, when }, new Set(), full);
      const end = { state, made: made.length, machinesLeft };
      expect({ at, ...end }).toEqual({ at, state: "done", made: 3, machinesLeft: [] });
    }
});
