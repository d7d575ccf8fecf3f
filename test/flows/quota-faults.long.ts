// scan-quotas is failed by each far end at each of its calls, once, and delivered again.
import { test } from "@jest/globals";
import { failAtEachCall, quotaStands } from "./quota-stand.ts";

const fresh = quotaStands();

test.each(["prometheus", "secrets", "storage"] as const)(
  "scan-quotas ends the same when %s fails at any call",
  (farEnd) => failAtEachCall(fresh, farEnd),
  300_000,
);
