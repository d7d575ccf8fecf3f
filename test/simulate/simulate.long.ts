// Five hundred seeds of each flow, where every change plays ten; and that a seed always goes the same way.
import { describe, expect, test } from "@jest/globals";
import { played } from "./played.ts";

describe("the simulation", () => {
  test.each(["sync-members", "scan-quotas", "bump-image", "run-transfer"])(
    "of %s: what must hold holds for five hundred seeds",
    async (flow) => {
      const { code, out } = await played("--flow", flow, "--from", "9", "--seeds", "500");
      expect([code, out]).toEqual([0, expect.stringContaining(`${flow}: 500 seeds from 9, 0 failed`)]);
    },
  );

  test("goes the same way with the same seed", async () => {
    const { code, out } = await played("--twice", "--from", "3000", "--seeds", "1");
    expect([code, out]).toEqual([0, expect.stringContaining("run-transfer: 1 seeds from 3000, 0 failed")]);
  });
});
