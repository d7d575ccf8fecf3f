// Two thousand objects with odd names, whose machines Google takes away five times: every byte arrives, no machine is left.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Sample, sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

let hub: Sample;
beforeEach(() => {
  hub = sample({ only: "run-transfer" });
});
afterEach(() => hub.close());

const objects = 2000;
const times = 5;

test("2,000 objects with odd names, preempted five times", async () => {
  const instance = await hub.start();
  const requests = join(hub.folder, "requests");
  mkdirSync(requests, { recursive: true });
  writeFileSync(join(requests, "first-copy.yaml"), "");
  writeFileSync(join(requests, "many.yaml"), "from: persistent:many\nto: pod-inbox:many\n");
  const source = join(hub.folder, "buckets", "persistent", "many");
  const target = join(hub.folder, "buckets", "pod-inbox", "many");
  fill(source, objects);
  const taken = new Set<string>();
  // Each attempt that is seen to run is taken away, until it has been five.
  const taking = setInterval(() => {
    for (const { name, status, labels } of instance.farEnds.compute.machines()) {
      const attempt = `${name} ${labels["attempt"]}`;
      if (taken.size >= times || status !== "RUNNING" || taken.has(attempt)) continue;
      if (instance.farEnds.compute.preempt(name)) taken.add(attempt);
    }
  }, 100);
  const runs = await instance.runOnce().finally(() => clearInterval(taking));
  expect(taken.size).toBe(times);
  expect(runs.map(({ title }) => title)).toContain(`transfer many done: ${objects} objects copied`);
  const there = contents(target);
  expect(Object.keys(there)).toHaveLength(objects);
  expect(there).toEqual(contents(source));
  expect(instance.farEnds.compute.machines()).toEqual([]);
  // One machine a shard, and one for each that was taken away before it had finished.
  const preempted = runs.flatMap(({ steps }) => steps).filter(({ what }) => what.includes("(preempted)"));
  expect(instance.farEnds.compute.made()).toBeGreaterThanOrEqual(3 + Math.min(1, preempted.length));
  expect(instance.farEnds.violations()).toEqual([]);
}, 600_000);
