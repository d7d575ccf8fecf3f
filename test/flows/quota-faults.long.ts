// scan-quotas dies at each of its writes, and is failed by Cloud Storage at each of its calls, once, and delivered again.
import { test } from "@jest/globals";
import { killAtWrites } from "./harness.ts";
import { failAtEachCall, quotaHarness, theEnd } from "./quota-harness.ts";

const fresh = quotaHarness();

test(
  "scan-quotas ends the same when storage fails at any call",
  () => failAtEachCall(fresh, "storage"),
  300_000,
);

test(
  "scan-quotas ends the same when killed before or after any write, and is delivered again",
  () => killAtWrites(fresh, theEnd),
  300_000,
);
