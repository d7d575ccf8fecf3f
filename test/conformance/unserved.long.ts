// All operations that vendors publish and no far end serves: each is refused with 501 and a note.
import { expect, test } from "@jest/globals";
import { published, unservedOf } from "./published.ts";

test.each(await published("test/conformance/unserved.long.ts"))("$name", async (vendor) => {
  expect(vendor.unserved.length).toBeGreaterThan(10);
  expect(await unservedOf(vendor, vendor.unserved.length)).toEqual([]);
});
