// One machine of the sample hub: the real start-up script in a process group of its own, with the metadata server that it
// would find, and nothing else of the machine it really runs on but PATH.
import { execFileSync, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Guest = {
  pid: number;
  /** Ends the whole group at once, as a machine whose power goes. */
  kill: () => void;
  /** Settled when the script's own process is gone. */
  ended: Promise<void>;
};

/**
 * A machine cannot outlive what it runs on. Nobody writes into the pipe; it ends when our process does, however that ends,
 * and then the whole group does.
 */
const whileHosted = `(read -r _ <&3; kill -KILL 0) & exec 3<&-; exec bash "$0"`;

/** Boots a machine whose disk is `folder`. */
export function boot(options: {
  folder: string;
  script: string;
  metadataHost: string;
  /** PATH on which the machine finds its programs. */
  path: string;
}): Guest {
  const { folder, script, metadataHost, path } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "startup-script");
  writeFileSync(file, script, { mode: 0o700 });
  const console = openSync(join(folder, "serial-console.log"), "a");
  const child = spawn("bash", ["-c", whileHosted, file], {
    cwd: folder,
    env: { PATH: path, HOME: folder, TMPDIR: folder, GCE_METADATA_HOST: metadataHost },
    stdio: ["ignore", console, console, "pipe"],
    detached: true,
  });
  child.stdio[3]?.on("error", () => undefined);
  closeSync(console);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const pid = child.pid ?? 0;
  return { pid, kill: () => killGroup(pid), ended };
}

/** Ends a group that an earlier process of ours has left behind, if the number is still that group's. */
export function killLeftBehind(pid: number, folder: string): void {
  if (commandOf(pid).includes(join(folder, "startup-script"))) killGroup(pid);
}

/** Takes the disk away. */
export function wipe(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

function killGroup(pid: number): void {
  if (pid <= 1) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function commandOf(pid: number): string {
  if (pid <= 1) return "";
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
