// A tree as nasty as people make them, to be measured by us and by the system's own `du`.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textOf } from "../../../shared/quota/names.ts";

/** Makes the tree in a folder of its own. */
export async function quotaTree() {
  const folder = mkdtempSync(join(tmpdir(), "walk-"));
  const homes = join(folder, "homes");
  mkdirSync(homes);
  buildPlain(homes);
  buildLinks(homes);
  buildNames(homes);
  buildDeep(homes);
  buildLarge(homes);
  const socket = createServer().listen(join(homes, "odd", "socket"));
  await new Promise((resolve) => socket.once("listening", resolve));
  return {
    /** Room for other trees beside it. */
    folder,
    homes,
    close(): void {
      socket.close();
      // Deeper than Node's own removal can go.
      spawnSync("rm", ["-rf", folder]);
    },
  };
}

function buildPlain(homes: string): void {
  const home = (name: string) => {
    mkdirSync(join(homes, name));
    return join(homes, name);
  };
  home("empty");
  const plain = home("plain");
  mkdirSync(join(plain, "data"));
  mkdirSync(join(plain, ".cache", "pip"), { recursive: true });
  writeFileSync(join(plain, "data", "a.nc"), Buffer.alloc(300_000, 1));
  writeFileSync(join(plain, ".cache", "pip", "wheel"), Buffer.alloc(70_000, 1));
  writeFileSync(join(plain, "notes.txt"), "x");
  utimesSync(join(plain, "notes.txt"), 1_900_000_000, 1_900_000_000);
  const sparse = home("sparse");
  writeFileSync(join(sparse, "hole"), Buffer.alloc(10_000, 1));
  truncateSync(join(sparse, "hole"), 2 ** 40);
  const odd = home("odd");
  spawnSync("mkfifo", [join(odd, "pipe")]);
  spawnSync("mknod", [join(odd, "null"), "c", "1", "3"]);
  writeFileSync(join(homes, "a file among the homes"), "not a home");
  symlinkSync(plain, join(homes, "a-link-to-a-home"));
}

function buildLinks(homes: string): void {
  const linked = join(homes, "linked");
  mkdirSync(join(linked, "deeper"), { recursive: true });
  writeFileSync(join(linked, "one"), Buffer.alloc(500_000, 1));
  linkSync(join(linked, "one"), join(linked, "two"));
  linkSync(join(linked, "one"), join(linked, "deeper", "three"));
  // Across homes: each has it, as `du` of each alone says.
  linkSync(join(linked, "one"), join(homes, "plain", "shared"));
  const loops = join(homes, "loops");
  mkdirSync(join(loops, "below"), { recursive: true });
  symlinkSync(".", join(loops, "self"));
  symlinkSync("..", join(loops, "below", "up"));
  symlinkSync("/", join(loops, "root"));
  symlinkSync("nowhere", join(loops, "dangling"));
  symlinkSync("x".repeat(3000), join(loops, "long"));
}

/** Bytes that are no UTF-8, and names that would drive a terminal. */
function buildNames(homes: string): void {
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat([Buffer.from(homes), ...parts.map((part) => Buffer.from(part as string))]);
  mkdirSync(bytes("/latin-", [0xe9, 0xff]));
  mkdirSync(bytes("/latin-", [0xe9, 0xff], "/100% ", [0x80]));
  writeFileSync(bytes("/latin-", [0xe9, 0xff], "/100% ", [0x80], "/", [0xc3]), Buffer.alloc(40_000, 1));
  mkdirSync(join(homes, "größe 日本\n\u001b[2J"));
  writeFileSync(join(homes, "größe 日本\n\u001b[2J", "\u202eevil"), "x");
}

/** 800 folders deep: 8,000 bytes of path, where the system takes 4,096. */
function buildDeep(homes: string): void {
  mkdirSync(join(homes, "deep"));
  let at = openSync(join(homes, "deep"), "r");
  for (let level = 0; level < 800; level += 1) {
    mkdirSync(`/proc/self/fd/${at}/ninebytes`);
    if (level % 100 === 0) writeFileSync(`/proc/self/fd/${at}/file`, Buffer.alloc(5000, 1));
    const next = openSync(`/proc/self/fd/${at}/ninebytes`, "r");
    closeSync(at);
    at = next;
  }
  closeSync(at);
}

/** A folder whose own entry is larger than 1 MiB: it is read piece by piece. */
function buildLarge(homes: string): void {
  const large = join(homes, "large", "many");
  mkdirSync(large, { recursive: true });
  for (let n = 0; n < 5500; n += 1) writeFileSync(join(large, `${n}-${"x".repeat(235)}`), "");
}

/** Gives what du says of each folder alone, by its name in latin1. */
export function du(homes: string, options: { as?: string[] } = {}): Map<string, number> {
  const script = 'cd "$1"; for home in ./*/; do du -s --block-size=1 -x "$home"; printf "\\000"; done';
  const [program = "sh", ...before] = [...(options.as ?? []), "sh"];
  const { stdout } = spawnSync(program, [...before, "-c", script, "sh", homes], { encoding: "latin1" });
  return new Map(
    stdout
      .split("\0")
      .filter((each) => each !== "")
      .map((each) => {
        const [, bytes = "", name = ""] = /^(\d+)\t\.\/([\s\S]*)\/\n$/.exec(each) ?? [];
        return [textOf(name), Number(bytes)];
      }),
  );
}
