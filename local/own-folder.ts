// `.groundcrew/` and the mailbox hold the keys that mint every token, and people's mails: they are the user's alone. What an
// earlier version left open is closed; what somebody else could have put there is refused.
import { chmodSync, lstatSync, readdirSync, realpathSync, type Stats } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf, type Explanation } from "../shared/errors.ts";

/** Of the group and of all others. */
const othersMay = 0o077;
const othersMayWrite = 0o002;
const sticky = 0o1000;

/** Whether users, and modes, are what they are on Unix. */
const hasOwners = process.getuid !== undefined;

/**
 * Makes what lies in `folders` and `files` this user's alone, and gives the paths that were open before. Those need not
 * be there. Gives an explanation instead where another user has had, or could have, a hand in it.
 */
export function keepToSelf(
  root: string,
  own: { folders: string[]; files: string[] },
): string[] | Explanation {
  if (!hasOwners) return [];
  const open = openParent(root);
  if (open !== undefined) return refused(root, `everybody may write in ${open}`, `chmod o-w ${open}`);
  const mended: string[] = [];
  for (const path of [...own.files, ...own.folders]) {
    const found = look(path);
    if (found === undefined) continue;
    const stranger = foreign(path, found);
    if (stranger !== undefined) return stranger;
    if ((found.mode & othersMay) === 0) continue;
    const inside = found.isDirectory() ? closeBelow(path) : undefined;
    if (inside !== undefined) return inside;
    close(path, found);
    mended.push(path);
  }
  return mended;
}

/** Closes all that lies below, the folder itself last: its mode says that all of it is done. */
function closeBelow(folder: string): Explanation | undefined {
  const queue = [folder];
  for (const inner of queue)
    for (const name of readdirSync(inner)) {
      const path = join(inner, name);
      const found = look(path);
      // Gone meanwhile, or a link, whose own mode says nothing.
      if (found === undefined || found.isSymbolicLink()) continue;
      const stranger = foreign(path, found);
      if (stranger !== undefined) return stranger;
      if ((found.mode & othersMay) !== 0) close(path, found);
      if (found.isDirectory()) queue.push(path);
    }
  return undefined;
}

const close = (path: string, { mode }: Stats): void => chmodSync(path, mode & 0o777 & ~othersMay);

function foreign(path: string, found: Stats): Explanation | undefined {
  if (found.isSymbolicLink()) return refused(path, "it is a link to elsewhere", `take the link ${path} away`);
  if (found.uid === process.getuid?.()) return undefined;
  return refused(
    path,
    "it belongs to another user",
    "start it as that user, or delete the sample hub's folder",
  );
}

const refused = (path: string, why: string, remedy: string): Explanation => ({
  what: `${path} is not yours alone`,
  why: `${why}, and keys are kept there that open everything`,
  next: `${remedy}; or name another folder: --world <dir>`,
});

/**
 * The nearest folder above the sample hub's own, itself included, in which everybody may exchange what lies there. Those
 * that hold this program, too, are left out: whoever can write there needs no way round.
 */
function openParent(root: string): string | undefined {
  const program = realpathSync(fileURLToPath(new URL("..", import.meta.url)));
  let folder = nearest(root);
  while (!`${program}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)) {
    const { mode } = lstatSync(folder);
    if ((mode & othersMayWrite) !== 0 && (mode & sticky) === 0) return folder;
    folder = dirname(folder);
  }
  return undefined;
}

/** The path without links; of a folder that is not there yet, where it will be. */
function nearest(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return nearest(dirname(path));
  }
}

/** What is there; nothing, too, where a part of the path is a file. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return undefined;
    throw error;
  }
}
