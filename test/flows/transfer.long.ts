// 2,000 objects, every tenth with an odd name, whose machines are taken away five times while they copy.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { rcloneTools } from "../../local/compute/rclone.ts";
import { sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

const preemptions = 5;
const hub = sample({ only: "run-transfer" });
afterEach(() => hub.close());

const { isCurrent } = rcloneTools(hub.folder);
if (!isCurrent())
  process.stderr.write("SKIPPED: test/flows/transfer.long.ts: no rclone of 1.60 or newer on PATH\n");
const withRclone = isCurrent() ? test : test.skip;

const bucket = (path: string) => join(hub.folder, "buckets", path);

withRclone(
  `every byte is there after ${preemptions} preemptions, and no machine is left`,
  async () => {
    const instance = await hub.start();
    const { compute } = instance.farEnds;
    writeFileSync(join(hub.folder, "requests", "first-copy.yaml"), "");
    fill(bucket("persistent/many"), 2000);
    mkdirSync(join(hub.folder, "requests"), { recursive: true });
    const wish = { from: "persistent:many", to: "pod-inbox:many" };
    writeFileSync(join(hub.folder, "requests", "many.yaml"), JSON.stringify(wish));

    // One at a time, a moment after it began: amid its work, wherever that is.
    const seen = new Map<string, number>();
    const taken = new Set<string>();
    const taking = setInterval(() => {
      for (const { name, status, createdAt } of compute.machines()) {
        const key = `${name} ${createdAt}`;
        const since = seen.get(key) ?? performance.now();
        seen.set(key, since);
        const ripe = performance.now() - since > 300 + 150 * taken.size;
        if (taken.size >= preemptions || taken.has(key) || status !== "RUNNING" || !ripe) continue;
        if (compute.preempt(name)) taken.add(key);
      }
    }, 50);
    const runs = await instance.runOnce().finally(() => clearInterval(taking));

    expect(taken.size).toBe(preemptions);
    expect(runs.map(({ title }) => title)).toContain("transfer many done: 2,000 objects copied");
    const source = contents(bucket("persistent/many"));
    expect(Object.keys(source)).toHaveLength(2000);
    expect(contents(bucket("pod-inbox/many"))).toEqual(source);
    expect(compute.machines()).toEqual([]);
    // Each was amid its work, for each was replaced.
    expect(compute.made()).toBe(3 + preemptions);
    expect(hub.subjects().filter((subject) => subject.startsWith("Transfer"))).toEqual([
      "Transfer many is done",
    ]);
  },
  600_000,
);
