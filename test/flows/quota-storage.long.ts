// scan-quotas is failed by Cloud Storage at each of its calls, once, and delivered again.
import { afterAll, beforeAll, test } from "@jest/globals";
import { failAtEachCall, stands } from "./quota-stand.ts";

const { prepare, fresh, close } = stands();
beforeAll(prepare);
afterAll(close);

test(
  "scan-quotas ends the same when storage fails at any call",
  () => failAtEachCall(fresh, "storage"),
  300_000,
);
