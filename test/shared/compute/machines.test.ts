// The real compute client against the far end: how long a new machine is waited for.
import { expect, test } from "@jest/globals";
import { computeStand, order, sampleTransfers } from "../../local/compute/harness.ts";

test("a vendor too busy to hold a question is asked once, and the machine is met by the next request", async () => {
  const stand = await computeStand();
  try {
    const body = JSON.stringify({ kind: "compute#operation", name: "operation-1", status: "RUNNING" });
    const headers = { "content-type": "application/json" };
    const failure = { kind: "status", status: 200, body, headers } as const;
    stand.faults.add({ farEnd: "compute", match: "/wait", failure });
    expect(await stand.adapter.make(order(), sampleTransfers())).toBe("pending");
    expect(await stand.adapter.make(order(), sampleTransfers())).toBe("made");
    expect(stand.far.made()).toBe(1);
  } finally {
    await stand.close();
  }
});
