// Copy of the project in which files are changed and tests run.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ran, ranIn } from "./coverage.ts";

/** Folders that have no part in a test: tools make them, or a sample hub does. */
const leftOut = ["node_modules", ".git", ".groundcrew", "world"];

export type Copy = {
  write(file: string, text: string): void;
  restore(file: string): void;
  /** Runs a file of tests until one fails; whoever takes longer is ended. */
  run(test: string, seconds: number): Promise<"passed" | "failed" | "late">;
  /** Runs a file of tests on what must pass it: how long it takes, and what of these files runs. Undefined where it fails. */
  trace(test: string, files: readonly string[]): Promise<{ seconds: number; ran: Ran } | undefined>;
  remove(): void;
};

export function copyOf(root: string): Copy {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "groundcrew-mutants-")));
  for (const part of readdirSync(root))
    if (!leftOut.includes(part)) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  let stop = (): void => {};
  const run = async (test: string, seconds: number, more: Record<string, string> = {}) => {
    const child = startJest(folder, test, more);
    stop = () => endGroup(child);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      stop();
    }, seconds * 1000);
    const [code] = await once(child, "exit");
    clearTimeout(timer);
    stop();
    return isLate ? "late" : code === 0 ? "passed" : "failed";
  };
  return {
    write: (file, text) => writeFileSync(join(folder, file), text),
    restore: (file) => cpSync(join(root, file), join(folder, file)),
    run,
    async trace(test, files) {
      const counts = mkdtempSync(join(folder, "counts-"));
      const start = performance.now();
      const end = await run(test, 600, { NODE_V8_COVERAGE: counts });
      const seconds = (performance.now() - start) / 1000;
      const ran = ranIn(counts, folder, files);
      rmSync(counts, { recursive: true });
      return end === "passed" ? { seconds, ran } : undefined;
    },
    remove() {
      stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the leader of a group: what a test has started ends with it. */
function startJest(folder: string, test: string, more: Record<string, string>): ChildProcess {
  const jest = "node_modules/jest/bin/jest.js";
  const how = ["--runInBand", "--bail", "--silent", "--watchman=false"];
  const cache = ["--cacheDirectory", join(folder, ".jest")];
  const given = ["--experimental-vm-modules", "--no-warnings", jest, ...how, ...cache];
  const env = { ...process.env, ...more };
  const options = { cwd: folder, env, stdio: "ignore", detached: true } as const;
  return spawn(process.execPath, [...given, "--runTestsByPath", test], options);
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody of it is left.
  }
}
