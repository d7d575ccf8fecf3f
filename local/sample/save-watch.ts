// Sees what a person saves, and says so. Folders are watched and not files: editors save by writing another file and renaming
// it, after which a watch on the file itself is deaf.
import { lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, sep } from "node:path";

export type Watching = { close: () => Promise<void> };

/** Milliseconds without a write after which a save counts as finished. */
const settledMilliseconds = 150;

/** Calls `saved` after each change of a file anywhere below the folders, one that is gone included. */
export const watchFolders = (folders: readonly string[], saved: (file: string) => void): Promise<Watching> =>
  watching(folders, saved, ["add", "change", "unlink"]);

/** Calls `saved` after each save, whatever way the editor has; a deleted file is nothing to tell. */
export const watchFiles = (files: readonly string[], saved: (file: string) => void): Promise<Watching> =>
  watchNames(foldersOf(files), isOneOf(files), saved);

/** The same for files whose being there says something: one that is gone is told, too. */
export const watchSigns = (files: readonly string[], changed: (file: string) => void): Promise<Watching> =>
  watching(foldersOf(files), changed, ["add", "change", "unlink"], isOneOf(files));

const foldersOf = (files: readonly string[]): string[] => [...new Set(files.map((file) => dirname(file)))];

function isOneOf(files: readonly string[]): (name: string) => boolean {
  const names = new Set(files.map((file) => basename(file)));
  return (name) => names.has(name);
}

/** The same for every file that lies in one of the folders and has a name of that kind. */
export const watchNames = (
  folders: readonly string[],
  isMeant: (name: string) => boolean,
  saved: (file: string) => void,
): Promise<Watching> => watching(folders, saved, ["add", "change"], isMeant);

async function watching(
  folders: readonly string[],
  saved: (file: string) => void,
  events: readonly ("add" | "change" | "unlink")[],
  /** Names of files that lie right in the folders; without it, all files anywhere below. */
  isMeant?: (name: string) => boolean,
): Promise<Watching> {
  const { watch } = await import("chokidar");
  const roots = folders.map((folder) => ({ folder, real: realFolder(folder) }));
  const watcher = watch(
    roots.map(({ real }) => real),
    {
      ignoreInitial: true,
      atomic: true,
      // A link below may lead back to where it lies, or to the whole disk.
      followSymlinks: false,
      ignorePermissionErrors: true,
      awaitWriteFinish: { stabilityThreshold: settledMilliseconds, pollInterval: 50 },
      ...(isMeant === undefined
        ? {}
        : {
            depth: 0,
            ignored: (path: string) => !roots.some(({ real }) => real === path) && !isMeant(basename(path)),
          }),
    },
  );
  const told = (path: string): void => {
    const root = roots.find(({ real }) => path.startsWith(`${real}${sep}`));
    if (root !== undefined && !leadsNowhere(path)) saved(`${root.folder}${path.slice(root.real.length)}`);
  };
  for (const event of events) watcher.on(event, told);
  // Errors would end the process if nobody listened. The next look sees what cannot be watched.
  watcher.on("error", () => undefined);
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return { close: () => watcher.close() };
}

/** A link to a folder, or to nothing: told of when it is found, and with nothing in it to read. */
function leadsNowhere(path: string): boolean {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink && statSync(path, { throwIfNoEntry: false })?.isFile() !== true;
}

/** Gives the real place of a folder that is a link, as somebody's clone may be. A link to a place that it lies in stays a link. */
function realFolder(folder: string): string {
  try {
    const real = realpathSync(folder);
    const home = `${realpathSync(dirname(folder))}${sep}`;
    return home.startsWith(real === sep ? sep : `${real}${sep}`) ? folder : real;
  } catch {
    return folder;
  }
}
