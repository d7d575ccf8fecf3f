// A transfer on the sample hub, with the real rclone, that does not go smoothly: what lies at the target in the end, and that no
// machine is left.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

const withRclone = await testWithRclone("test/flows/transfer-odd.long.ts");
const hub = sample({ only: "run-transfer" });
afterEach(() => hub.close());

const file = (path: string) => join(hub.folder, path);
const bucket = (path: string) => file(`buckets/${path}`);

withRclone("outlives a machine taken away, and leaves alone what differs at the target", async () => {
  const { farEnds, runOnce } = await hub.start();
  writeFileSync(file("requests/first-copy.yaml"), "");
  fill(bucket("pod-published/set"), 30);
  mkdirSync(bucket("scratch/copy/chunk/1"), { recursive: true });
  writeFileSync(bucket("scratch/copy/chunk/1/1.0"), "another content");
  const request = { from: "pod-published:set", to: "scratch:copy/" };
  writeFileSync(file("requests/back.yaml"), JSON.stringify(request));
  let taken = 0;
  const taking = setInterval(() => {
    for (const { name, status } of farEnds.compute.machines())
      if (taken < 1 && status === "RUNNING" && farEnds.compute.preempt(name)) taken += 1;
  }, 50);
  const runs = await runOnce().finally(() => clearInterval(taking));

  expect(taken).toBe(1);
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
  expect(farEnds.compute.machines()).toEqual([]);
});
