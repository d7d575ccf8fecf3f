// Five hundred worlds of each flow, where every change plays eight: a plan is what is then done.
import { expect, test } from "@jest/globals";
import { played } from "./played.ts";

test.each(["sync-members", "scan-quotas", "bump-image", "run-transfer"])(
  "of %s: a plan is what is then done in five hundred worlds",
  async (flow) => {
    const { code, out } = await played("--planned", "--flow", flow, "--from", "9", "--seeds", "500");
    expect([code, out]).toEqual([0, expect.stringContaining(`${flow}: 500 seeds from 9, 0 failed`)]);
  },
);
