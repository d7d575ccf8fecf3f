// Sockets where functions listen, in a folder that nobody else may enter. On a port anybody on the machine could hand them a
// token that looks as if Google had checked it.
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { mayExchange } from "../sample/own-folder.ts";
import { instanceError } from "../sample/world.ts";

export type SocketFolder = { folder: string; socketOf: (name: string) => string; remove: () => void };

/** A socket's path with its end has room for 104 bytes on macOS, 108 on Linux (unix(7)). */
const longestPathBytes = 103;
const longestName = "github-webhook-9999.sock";
const prefix = "crew-";

/**
 * Makes the folder; refuses one that others may enter or put another in place of, or that is too deep. `keptIn` names a file that
 * remembers it, so that what a killed instance has left is taken away by the next.
 */
export function socketFolder({ parent = tmpdir(), keptIn = "" } = {}): SocketFolder {
  if (keptIn !== "") removeLeft(keptIn, parent);
  const folder = mkdtempSync(join(parent, prefix));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const wrong = wrongWith(folder, parent);
  if (wrong !== undefined) {
    remove();
    throw instanceError({
      what: "the functions have nowhere to listen",
      why: wrong,
      next: "set TMPDIR to another folder of yours, and start again",
    });
  }
  if (keptIn !== "") writeFileSync(keptIn, folder, { mode: 0o600 });
  // There a socket is a pipe, which has a place of its own (https://nodejs.org/api/net.html#identifying-paths-for-ipc-connections).
  const place = process.platform === "win32" ? `\\\\.\\pipe\\${folder}` : folder;
  return { folder, socketOf: (name) => join(place, `${name}.sock`), remove };
}

function wrongWith(folder: string, parent: string): string | undefined {
  if (process.platform === "win32") return undefined;
  if (!isMine(lstatSync(folder))) return `others may enter the folder that was made in ${parent}`;
  const { mode } = statSync(parent);
  const sticky = 0o1000;
  if ((mode & 0o022) !== 0 && (mode & sticky) === 0)
    return `others may put another folder in the place of one in ${parent}`;
  const open = mayExchange(folder);
  if (open !== undefined) return open.why;
  return Buffer.byteLength(join(folder, longestName)) > longestPathBytes
    ? `a socket in ${parent} would have too long a path`
    : undefined;
}

const isMine = (stats: Stats): boolean =>
  stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0;

/** Sockets alone, in a folder such as we make: the file may have come from somebody else. */
function removeLeft(keptIn: string, parent: string): void {
  if (!existsSync(keptIn)) return;
  const left = readFileSync(keptIn, "utf8");
  if (dirname(left) !== parent || !basename(left).startsWith(prefix)) return;
  const found = lstatSync(left, { throwIfNoEntry: false });
  if (found === undefined || !isMine(found)) return;
  const names = readdirSync(left);
  if (!names.every((name) => name.endsWith(".sock"))) return;
  for (const name of names) rmSync(join(left, name));
  rmdirSync(left);
}
