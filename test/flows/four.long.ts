// All four flows on the sample hub, once and once more. What stands afterwards, written by hand.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import { routes } from "../../local/wire/called-routes.ts";
import { expectCalled } from "../conformance/calls.ts";
import { callers } from "../conformance/routes.ts";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";

const hub = sample();
const withRclone = await testWithRclone("test/flows/four.long.ts");
afterEach(() => hub.close());

/** The files below a folder of the sample hub, by path, with their bytes. */
function filesBelow(path: string): Record<string, string> {
  const folder = join(hub.folder, path);
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length), readFileSync(file, "base64")]),
  );
}

const pullsOf = ({ farEnds }: Instance) =>
  farEnds.github.upstream.pulls("sample-operator/infrastructure").map(({ state }) => state);

withRclone("members, homes, images and a transfer: all done, and nothing is left to do", async () => {
  const first = await hub.start();
  const runs = await first.runOnce();
  expect(runs.filter(({ outcome }) => outcome !== "done")).toEqual([]);
  const flows = new Set(runs.filter(({ effects }) => effects.length > 0).map(({ flow }) => flow));
  expect([...flows].sort()).toEqual([
    "bump-image",
    "run-transfer",
    "scan-quotas",
    "send-notice",
    "sync-members",
  ]);

  expect(first.farEnds.github.snapshot("sample-hub").pending).toHaveLength(14);
  expect(pullsOf(first)).toEqual(["open"]);
  const source = filesBelow("buckets/persistent/sea-surface");
  expect(Object.keys(source)).toHaveLength(169);
  expect(filesBelow("buckets/pod-inbox/sea-surface")).toEqual(source);
  expect(runs.map(({ title }) => title)).toContain("transfer first-copy done: 169 objects copied");
  const ofTransfer = runs.filter(({ flow }) => flow === "run-transfer").flatMap(({ effects }) => effects);
  expect(ofTransfer.map((effect) => effect.do).sort()).toEqual([
    "end-transfer",
    "make-machine",
    "make-machine",
    "make-machine",
    "plan-transfer",
  ]);
  expect([first.farEnds.compute.machines(), first.farEnds.compute.made()]).toEqual([[], 3]);
  expect(readdirSync(join(hub.folder, ".groundcrew", "machines"))).toEqual([]);
  // 18 of the members' flow, three people above a limit; the team is told in Slack.
  expect(hub.mailedTo()).toHaveLength(21);
  expect(hub.mailedTo()).not.toContain("ground-crew@example.org");
  const posts = [
    "Transfer first-copy has begun",
    "Transfer first-copy is done",
    "sample: 18.5 % of the home volume is free",
    "sample: images 2026.06.04 are proposed",
  ];
  expect(hub.posts()).toEqual(posts);
  expect(first.farEnds.violations()).toEqual([]);
  expectCalled("flows");
  expect([...routes().called].filter((route) => !Object.hasOwn(callers, route))).toEqual([]);

  const second = await hub.start();
  expect((await second.runOnce()).flatMap(({ effects }) => effects)).toEqual([]);
  expect(pullsOf(second)).toEqual(["open"]);
  expect([second.farEnds.compute.machines(), second.farEnds.compute.made()]).toEqual([[], 3]);
  expect(hub.mailedTo()).toHaveLength(21);
  expect(hub.posts()).toEqual(posts);
});
