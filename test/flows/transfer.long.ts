// Two thousand objects with odd names, whose machines Google takes away five times: every byte arrives, no machine is left.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
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
  // A store so slow that there is a middle of the work.
  const slow = {
    farEnd: "s3",
    match: "PUT",
    times: 10_000,
    failure: { kind: "delay", milliseconds: 900 },
  } as const;
  instance.farEnds.faults.add(slow);
  // Attempts that run are taken away while something of theirs arrives, until it has been five.
  let before = 0;
  const taking = setInterval(() => {
    const count = existsSync(target) ? Object.keys(contents(target)).length : 0;
    const arriving = count > before;
    before = count;
    if (!arriving) return;
    for (const { name, status, labels } of instance.farEnds.compute.machines()) {
      const attempt = `${name} ${labels["attempt"]}`;
      if (taken.size >= times || status !== "RUNNING" || taken.has(attempt)) continue;
      if (instance.farEnds.compute.preempt(name)) taken.add(attempt);
    }
  }, 150);
  const runs = await instance.runOnce().finally(() => clearInterval(taking));
  expect(taken.size).toBe(times);
  expect(runs.map(({ title }) => title)).toContain("transfer many done: 2,000 objects copied");
  const there = contents(target);
  expect(Object.keys(there)).toHaveLength(objects);
  expect(there).toEqual(contents(source));
  expect(instance.farEnds.compute.machines()).toEqual([]);
  // Some were taken away in the middle of their work, not only before or after it.
  const ended = runs
    .flatMap(({ steps }) => steps.map(({ what }) => what))
    .filter((what) => what.includes("ended"));
  const left = ended.flatMap((what) => (/objects left ([1-9]\d*) of/.exec(what) === null ? [] : [what]));
  process.stderr.write(`${ended.join("\n")}\n`);
  const partly = left.filter((what) => !/left (\d+) of \1$/.test(what));
  expect(partly.length).toBeGreaterThan(0);
  expect(instance.farEnds.compute.made()).toBe(3 + left.length);
  expect(instance.farEnds.violations()).toEqual([]);
}, 600_000);
