// Each call of a transfer to Compute and for its secrets fails once, in one of four ways: the bytes are there
// in the end, one message says so, and no machine is left.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hasRclone, type Strikes, strikes } from "./transfer-strikes.ts";

const has = await hasRclone("test/flows/transfer-faults.long.ts");
const withRclone = has ? test : test.skip;
let stand: Strikes;
beforeAll(async () => {
  if (has) stand = await strikes();
}, 60_000);
afterAll(() => (has ? stand.close() : undefined), 60_000);

withRclone.each(["compute", "secrets"] as const)(
  "ends the same whichever call to %s fails once",
  async (farEnd) => {
    expect(await stand.each(farEnd)).toEqual([]);
    expect(stand.violations()).toEqual([]);
  },
  1_500_000,
);
