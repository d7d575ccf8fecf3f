// Flags and costs: within memory, within limits.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { budgetOf, overLimit } from "../../../functions/run-transfer/cost.ts";
import { flagsFor, memoryOf } from "../../../functions/run-transfer/plan.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";

const GB = 1e9;
const machine = { vcpus: 8, memoryGB: 32 };

/** Pseudo-random sizes, the same each time. */
function sizes(count: number, least: number, most: number): Float64Array {
  let state = 42;
  return new Float64Array(count).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(least + (most - least) * (state / 2 ** 32) ** 3);
  });
}

describe("flags", () => {
  test("many small objects: many at once; large ones: few, in many parts", () => {
    expect(flagsFor(sizes(1000, 1e6, 10e6), machine)).toMatchObject({ transfers: 128, uploadConcurrency: 4 });
    expect(flagsFor(sizes(100, 3 * GB, 5 * GB), machine)).toMatchObject({
      transfers: 8,
      uploadConcurrency: 16,
      chunkMiB: 64,
    });
  });

  test("never beyond 45 % of the memory, whatever the sizes; an object of 5 TiB fits into 32 GB", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 5.4e12, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(4, 8, 16, 32, 64),
        (all, memoryGB) => {
          const flags = flagsFor(Float64Array.from(all), { vcpus: 8, memoryGB });
          return flags === undefined || memoryOf(flags, Math.max(...all)) <= 0.45 * memoryGB * GB;
        },
      ),
    );
    expect(flagsFor(Float64Array.of(5.4e12), machine)).toBeDefined();
  });
});

test("costs count egress, and a plan beyond a limit says which", () => {
  const settings = { ...sampleTransfers(), gigabytesPerMachine: 2000, dollarsPerEgressGB: 0.12 };
  const budget = budgetOf({ objects: 1, bytes: 1000 * GB, largest: 1000 * GB }, settings, 1000 * GB);
  expect(budget.machines).toBe(1);
  expect(budget.dollars).toBeGreaterThan(120);
  expect(budget.dollars).toBeLessThan(121);
  const limits = { ...settings.limits, gigabytes: 2000, dollars: 500, hours: 12 };
  const hub = { dollarsPerDay: 1000, dollarsPerMonth: 5000 };
  expect(overLimit({ ...budget, bytes: 1000 * GB }, { limits }, hub)).toBeUndefined();
  for (const [change, when] of [
    [{ dollarsPerDay: 100 }, /all transfers of the hub may cost \$100 a day/],
    [{ dollarsPerMonth: 90 }, /all transfers of the hub may cost \$90 a month/],
  ] as const)
    expect(overLimit({ ...budget, bytes: 1000 * GB }, { limits }, { ...hub, ...change })).toMatch(when);
  expect(overLimit({ ...budget, bytes: 1000 * GB }, { limits: { ...limits, dollars: 100 } }, hub)).toMatch(
    /limit is \$100/,
  );
  expect(overLimit({ ...budget, bytes: 1000 * GB }, { limits: { ...limits, gigabytes: 900 } }, hub)).toMatch(
    /900 GB/,
  );
  expect(overLimit({ ...budget, bytes: 1000 * GB }, { limits: { ...limits, hours: 0.1 } }, hub)).toMatch(
    /hours/,
  );
});
