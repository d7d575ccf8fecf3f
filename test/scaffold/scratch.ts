// A copy of the project's files to write in, with the project's own packages: nothing that is done there is done here.
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { root } from "../architecture/source.ts";

const notCopied = new Set(["node_modules", "world", ".git", ".state", "coverage"]);

/** Copies the project into a folder of its own. Call `remove` at the end. */
export function scratchCopy(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "scratch-"));
  cpSync(root, folder, { recursive: true, filter: (from) => !notCopied.has(basename(from)) });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
