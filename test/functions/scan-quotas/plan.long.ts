// A plan of the homes says what the apply after it does, on many courses; on a few in scan-quotas.test.ts.
import { afterAll, beforeAll, test } from "@jest/globals";
import { flowHarness } from "./flow-harness.ts";
import { planEqualsApply } from "./plan-equals-apply.ts";

let flow: Awaited<ReturnType<typeof flowHarness>>;
beforeAll(async () => {
  flow = await flowHarness();
});
afterAll(() => flow.close());

test("a plan is what the apply then does, on 300 courses", () => planEqualsApply(() => flow, 300), 900_000);
