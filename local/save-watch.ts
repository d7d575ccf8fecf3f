// Sees a saved members.csv and says so, as Drive would. The folder is watched and not the file: editors save by writing
// another file and renaming it, after which a watch on the file itself is deaf.
import { basename, dirname } from "node:path";

export type Watching = { close: () => Promise<void> };

/** Milliseconds without a write after which a save counts as finished. */
const settledMilliseconds = 150;

/** Calls `saved` after each change of a file anywhere below the folders, one that is gone included. */
export async function watchFolders(
  folders: readonly string[],
  saved: (file: string) => void,
): Promise<Watching> {
  const { watch } = await import("chokidar");
  const watcher = watch([...folders], {
    ignoreInitial: true,
    atomic: true,
    awaitWriteFinish: { stabilityThreshold: settledMilliseconds, pollInterval: 50 },
  });
  watcher.on("add", saved).on("change", saved).on("unlink", saved);
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return { close: () => watcher.close() };
}

/** Calls `saved` after each save, whatever way the editor has; a deleted file is nothing to tell. */
export async function watchFiles(files: readonly string[], saved: (file: string) => void): Promise<Watching> {
  const { watch } = await import("chokidar");
  const names = new Set(files.map((file) => basename(file)));
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const watcher = watch(folders, {
    depth: 0,
    ignoreInitial: true,
    atomic: true,
    awaitWriteFinish: { stabilityThreshold: settledMilliseconds, pollInterval: 50 },
    ignored: (path) => !folders.includes(path) && !names.has(basename(path)),
  });
  watcher.on("add", saved).on("change", saved);
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return { close: () => watcher.close() };
}
