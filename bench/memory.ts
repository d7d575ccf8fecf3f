// Measures the memory of a sample hub at rest: of its process and all that it has started, ten minutes after `npm start` on a new folder,
// when the work of a start is done and what nobody uses has ended. Where the system does not tell, it says so.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bytesOf } from "./figures.ts";

export type Memory = { people: number; limitMB: number; megabytes: number; minutes: number };

const starter = fileURLToPath(new URL("../bin/groundcrew.cjs", import.meta.url));
const sizes = [
  { people: 60, limitMB: 500 },
  { people: 3000, limitMB: 700 },
];

/** Starts one hub of each size, side by side. */
export async function benchMemory(minutes = 10): Promise<Memory[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-memory-"));
  const running = sizes.map((size) => ({ ...size, process: start(join(folder, String(size.people)), size) }));
  try {
    await wait(minutes * 60_000);
    return running.map(({ people, limitMB, process: { pid } }) => ({
      people,
      limitMB,
      minutes,
      megabytes: treeOf(pid ?? 0).reduce((sum, one) => sum + bytesOf(one, "VmRSS"), 0) / 2 ** 20,
    }));
  } finally {
    await Promise.all(running.map(({ process }) => stop(process)));
    rmSync(folder, { recursive: true, force: true });
  }
}

const start = (world: string, { people }: { people: number }): ChildProcess =>
  spawn(process.execPath, [starter, "--world", world, "start", "--people", `${people}`, "--port", "0"], {
    stdio: "ignore",
  });

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.kill("SIGINT")) await ended;
}

/** Lists a process and all that it has started. */
function treeOf(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ").filter(Boolean),
    );
    return [pid, ...children.flatMap((child) => treeOf(Number(child)))];
  } catch {
    return [pid];
  }
}

/** As lines for a terminal. */
export const memoryLines = (memories: readonly Memory[]): string =>
  memories
    .map(({ people, limitMB, megabytes, minutes }) =>
      Number.isNaN(megabytes)
        ? `memory of a sample hub of ${people}: this system does not tell`
        : `memory of a sample hub of ${people} at rest, after ${minutes} minutes: ${Math.round(megabytes)} MB (limit ${limitMB})${megabytes > limitMB ? "  OVER ITS LIMIT" : ""}`,
    )
    .join("\n");

if (import.meta.main) console.log(memoryLines(await benchMemory(Number(process.argv[2] ?? 10))));
