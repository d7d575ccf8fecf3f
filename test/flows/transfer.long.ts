// 2,000 objects, every tenth with an odd name, whose machines are taken away five times while they copy.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

const preemptions = 5;
const hub = sample({ only: "run-transfer" });
afterEach(() => hub.close());

const withRclone = await testWithRclone("test/flows/transfer.long.ts");

const bucket = (path: string) => join(hub.folder, "buckets", path);

withRclone(`every byte is there after ${preemptions} preemptions, and no machine is left`, async () => {
  const instance = await hub.start();
  const { compute } = instance.farEnds;
  writeFileSync(join(hub.folder, "requests", "first-copy.yaml"), "");
  fill(bucket("persistent/many"), 2000);
  mkdirSync(join(hub.folder, "requests"), { recursive: true });
  const request = { from: "persistent:many", to: "pod-inbox:many" };
  writeFileSync(join(hub.folder, "requests", "many.yaml"), JSON.stringify(request));

  // A store so slow that there is a middle of the work.
  instance.farEnds.faults.add({
    farEnd: "s3",
    match: "PUT",
    times: 10_000,
    failure: { kind: "delay", milliseconds: 900 },
  });
  // Those that run, while something arrives at the target.
  let before = 0;
  const taken = new Set<string>();
  const taking = setInterval(() => {
    const count = existsSync(bucket("pod-inbox/many"))
      ? Object.keys(contents(bucket("pod-inbox/many"))).length
      : 0;
    const arriving = count > before;
    before = count;
    if (!arriving) return;
    for (const { name, status, createdAt } of compute.machines()) {
      const key = `${name} ${createdAt}`;
      if (taken.size >= preemptions || taken.has(key) || status !== "RUNNING") continue;
      if (compute.preempt(name)) taken.add(key);
    }
  }, 150);
  const runs = await instance.runOnce().finally(() => clearInterval(taking));

  expect(taken.size).toBe(preemptions);
  expect(runs.map(({ title }) => title)).toContain("transfer many done: 2,000 objects copied");
  const source = contents(bucket("persistent/many"));
  expect(Object.keys(source)).toHaveLength(2000);
  expect(contents(bucket("pod-inbox/many"))).toEqual(source);
  expect(compute.machines()).toEqual([]);
  // One machine a shard, and one for each that had left something; some had copied a part by then, not nothing.
  const left = runs
    .flatMap(({ steps }) => steps)
    .flatMap(({ what }) => (/objects left [1-9]/.test(what) ? [what] : []));
  expect(compute.made()).toBe(3 + left.length);
  expect(left.filter((what) => !/left (\d+) of \1$/.test(what)).length).toBeGreaterThan(0);
  expect(hub.posts().filter((subject) => subject.startsWith("Transfer"))).toEqual(["Transfer many is done"]);
});
