// Beside the sample hub, as on a hub admin's machine: when something changes in the homes, `groundcrew quota scan` runs as a
// process of its own and sends its report. One at a time; what changes meanwhile is looked at afterwards.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type HomeWatch = { close: () => Promise<void> };

/** Milliseconds of silence after which a change is worth a look. */
const quietMs = 200;

export async function watchHomes(options: {
  homes: readonly { hub: string; folder: string }[];
  world: string;
  clockFile: string;
  log: (line: string) => void;
}): Promise<HomeWatch> {
  const { watch } = await import("chokidar");
  const watchers = await Promise.all(
    options.homes
      .filter(({ folder }) => existsSync(folder))
      .map(async (home) => {
        const scans = scanner(home, options);
        const watcher = watch(home.folder, {
          ignoreInitial: true,
          followSymlinks: false,
          ignorePermissionErrors: true,
        });
        watcher.on("all", scans.changed).on("error", () => undefined);
        await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
        return {
          async close() {
            scans.close();
            await watcher.close();
          },
        };
      }),
  );
  return { close: async () => void (await Promise.all(watchers.map(({ close }) => close()))) };
}

function scanner(
  { hub, folder }: { hub: string; folder: string },
  { world, clockFile, log }: { world: string; clockFile: string; log: (line: string) => void },
) {
  let timer: NodeJS.Timeout | undefined;
  let running: ChildProcess | undefined;
  let again = false;
  let closed = false;

  function scan(): void {
    if (closed) return;
    if (running !== undefined) {
      again = true;
      return;
    }
    const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
    const flags = ["--disable-warning=ExperimentalWarning"];
    const command = ["quota", "scan", folder, "--json", "--world", world, "--to", `reports:${hub}`];
    running = spawn(process.execPath, [...flags, main, ...command], {
      stdio: "ignore",
      // Its clock is the sample hub's: a report of long ago would not count.
      env: { GROUNDCREW_CLOCK_FILE: clockFile },
    });
    running.once("error", () => ended(1));
    running.once("exit", (code) => ended(code ?? 1));
  }

  function ended(code: number): void {
    if (running === undefined) return;
    running = undefined;
    if (closed) return;
    if (code !== 0) log("a scan of the homes could not be sent; the next schedule looks at them");
    if (!again) return;
    again = false;
    scan();
  }

  return {
    changed() {
      clearTimeout(timer);
      timer = setTimeout(scan, quietMs);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      running?.kill();
    },
  };
}
