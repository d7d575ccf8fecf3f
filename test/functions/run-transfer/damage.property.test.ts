// Damage to a transfer's objects, in a few worlds; damage.property.long.ts plays a thousand.
import { expect, test } from "@jest/globals";
import { damageIsFound } from "./damage.ts";

test("whatever is damaged, whenever it is, is named by the receipt, and nothing else", async () => {
  expect(await damageIsFound(15)).toBeGreaterThan(30);
});
