// scan-quotas is failed by each far end at each call, once, and delivered again (by Cloud Storage in the *.long.ts beside
// this); and figures that cannot be had at all.
import { describe, expect, test } from "@jest/globals";
import { failAtEachCall, quotaHarness } from "./quota-harness.ts";

const fresh = quotaHarness();

describe("scan-quotas", () => {
  test.each(["prometheus", "secrets"] as const)("ends the same when %s fails at any call", (farEnd) =>
    failAtEachCall(fresh, farEnd),
  );
});

describe("figures that cannot be had", () => {
  test("are said to the team once, with what to do, and nobody's status changes", async () => {
    const one = await fresh();
    await one.deliver("1");
    const before = await one.end();
    one.far.faults.add({ farEnd: "prometheus", times: 2, failure: { kind: "status", status: 401 } });
    one.clock.moveBy(3_600_000);
    expect([await one.deliver("2"), await one.deliver("3")]).toEqual(["blocked", "blocked"]);
    const told = await one.end();
    expect(told.mails).toHaveLength(before.mails.length + 1);
    expect({ ...told, mails: [] }).toEqual({ ...before, mails: [] });
    // Once they can be had again, a second failure is news.
    expect(await one.deliver("4")).toBe("done");
    one.clock.moveBy(3_600_000);
    one.far.faults.add({ farEnd: "prometheus", failure: { kind: "status", status: 401 } });
    expect(await one.deliver("5")).toBe("blocked");
    expect((await one.end()).mails).toHaveLength(before.mails.length + 2);
  });

  test("a report that is too old, or damaged, changes nothing", async () => {
    const one = await fresh();
    const old = await one.report(-60 * 40);
    expect(await one.deliver("1", { event: { why: "report", report: old } })).toBe("blocked");
    await one.ledger.create("reports/sample/2999-damaged.json", { v: 1, directories: "all" });
    expect(await one.deliver("2", { event: { why: "report" } })).toMatch(/cannot be read/);
    expect((await one.end()).statuses).toEqual({});
  });
});
