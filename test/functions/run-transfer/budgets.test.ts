// The budgets of a hub as its transfers meet them: machines at a time, dollars a day and a month, over all of them together.
import { afterEach, expect, test } from "@jest/globals";
import { patienceMs } from "../../patience.ts";
import { manyTransfers, transfers } from "./many.ts";

let on: Awaited<ReturnType<typeof manyTransfers>>;
afterEach(() => on.close());

test(
  "five transfers that are asked for at once never have more machines than the hub may, and all end",
  async () => {
    on = await manyTransfers({ machines: 2 }, 5);
    const five = transfers(5);
    const { first, ends, most } = await on.playAll(five);
    expect(first.machines).toBe(2);
    expect(first.waits).toHaveLength(3);
    expect(first.waits[0]).toEqual({
      for: "a machine: the hub's transfers have all of its 2",
      next: "nothing: it goes on by itself when there is some again. To let it go on before, raise the limits of the hub sample in groundcrew.yaml and deploy, or cancel another transfer",
      since: "2026-11-21T10:00:00.000Z",
      until: "2026-11-21T10:00:05.000Z",
    });
    expect({ most, ends }).toEqual({ most: 2, ends: five.map(() => "done") });
    expect(await on.jsonOf("head/budgets/sample.json")).toMatchObject({ machines: {} });
    expect(on.far.violations).toEqual([]);
  },
  3 * patienceMs,
);

/** Of one transfer as it is planned, with one machine. */
const cost = 0.0054;

test(
  "dollars of a day: what is beyond them waits until midnight, is told once, and goes on",
  async () => {
    on = await manyTransfers({ machines: 3, dollarsPerDay: 1.5 * cost, dollarsPerMonth: 1 }, 5);
    for (const id of ["a", "b"]) await on.deliver(on.request(id));
    expect(on.far.machines().map(({ labels }) => labels["transfer"])).toEqual(["a"]);
    expect((await on.state("b"))?.waits?.until).toBe("2026-11-22T00:00:00.000Z");
    await on.look("b");
    expect(on.notices).toEqual(["transfer/a/begun", "budgets/dollars-of-day/2026-11-21"]);
    on.moveTo("2026-11-22T00:00:00Z");
    await on.look("b");
    expect(await on.state("b")).toMatchObject({ state: "running", waitedSeconds: 14 * 3600 });
    expect((await on.state("b"))?.waits).toBeUndefined();
    expect(on.far.machines()).toHaveLength(2);
  },
  3 * patienceMs,
);

test(
  "dollars of a month: what is beyond them waits until the next one",
  async () => {
    on = await manyTransfers({ machines: 3, dollarsPerDay: 1, dollarsPerMonth: 1.5 * cost }, 5);
    for (const id of ["a", "b"]) await on.deliver(on.request(id));
    expect((await on.state("b"))?.waits?.until).toBe("2026-12-01T00:00:00.000Z");
  },
  3 * patienceMs,
);

test(
  "a transfer whose machine cost more than a day may goes on with another one on the next day",
  async () => {
    on = await manyTransfers({ machines: 3, dollarsPerDay: 1.5 * cost, dollarsPerMonth: 1 }, 5);
    await on.deliver(on.request("a"));
    on.moveBy(3_600_000);
    for (const { name } of on.far.machines()) on.far.preempt(name);
    // The first look misses it, and a later one takes it for gone.
    for (let looks = 0; looks < 3; looks += 1) {
      on.moveBy(5 * 60_000);
      await on.look("a");
    }
    expect((await on.state("a"))?.waits?.until).toBe("2026-11-22T00:00:00.000Z");
    on.moveTo("2026-11-22T00:00:00Z");
    await on.look("a");
    expect((await on.state("a"))?.waits).toBeUndefined();
    expect(on.far.machines()).toHaveLength(1);
  },
  3 * patienceMs,
);

test(
  "what a transfer did not need is given back when it ends",
  async () => {
    on = await manyTransfers({ machines: 3, dollarsPerDay: 1.2 * cost, dollarsPerMonth: 1 }, 5);
    await on.deliver(on.request("a"));
    on.moveBy(5000);
    await on.copy();
    await on.look("a");
    expect((await on.state("a"))?.state).toBe("done");
    // Five seconds of a machine, where three minutes and more were taken.
    await on.deliver(on.request("b"));
    expect((await on.state("b"))?.waits).toBeUndefined();
    expect(on.far.machines()).toHaveLength(1);
  },
  3 * patienceMs,
);

test(
  "a damaged record is begun anew: the day counts as used up, and nobody's machine is forgotten",
  async () => {
    on = await manyTransfers({ machines: 2, dollarsPerMonth: 1000 }, 5);
    await on.deliver(on.request("a"));
    await on.plant("head/budgets/sample.json", "{ damaged");
    await on.deliver(on.request("b"));
    expect((await on.state("b"))?.waits?.until).toBe("2026-11-22T00:00:00.000Z");
    on.moveTo("2026-11-22T00:00:00Z");
    await Promise.all(["b", "c"].map((id) => on.deliver(on.request(id))));
    expect(on.far.machines()).toHaveLength(2);
  },
  3 * patienceMs,
);
