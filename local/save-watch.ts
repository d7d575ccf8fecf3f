// Sees what a person saves, and says so. Folders are watched and not files: editors save by writing another file and renaming
// it, after which a watch on the file itself is deaf.
import { basename, dirname } from "node:path";
import type { ChokidarOptions } from "chokidar";

export type Watching = { close: () => Promise<void> };

/** Milliseconds without a write after which a save counts as finished. */
const settledMilliseconds = 150;

/** Calls `saved` after each change of a file anywhere below the folders, one that is gone included. */
export const watchFolders = (folders: readonly string[], saved: (file: string) => void): Promise<Watching> =>
  watching(folders, saved, ["add", "change", "unlink"], {});

/** Calls `saved` after each save, whatever way the editor has; a deleted file is nothing to tell. */
export function watchFiles(files: readonly string[], saved: (file: string) => void): Promise<Watching> {
  const names = new Set(files.map((file) => basename(file)));
  return watchNames([...new Set(files.map((file) => dirname(file)))], (name) => names.has(name), saved);
}

/** The same for every file that lies in one of the folders and has a name of that kind. */
export const watchNames = (
  folders: readonly string[],
  isMeant: (name: string) => boolean,
  saved: (file: string) => void,
): Promise<Watching> =>
  watching(folders, saved, ["add", "change"], {
    depth: 0,
    ignored: (path) => !folders.includes(path) && !isMeant(basename(path)),
  });

async function watching(
  folders: readonly string[],
  saved: (file: string) => void,
  events: readonly ("add" | "change" | "unlink")[],
  options: ChokidarOptions,
): Promise<Watching> {
  const { watch } = await import("chokidar");
  const watcher = watch([...folders], {
    ignoreInitial: true,
    atomic: true,
    awaitWriteFinish: { stabilityThreshold: settledMilliseconds, pollInterval: 50 },
    ...options,
  });
  for (const event of events) watcher.on(event, saved);
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return { close: () => watcher.close() };
}
