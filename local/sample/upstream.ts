// The sample hub's upstream/ folder: what lies there is the default branch of the operator's repository, and the other way
// round once a pull request is merged.
import {
  cpSync,
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf } from "../../shared/errors.ts";
import { readPersonFile } from "./person-file.ts";

/** Lays the first files; what is there is left alone. */
export function layUpstream(world: { upstream: string; releases: string; registry: string }): void {
  const from = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(world.registry, { recursive: true });
  if (!existsSync(world.upstream)) cpSync(from("./upstream"), world.upstream, { recursive: true });
  if (!existsSync(world.releases)) cpSync(from("./releases.yaml"), world.releases);
}

/** More files than any such repository has; a folder of so many was not meant. */
const mostFiles = 20_000;

/**
 * Every file below the folder, by its path in the repository, or why they cannot all be had: a part of them would be a
 * commit that deletes the rest. Hidden ones are an editor's or git's own; links are not followed.
 */
export function readUpstream(folder: string): { files: Map<string, Buffer> } | { problem: string } {
  const paths: string[] = [];
  const queue = [""];
  for (const inner of queue) {
    const entries = entriesOf(join(folder, inner));
    if (typeof entries === "string") return { problem: `upstream/${inner} cannot be read (${entries})` };
    for (const entry of entries) {
      if (entry.name.startsWith(".") || entry.name.endsWith("~")) continue;
      const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) queue.push(path);
      if (entry.isFile()) paths.push(path);
    }
    if (queue.length + paths.length > mostFiles)
      return { problem: `upstream/ has more than ${mostFiles} files` };
  }
  const files = new Map<string, Buffer>();
  for (const path of paths.sort()) {
    const read = readPersonFile(join(folder, path));
    if ("problem" in read) return { problem: `upstream/${path} ${read.problem}` };
    files.set(path, read.bytes);
  }
  return { files };
}

function entriesOf(folder: string): Dirent[] | string {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return codeOf(error);
  }
}

/** After a merge: the folder holds what the default branch does. */
export function writeUpstream(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    if (existsSync(file) && readFileSync(file).equals(bytes)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
