// Where functions listen: sockets in a folder that nobody else may enter. On a port anybody on the machine could hand them a
// token that looks as if Google had checked it.
import { lstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instanceError } from "../world.ts";

export type SocketFolder = { folder: string; socketOf: (name: string) => string; remove: () => void };

/** A socket's path with its end has room for 104 bytes on macOS, 108 on Linux (unix(7)). */
const longestPathBytes = 103;
const longestName = "github-webhook-9999.sock";

/** Makes the folder; refuses one that others may enter, or that is too deep. */
export function socketFolder(parent = tmpdir()): SocketFolder {
  const folder = mkdtempSync(join(parent, "crew-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const refuse = (why: string) => {
    remove();
    return instanceError({
      what: "the functions have nowhere to listen",
      why,
      next: "set TMPDIR to another folder of yours, and start again",
    });
  };
  const { uid, mode } = lstatSync(folder);
  if (process.platform === "win32")
    return { folder, socketOf: (name) => `\\\\.\\pipe\\${folder}\\${name}`, remove };
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
    throw refuse(`others may enter the folder that was made in ${parent}`);
  if (Buffer.byteLength(join(folder, longestName)) > longestPathBytes)
    throw refuse(`a socket in ${parent} would have too long a path`);
  return { folder, socketOf: (name) => join(folder, `${name}.sock`), remove };
}
