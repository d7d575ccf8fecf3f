// scan-quotas dies at some of its writes, at all of them in quota-faults.long.ts, and is delivered again; delivered twice, late
// and out of order, from both sources. What must stand in the end is written by hand.
import { describe, expect, test } from "@jest/globals";
import { killAtWrites } from "./harness.ts";
import { quotaHarness, theEnd } from "./quota-harness.ts";

const fresh = quotaHarness();

describe("scan-quotas", () => {
  test("tells each person once, whether delivered once, twice, late or out of order, by either source", async () => {
    const one = await fresh();
    const late = await one.report(-60);
    expect(await one.deliver("1")).toBe("done");
    expect(await one.end()).toEqual(theEnd);
    const newer = await one.report(1);
    for (const [message, event] of [
      ["1", { why: "schedule" }],
      ["2", { why: "report", report: newer }],
      ["3", { why: "report", report: late }],
      ["2", { why: "report", report: newer }],
      ["4", { why: "person" }],
    ] as const)
      expect(await one.deliver(message, { event })).toBe("done");
    expect(await one.end()).toEqual(theEnd);
    expect(one.far.violations()).toEqual([]);
  });

  test("a report alone does the same", async () => {
    const one = await fresh();
    const report = await one.report(0);
    expect(await one.deliver("1", { event: { why: "report", report } })).toBe("done");
    expect(await one.end()).toEqual(theEnd);
    expect((await one.ledger.list("history/quota/sample/")).length).toBe(1);
  });

  test("of many deliveries at once one works and the others leave it to that one", async () => {
    const one = await fresh();
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => one.deliver(String(index))));
    expect(outcomes).toContain("done");
    expect(await one.end()).toEqual(theEnd);
  });

  test("ends the same when killed at a sixth of its writes, and is delivered again", () =>
    killAtWrites(fresh, theEnd, { every: 6 }));
});
