// Runs the command as people do: a child process on this Node, its streams and its exit code.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ownChild } from "../children.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

export type Ended = { code: number | null; signal: string | null; stdout: string; stderr: string };
export type Where = { cwd?: string; env?: Record<string, string>; stdin?: string };

/** A child with the environment of a plain terminal: nothing of npm's or Jest's. */
export function child(command: string[], { cwd = root, env = {} }: Where = {}): ChildProcess {
  const [file = "", ...args] = command;
  return ownChild(
    spawn(file, args, {
      cwd,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], TZ: "UTC", ...env },
      stdio: "pipe",
    }),
  );
}

export function ended(running: ChildProcess, stdin?: string): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  running.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  running.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  running.stdin?.end(stdin ?? "");
  return new Promise((resolve, reject) => {
    running.on("error", reject);
    running.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

const node = (script: string): string[] => [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  `${root}/${script}`,
];

/** `groundcrew <args>`. */
export function groundcrew(args: string[], where: Where = {}): Promise<Ended> {
  return ended(child([...node("cli/main.ts"), ...args], where), where.stdin);
}

/** Stand-in for the sample hub's instance: one that runs, or one that can be started. */
export type Harness = {
  running?: { origin: string; token: string };
  startable?: { origin: string; token: string; runs?: unknown[]; closeMs?: number };
};

/** The same command with another instance behind it. */
export const commandAgainst = (harness: Harness, args: string[]): string[] => [
  ...node("test/cli/against.ts"),
  JSON.stringify(harness),
  ...args,
];

export function groundcrewAgainst(harness: Harness, args: string[], where: Where = {}): Promise<Ended> {
  return ended(child(commandAgainst(harness, args), where), where.stdin);
}
