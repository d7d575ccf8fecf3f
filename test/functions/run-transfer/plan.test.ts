// Flags: within memory, within limits.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { flagsFor, memoryOf } from "../../../functions/run-transfer/plan.ts";

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
