// `groundcrew doctor`: what has to be right on this machine before the sample hub can run, line by line with a next step.
// It changes nothing and starts nothing.
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { isWorld, readSettings, worldFolder } from "../../local/sample/world.ts";
import { answers, sessionLink } from "../../shared/control.ts";
import type { Cli, Surroundings } from "../cli.ts";
import { control } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { endingOf } from "../stop.ts";
import { type Style, table, visible } from "../terminal.ts";
import { worldOf } from "../world-folder.ts";

/** "unchecked" is said aloud: silence would read as a pass. */
export type Check = {
  check: string;
  state: "ok" | "warn" | "fail" | "unchecked";
  says: string;
  next?: string;
};

const neededNode = 24;
const neededBytes = 200 * 1024 * 1024;

const signs: Record<Check["state"], [string, Style]> = {
  ok: ["✓ ok", "green"],
  warn: ["! warn", "yellow"],
  fail: ["✗ fail", "red"],
  unchecked: ["- not checked", "dim"],
};

export async function doctor(cli: Cli): Promise<number> {
  const { options, surroundings, terminal } = cli;
  const folder = await worldOf({ named: options.world, cwd: surroundings.cwd, root: surroundings.root });
  const checks: Check[] = [
    nodeVersion(surroundings.nodeVersion),
    packages(surroundings),
    ...sampleFolder(folder),
    disk(folder),
    ...(await running(folder, surroundings)),
    await ports(),
    {
      check: "clock",
      state: "unchecked",
      says: `this machine says ${surroundings.now().toISOString()}; without a network nothing can be compared`,
      next: "when tokens are refused, compare it with a clock that you trust",
    },
    {
      check: "deployment",
      state: "unchecked",
      says: "signing in to a deployment is not built yet",
    },
  ];
  const failed = checks.filter(({ state }) => state === "fail").length;
  terminal.answer({ ok: failed === 0, world: folder, checks }, (paint) =>
    table(
      checks.map(({ check, state, says, next }) => {
        const [sign, style] = signs[state];
        return [
          paint(style, sign),
          check,
          visible(next === undefined || state === "ok" ? says : `${says}; next: ${next}`),
        ];
      }),
    ),
  );
  return failed === 0 ? exitCodes.done : exitCodes.preflight;
}

function nodeVersion(version: string): Check {
  const check = "Node";
  if (Number(version.split(".")[0]) >= neededNode) return { check, state: "ok", says: version };
  return {
    check,
    state: "fail",
    says: `${version} is too old; ${neededNode} is needed`,
    next: "start by `npx groundcrew` or `npm start`: they use the Node that the project pins",
  };
}

/** The stamp that bin/ready.cjs writes: which lock file, and for which platform, node_modules was made from. */
function packages({ root, platform }: Surroundings): Check {
  const check = "packages";
  const again = "run `npm start` or `npx groundcrew doctor`: both install what is missing";
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const file = join(root, "node_modules", ".groundcrew-lock");
  if (!existsSync(file))
    return {
      check,
      state: "warn",
      says: "they were installed by hand, so nobody knows what from",
      next: again,
    };
  return readFileSync(file, "utf8") === `${lock} ${platform}\n`
    ? { check, state: "ok", says: "as package-lock.json names them" }
    : { check, state: "fail", says: "package-lock.json has changed since they were installed", next: again };
}

function sampleFolder(folder: string): Check[] {
  const check = "sample hub";
  if (!existsSync(folder))
    return [{ check, state: "ok", says: `${folder} is made by the first \`groundcrew start\`` }];
  if (!isWorld(folder)) {
    if (readdirSync(folder).length === 0)
      return [{ check, state: "ok", says: `${folder} is empty; the first \`groundcrew start\` fills it` }];
    return [
      {
        check,
        state: "fail",
        says: `${folder} holds other files and is no sample hub`,
        next: "name an empty or a new folder: --world <dir>",
      },
    ];
  }
  const world = worldFolder(folder);
  const kept: Check = writable(folder)
    ? { check, state: "ok", says: folder }
    : {
        check,
        state: "fail",
        says: `${folder} may not be written`,
        next: "give yourself the right, or name another folder",
      };
  return [kept, settings(world), members(world.members)];
}

function settings(world: ReturnType<typeof worldFolder>): Check {
  const check = "settings";
  try {
    const { hubs } = readSettings(world);
    return { check, state: "ok", says: `${world.settings}: ${Object.keys(hubs).join(", ")}` };
  } catch (error) {
    const { why, next } = endingOf(error).explanation;
    return { check, state: "fail", says: why, next };
  }
}

function members(file: string): Check {
  const check = "sheet";
  if (existsSync(file)) return { check, state: "ok", says: file };
  return {
    check,
    state: "warn",
    says: `${file} is missing`,
    next: "put it back: no sheet means that nothing is done",
  };
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function disk(folder: string): Check {
  const check = "disk";
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const free = `${Math.floor((bavail * bsize) / 1024 / 1024)} MB are free`;
  if (!writable(existing))
    return {
      check,
      state: "fail",
      says: `${existing} may not be written`,
      next: "name a folder of yours: --world <dir>",
    };
  return bavail * bsize >= neededBytes
    ? { check, state: "ok", says: free }
    : {
        check,
        state: "fail",
        says: `${free} where the sample hub lives; it wants 200`,
        next: "make room, or name another folder",
      };
}

async function running(folder: string, { instances }: Surroundings): Promise<Check[]> {
  const check = "instance";
  if (!isWorld(folder)) return [{ check, state: "ok", says: "none runs yet; `groundcrew start` starts one" }];
  try {
    const found = await (await instances()).findInstance(folder);
    if (found === undefined)
      return [{ check, state: "ok", says: "none runs; `groundcrew start` starts one" }];
    return [{ check, state: "ok", says: `runs at ${sessionLink(found)}` }, ...(await known(found))];
  } catch (error) {
    const { why, next } = endingOf(error).explanation;
    return [{ check, state: "warn", says: `one may be running, and cannot be asked: ${why}`, next }];
  }
}

/** Lists what ends by itself, and what transfers need, as the instance knows it. */
async function known(found: { origin: string; token: string }): Promise<Check[]> {
  const api = control(found);
  try {
    const { expiries } = await api.get("/expiries", answers.expiries);
    const { checks } = await api.get("/checks", answers.checks);
    return [...expiries, ...checks].map(({ what: check, next, ...line }) => ({
      check,
      ...line,
      ...(next && { next }),
    }));
  } catch (error) {
    const { why, next } = endingOf(error).explanation;
    return [{ check: "what ends, and what transfers need", state: "unchecked", says: why, next }];
  }
}

/** The sample hub listens on free ports of the loopback interface; some sandboxes forbid even that. */
function ports(): Promise<Check> {
  const check = "ports";
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) =>
      resolve({
        check,
        state: "fail",
        says: `nothing may listen on 127.0.0.1: ${"code" in error ? error.code : error.name}`,
        next: "look at the firewall or the sandbox that this runs in",
      }),
    );
    server.listen(0, "127.0.0.1", () =>
      server.close(() => resolve({ check, state: "ok", says: "127.0.0.1 has free ones" })),
    );
  });
}
