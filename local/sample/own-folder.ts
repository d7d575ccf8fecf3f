// `.groundcrew/` and the mailbox hold the keys that mint every token, and people's mails: they are the user's alone. What an
// earlier version left open is closed; what somebody else could have put there is refused.
import { chmodSync, lstatSync, readdirSync, realpathSync, type Stats } from "node:fs";
import { dirname, join, parse, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf, type Explanation } from "../../shared/errors.ts";

/** Of the group and of all others. */
const othersMay = 0o077;
const othersMayWrite = 0o002;
const sticky = 0o1000;

/** Presence of users, and of modes, as they are on Unix. */
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
  const open = mayExchange(root);
  if (open !== undefined) return refused(root, open.why, open.remedy);
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
 * Finds who else may exchange a folder, or one above it, and what ends that. Everybody may where everybody may write; so may the
 * owner of a folder or of a link on the way. Root is trusted with all. So is whoever owns the machine's first folder: root bears
 * that name where users are mapped. Folders that hold this program, too, are left out: whoever can write there needs no way round.
 */
export function mayExchange(root: string): { why: string; remedy: string } | undefined {
  if (!hasOwners) return undefined;
  const program = `${realpathSync(fileURLToPath(new URL("../..", import.meta.url)))}${sep}`;
  const trusted = new Set([process.getuid?.(), 0, lstatSync(parse(root).root).uid]);
  const holdsProgram = (folder: string): boolean =>
    program.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
  for (const begin of [root, nearest(root)])
    for (let folder = begin; !holdsProgram(folder); folder = dirname(folder)) {
      const found = look(folder);
      if (found === undefined) continue;
      if (!trusted.has(found.uid))
        return {
          why: `another user, whose ${folder} is, could put something else in its place`,
          remedy: "ask for a folder of your own",
        };
      const open = (found.mode & othersMayWrite) !== 0 && (found.mode & sticky) === 0;
      if (open && !found.isSymbolicLink())
        return { why: `everybody may write in ${folder}`, remedy: `chmod o-w ${folder}` };
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

/** Gives what is there; undefined, too, where a part of the path is a file. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return undefined;
    throw error;
  }
}
