// Plays seeds in a process of its own, for there the wire is taken over, and gives what it said.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ownChild } from "../children.ts";

export const played = (...given: string[]) => playedBy("main.ts", ...given);

/** By another program of this folder. */
export function playedBy(file: string, ...given: string[]): Promise<{ code: number | null; out: string }> {
  const main = fileURLToPath(new URL(file, import.meta.url));
  return new Promise((resolve) => {
    const child = ownChild(
      spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...given], {
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    let out = "";
    const take = (chunk: Buffer): void => {
      out += String(chunk);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("close", (code) => resolve({ code, out }));
  });
}
