// Program that `pulumi up` runs: reads the stack's few values and groundcrew.yaml, and hands them to stack.ts.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { describeProblems, parseSettings } from "../shared/settings/file.ts";
import type { Settings } from "../shared/settings.ts";
import { archiveOf } from "./bundles/archive.ts";
import { stack } from "./stack.ts";
import { releaseIn } from "./tools.ts";

// Pulumi runs this in its own folder, so paths are from the project's.
const root = join(import.meta.dirname, "..");
const config = new pulumi.Config("groundcrew");
const file = config.get("settings") ?? "groundcrew.yaml";

/** The addresses of the doors. */
export const doors = await stack({
  settings: read(file),
  region: config.get("region") ?? "us-central1",
  archiveOf,
  releaseOf: (release) => releaseIn(join(root, "node_modules/.cache/groundcrew/tools"), release),
  archiveFolder: join(root, "node_modules/.cache/groundcrew/functions"),
  foreignBuckets: bucketsOf(config.getObject("foreignBuckets") ?? []),
  consoleOpen: config.getBoolean("consoleOpen") ?? false,
});

function read(name: string): Settings {
  let text: string;
  try {
    text = readFileSync(resolve(root, name), "utf8");
  } catch {
    throw new pulumi.RunError(
      `${name} cannot be read; begin with a copy of groundcrew.example.yaml, or name another file: pulumi config set groundcrew:settings <file>`,
    );
  }
  const parsed = parseSettings(text);
  if ("problems" in parsed) throw new pulumi.RunError(describeProblems(name, parsed.problems));
  return parsed.settings;
}

/** A text would do for a list further on, and leave out the grants on every bucket whose name is a part of it. */
function bucketsOf(given: unknown): string[] {
  const { data } = z.array(z.string()).safeParse(given);
  if (data !== undefined) return data;
  throw new pulumi.RunError(
    "groundcrew:foreignBuckets is no list; write it as one: pulumi config set groundcrew:foreignBuckets '[\"<bucket>\"]'",
  );
}
