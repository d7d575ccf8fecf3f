// What `pulumi up` runs: reads the stack's few values and groundcrew.yaml, and hands them to stack.ts.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { describeProblems, parseSettings, type Settings } from "../shared/settings.ts";
import { type StackOptions, stack } from "./stack.ts";

// Pulumi runs this in its own folder, so paths are from the project's.
const root = join(import.meta.dirname, "..");
const config = new pulumi.Config("groundcrew");
const file = config.get("settings") ?? "groundcrew.yaml";

// By a name that the compiler does not follow: the program is checked without the bundler and what it bundles.
const bundler = "./bundles/archive.ts";
const { archiveOf } = z
  .object({ archiveOf: z.custom<StackOptions["archiveOf"]>((value) => typeof value === "function") })
  .parse(await import(bundler));

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
