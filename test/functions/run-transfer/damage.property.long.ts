// A thousand damages to objects of transfers.
import { expect, test } from "@jest/globals";
import { damageIsFound } from "./damage.ts";

test("a thousand damages, a thousand found", async () => {
  expect(await damageIsFound(300)).toBeGreaterThan(1000);
});
