// The one place of the command that touches the process: arguments, environment, streams, signals, exit.
import { fileURLToPath } from "node:url";
import type { Surroundings } from "./cli.ts";
import { run } from "./run.ts";

/** Runs the command that the process was started for, and ends the process. */
export async function runProcess(args: string[], instances: Surroundings["instances"]): Promise<void> {
  // `groundcrew runs ls | head`: whoever reads has enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const code = await run(args, {
    env: process.env,
    cwd: process.cwd(),
    root: fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, ""),
    nodeVersion: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    now: () => new Date(),
    stdout: process.stdout,
    stderr: process.stderr,
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString("utf8");
    },
    onStop(listener) {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, listener);
    },
    onFault: (listener) => void process.on("uncaughtException", listener),
    exitNow: (exitCode) => process.exit(exitCode),
    instances,
  });
  // Vendors' clients keep sockets and timers open; what was written must still get out.
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}
