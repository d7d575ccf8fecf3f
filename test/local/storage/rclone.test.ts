// Which rclone on PATH is good enough for a sample hub's machines: 1.60 or newer, and nothing that only calls itself so.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { rcloneTools } from "../../../local/compute/rclone.ts";

const folder = mkdtempSync(join(tmpdir(), "rclone-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["rclone v1.60.1-DEV", true],
  ["rclone v1.74.0", true],
  ["rclone v2.0.0", true],
  ["rclone v1.59.2", false],
  ["rclone v1.53.3-DEV", false],
  ["something else", false],
])("%s: %s", async (says, enough) => {
  writeFileSync(join(folder, "rclone"), `#!/bin/sh\necho '${says}'\n`);
  chmodSync(join(folder, "rclone"), 0o755);
  const tools = rcloneTools("/nowhere", { PATH: [folder, "/usr/bin", "/bin"].join(delimiter) });
  expect(await tools.isCurrent()).toBe(enough);
});

test("none at all", async () => {
  expect(await rcloneTools("/nowhere", { PATH: join(folder, "empty") }).isCurrent()).toBe(false);
});
