// What `pulumi up` runs: reads the stack's few values and groundcrew.yaml, and hands them to stack.ts.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../shared/settings.ts";
import { describeProblems, parseSettings } from "../shared/settings-file.ts";
import { archiveOf } from "./bundles/archive.ts";
import { stack } from "./stack.ts";

// Pulumi runs this in its own folder, so paths are from the project's.
const root = join(import.meta.dirname, "..");
const config = new pulumi.Config("groundcrew");
const file = config.get("settings") ?? "groundcrew.yaml";

/** The addresses of the doors. */
export const doors = await stack({
  settings: read(file),
  region: config.get("region") ?? "us-central1",
  archiveOf: (name) => archiveOf(name),
  archiveFolder: join(root, "node_modules/.cache/groundcrew/functions"),
  foreignBuckets: config.getObject<string[]>("foreignBuckets") ?? [],
  consoleOpen: config.getBoolean("consoleOpen") ?? false,
});

function read(name: string): Settings {
  const path = resolve(root, name);
  const text = readFileSync(path, "utf8");
  const parsed = parseSettings(text);
  if ("problems" in parsed) throw new pulumi.RunError(describeProblems(name, parsed.problems));
  return parsed.settings;
}
