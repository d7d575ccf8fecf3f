// A plan's actions are those that a run on the same world then does: eight worlds of each flow that says what it foretells.
import { expect, test } from "@jest/globals";
import { played } from "./played.ts";

test.each(["sync-members", "scan-quotas", "bump-image", "run-transfer"])(
  "of %s: a plan is what is then done",
  async (flow) => {
    const { code, out } = await played("--planned", "--flow", flow, "--seeds", "8");
    expect([code, out]).toEqual([0, expect.stringContaining(`${flow}: 8 seeds from 1, 0 failed`)]);
  },
);
