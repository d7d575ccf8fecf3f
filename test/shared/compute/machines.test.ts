// The real compute client against the far end: how long a new machine is waited for.
import { expect, test } from "@jest/globals";
import { computeHarness, order, sampleTransfers } from "../../local/compute/harness.ts";

test("a vendor too busy to hold a question is asked once, and the machine is met by the next request", async () => {
  const harness = await computeHarness();
  try {
    const body = JSON.stringify({ kind: "compute#operation", name: "operation-1", status: "RUNNING" });
    const headers = { "content-type": "application/json" };
    const failure = { kind: "status", status: 200, body, headers } as const;
    harness.faults.add({ farEnd: "compute", match: "/wait", failure });
    expect(await harness.adapter.make(order(), sampleTransfers())).toBe("pending");
    expect(await harness.adapter.make(order(), sampleTransfers())).toBe("made");
    expect(harness.far.made()).toBe(1);
  } finally {
    await harness.close();
  }
});
