// Sizes as people write and read them.
import { expect, test } from "@jest/globals";
import { bytesOf, inUnitOf, Size, sizeWord } from "../../shared/sizes.ts";

test("sizes carry their unit", () => {
  expect([bytesOf("50 GB"), bytesOf("50 GiB"), bytesOf("25kB"), bytesOf("1.5 TB")]).toEqual([
    50e9, 53_687_091_200, 25_000, 1.5e12,
  ]);
  expect([
    inUnitOf(53_687_091_200, "50 GiB"),
    inUnitOf(31.24e9, "25 GB"),
    sizeWord(999),
    sizeWord(4_650e9),
  ]).toEqual(["50 GiB", "31.2 GB", "999 B", "4.65 TB"]);
});
test.each(["50", "GB", "50 gb", "-1 GB", "50 XB", "5e9 GB", ""])("%p is no size", (text) => {
  expect(Size.safeParse(text).success).toBe(false);
});
