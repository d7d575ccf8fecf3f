// Some calls of a transfer to Cloud Storage and to the metadata servers, its ledger and its tokens, fail once, in four ways: the bytes are there
// in the end, one message says so, and no machine is left.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hasRclone, type Strikes, spread, strikes, theEnd } from "./transfer-strikes.ts";

const has = await hasRclone("test/flows/transfer-faults-ledger.long.ts");
const withRclone = has ? test : test.skip;
let stand: Strikes;
beforeAll(async () => {
  if (has) stand = await strikes();
}, 60_000);
afterAll(() => (has ? stand.close() : undefined), 60_000);

withRclone.each(["storage", "metadata"] as const)(
  "ends the same whichever call to %s fails once",
  async (farEnd) => {
    // The first one also fetches what the functions then keep.
    await stand.play();
    const { end, calls } = await stand.play();
    expect(end).toEqual(theEnd);
    const count = calls.get(farEnd) ?? 0;
    expect(count).toBeGreaterThan(0);
    expect(await stand.all(farEnd, spread(count, Math.ceil(count / 5)))).toEqual([]);
    expect(stand.violations()).toEqual([]);
  },
  900_000,
);
