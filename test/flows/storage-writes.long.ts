// One write a second of each object, as Cloud Storage has it always: the flows go through, and leave what they would have left. The
// vendor's client waits by the real clock.
import { afterAll, expect, test } from "@jest/globals";
import { sample } from "./sample.ts";

const hub = sample({ only: ["sync-members", "scan-quotas", "bump-image"] });
afterAll(() => hub.close());

test("members, homes and images are done all the same", async () => {
  const running = await hub.start();
  running.farEnds.weather.begin("storage-writes", 24 * 3_600_000);
  const runs = await running.runOnce();
  expect(runs.filter(({ outcome }) => outcome !== "done")).toEqual([]);
  expect(new Set(runs.map(({ flow }) => flow))).toEqual(
    new Set(["sync-members", "scan-quotas", "bump-image", "send-notice"]),
  );
  const flowsAgain = await running.runOnce();
  expect(flowsAgain.flatMap(({ effects }) => effects)).toEqual([]);
  expect(running.farEnds.github.snapshot().pending).toHaveLength(14);
  expect(new Set(hub.mailedTo()).size).toBeGreaterThanOrEqual(18);
  expect(running.farEnds.violations()).toEqual([]);
});
