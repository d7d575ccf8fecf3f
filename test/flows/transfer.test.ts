// A transfer on the sample hub, with the real rclone: what lies at the target in the end, and that no machine is left.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import type { Instance } from "../../local/instance.ts";
import { testWithRclone } from "./rclone.ts";
import { type Sample, sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

const withRclone = await testWithRclone("test/flows/transfer.test.ts");
let hub: Sample;
beforeEach(() => {
  hub = sample({ only: "run-transfer" });
});
afterEach(() => hub.close());

const bucket = (path: string) => join(hub.folder, "buckets", path);
const request = (id: string, from: string, to: string) => {
  mkdirSync(join(hub.folder, "requests"), { recursive: true });
  writeFileSync(join(hub.folder, "requests", `${id}.yaml`), JSON.stringify({ from, to }));
};
const transferRuns = async (instance: Instance) =>
  (await instance.runOnce()).filter(({ flow }) => flow === "run-transfer");

describe("a transfer", () => {
  withRclone("brings every byte over, is told once, leaves no machine, and is not done twice", async () => {
    const first = await hub.start();
    const runs = await transferRuns(first);
    expect(runs.map(({ title }) => title)).toContain("transfer first-copy done: 169 objects copied");
    const effects = runs.flatMap((run) => run.effects.map((effect) => effect.do));
    expect(effects.sort()).toEqual([
      "end-transfer",
      "make-machine",
      "make-machine",
      "make-machine",
      "plan-transfer",
    ]);
    expect(contents(bucket("pod-inbox/sea-surface"))).toEqual(contents(bucket("persistent/sea-surface")));
    expect(Object.keys(contents(bucket("pod-inbox/sea-surface")))).toHaveLength(169);
    expect(first.farEnds.compute.machines()).toEqual([]);
    expect(first.farEnds.compute.made()).toBe(3);
    expect(readdirSync(join(hub.folder, ".groundcrew", "machines"))).toEqual([]);
    expect(hub.posts().filter((subject) => subject.startsWith("Transfer"))).toEqual([
      "Transfer first-copy is done",
    ]);
    expect(first.farEnds.violations()).toEqual([]);

    const second = await hub.start();
    expect((await second.runOnce()).flatMap(({ effects: some }) => some)).toEqual([]);
    expect(second.farEnds.compute.made()).toBe(3);
  });

  withRclone("goes from the pod to Google too, and leaves alone what differs at the target", async () => {
    const instance = await hub.start();
    writeFileSync(join(hub.folder, "requests", "first-copy.yaml"), "");
    fill(bucket("pod-published/set"), 30);
    mkdirSync(bucket("scratch/copy/chunk/1"), { recursive: true });
    writeFileSync(bucket("scratch/copy/chunk/1/1.0"), "another content");
    request("back", "pod-published:set", "scratch:copy/");
    const runs = await transferRuns(instance);
    const last = runs.filter(({ title }) => title.includes("transfer back")).at(-1);
    expect([last?.outcome, last?.title]).toEqual([
      "blocked",
      "transfer back not complete: 29 objects copied, 1 object of another content left alone",
    ]);
    const after = contents(bucket("scratch/copy"));
    const { "chunk/1/1.0": theirs, ...wanted } = contents(bucket("pod-published/set"));
    expect(theirs).not.toBe(after["chunk/1/1.0"]);
    expect(after).toMatchObject(wanted);
    expect(readFileSync(bucket("scratch/copy/chunk/1/1.0"), "utf8")).toBe("another content");
    expect(instance.farEnds.compute.machines()).toEqual([]);
  });

  withRclone("comes back and finishes when Google takes its machines away", async () => {
    const instance = await hub.start();
    writeFileSync(join(hub.folder, "requests", "first-copy.yaml"), "");
    fill(bucket("persistent/many"), 300);
    request("many", "persistent:many", "pod-inbox:many");
    let taken = 0;
    const taking = setInterval(() => {
      for (const { name, status } of instance.farEnds.compute.machines())
        if (taken < 2 && status === "RUNNING" && instance.farEnds.compute.preempt(name)) taken += 1;
    }, 50);
    const runs = await transferRuns(instance).finally(() => clearInterval(taking));
    expect(runs.map(({ title }) => title)).toContain("transfer many done: 300 objects copied");
    expect(taken).toBe(2);
    expect(contents(bucket("pod-inbox/many"))).toEqual(contents(bucket("persistent/many")));
    expect(instance.farEnds.compute.machines()).toEqual([]);
  });
});
