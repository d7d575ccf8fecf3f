// scan-quotas is failed by Cloud Storage at each of its calls, once, and delivered again.
import { test } from "@jest/globals";
import { failAtEachCall, quotaStands } from "./quota-stand.ts";

const fresh = quotaStands();

test(
  "scan-quotas ends the same when storage fails at any call",
  () => failAtEachCall(fresh, "storage"),
  300_000,
);
