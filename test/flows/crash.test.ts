// sync-members dies at some of its writes, at all of them in crash.long.ts, and is delivered again; delivered twice, late and
// out of order.
import { describe, expect, test } from "@jest/globals";
import { crashHarness, theEnd } from "./crash-harness.ts";
import { killAtWrites } from "./harness.ts";

const fresh = crashHarness();

describe("sync-members", () => {
  test("ends the same whether delivered once, twice, late or out of order", async () => {
    const opened = await fresh();
    expect(await opened.deliver("1")).toBe("done");
    expect(await opened.end()).toEqual(theEnd);
    for (const [message, why] of [
      ["1", "edit"],
      ["3", "schedule"],
      ["2", "edit"],
      ["1", "schedule"],
    ] as const)
      expect(["done", "idle"]).toContain(await opened.deliver(message, { why }));
    expect(await opened.end()).toEqual(theEnd);
    expect(opened.far.violations()).toEqual([]);
  });

  test("of many deliveries at once one works and the others leave it to that one", async () => {
    const opened = await fresh();
    const { deliver, end } = opened;
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, index) => deliver(String(index))));
    expect(outcomes).toContain("done");
    expect(await end()).toEqual(theEnd);
  });

  test("ends the same when killed at a sixth of its writes, and is delivered again", () =>
    killAtWrites(fresh, theEnd, { every: 6 }));
});
