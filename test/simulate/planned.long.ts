// Five hundred worlds of each flow, beyond the eight that every run of the tests plays: a plan is what is then done.
import { expect, test } from "@jest/globals";
import { played } from "./played.ts";

test.each(["sync-members"])("of %s: a plan is what is then done in five hundred worlds", async (flow) => {
  const { code, out } = await played("--planned", "--flow", flow, "--from", "9", "--seeds", "500");
  expect([code, out]).toEqual([0, expect.stringContaining(`${flow}: 500 seeds from 9, 0 failed`)]);
});
