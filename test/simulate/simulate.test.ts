// Words of the command, and that the same number is the same chance. Every change plays seeds by the command itself.
import { describe, expect, test } from "@jest/globals";
import { played } from "./played.ts";
import { randomOf } from "./random.ts";

describe("the simulation", () => {
  test.each([
    [["--flow", "sync-member"], "'sync-member' is invalid. Allowed choices are sync-members, scan-quotas"],
    [["--seeds", "0"], "'0' is invalid. It is a whole number from 1."],
    [["--sed", "3"], "unknown option '--sed'"],
  ])("says what is wrong with %j, and how it is used", async (given, words) => {
    const { code, out } = await played(...given);
    expect([code, out]).toEqual([2, expect.stringContaining(words)]);
    expect(out).toContain("Usage: npm run simulate --");
  });
});

describe("chance", () => {
  test("is the same for the same seed, and another for another", () => {
    const drawn = (seed: number) => Array.from({ length: 5 }, randomOf(seed).next);
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });

  test("draws whole numbers within their bounds, and shuffles without losing any", () => {
    const random = randomOf(1);
    const numbers = Array.from({ length: 500 }, () => random.between(3, 5));
    expect([...new Set(numbers)].sort()).toEqual([3, 4, 5]);
    expect(random.shuffled([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
    expect([random.chance(0), random.chance(1), random.oneOf([])]).toEqual([false, true, undefined]);
  });
});
