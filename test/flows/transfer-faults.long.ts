// Each call of a transfer to each far end, rclone's among them, fails once, in one of four ways: the bytes are there in the end,
// one message says so, and no machine is left.
import { expect } from "@jest/globals";
import { testWithRclone } from "./rclone.ts";
import { strikes } from "./transfer-strikes.ts";

const withRclone = await testWithRclone("test/flows/transfer-faults.long.ts");

withRclone.each(["compute", "secrets", "storage", "metadata", "s3", "pubsub"] as const)(
  "ends the same whichever call to %s fails once",
  async (farEnd) => {
    await using harness = await strikes();
    expect(await harness.each(farEnd)).toEqual([]);
    expect(harness.violations()).toEqual([]);
  },
);
