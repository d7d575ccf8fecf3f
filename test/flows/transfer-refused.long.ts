// Stores that give each object the same answer, over the real start-up script and the real rclone: one machine is enough to learn it, and
// people are told why, without any name.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import { readLines } from "../../local/slack/log.ts";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";
import { fill } from "./transfer-tree.ts";

const withRclone = await testWithRclone("test/flows/transfer-refused.long.ts");
const hub = sample({ only: "run-transfer" });
afterEach(() => hub.close());

withRclone.each([
  [403, "AccessDenied", "a store denied what its machines asked for"],
  [403, "QuotaExceeded", "the target's store has no room left for it"],
  [404, "NoSuchBucket", "a bucket was not there any more"],
])("%s %s", async (status, code, because) => {
  const { farEnds, runOnce } = await hub.start();
  rmSync(join(hub.folder, "requests", "first-copy.yaml"), { force: true });
  fill(join(hub.folder, "buckets", "persistent", "few"), 30);
  const request = { from: "persistent:few", to: "pod-inbox:few" };
  writeFileSync(join(hub.folder, "requests", "few.yaml"), JSON.stringify(request));
  const body = `<Error><Code>${code}</Code><Message>chunk 404 is a name</Message></Error>`;
  farEnds.faults.add({
    ...{ farEnd: "s3", match: "PUT", times: 1_000_000 },
    failure: { kind: "status", status, body },
  });
  const runs = await runOnce();
  const last = runs.filter(({ title }) => title.includes("transfer few")).at(-1);
  expect(last?.title).toBe(`transfer few failed, because ${because}: 0 objects copied, 30 objects not there`);
  const made = runs.flatMap(({ effects }) => effects.filter((effect) => effect.do === "make-machine"));
  expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
  expect(farEnds.compute.made()).toBe(made.length);
  const told = readLines(join(hub.folder, "slack.log"), 1000).posts.filter(({ text }) =>
    text.includes("Transfer few failed"),
  );
  expect(told).toHaveLength(1);
  expect(told[0]?.text).toContain(because);
  expect(told[0]?.text).not.toContain("chunk");
  expect(farEnds.compute.machines()).toEqual([]);
});
