// Every call of the worker struck once, before it does anything and after it has.
import { test } from "@jest/globals";
import { asItShouldBe, play, preempted } from "./harness.ts";

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
