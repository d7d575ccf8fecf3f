// Measures how much sooner four workers than one are done with the same lists, where a store takes so many bytes in a second of each
// connection: the rclone of this machine copies, a list at a time, and whoever is free takes the next one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copied, emptyStores, hasRclone } from "./empty-stores.ts";

export type Workers = { workers: number; times: number } | { missing: true };

const MiB = 1024 * 1024;
const flags = { transfers: 4, checkers: 8, uploadConcurrency: 1, chunkMiB: 16, bufferMiB: 16 };
const lists = 12;
const objectsOfList = 8;
const workers = 4;

export async function benchWorkers(): Promise<Workers> {
  if (!hasRclone()) return { missing: true };
  const folder = mkdtempSync(join(tmpdir(), "bench-workers-"));
  try {
    const one = await secondsOf(folder, 1);
    return { workers, times: one / (await secondsOf(folder, workers)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function secondsOf(folder: string, count: number): Promise<number> {
  const stores = await emptyStores({ ofEach: 4 * MiB });
  stores.fill(Float64Array.from({ length: lists * objectsOfList }, () => 4 * MiB));
  const left = Array.from({ length: lists }, (_, list) => list);
  const worker = async (): Promise<void> => {
    for (let list = left.pop(); list !== undefined; list = left.pop()) {
      const names = Array.from({ length: objectsOfList }, (_, n) => `${(list ?? 0) * objectsOfList + n}\n`);
      const file = join(folder, `${count}-${list}`);
      writeFileSync(file, names.join(""));
      await copied(stores.url, file, flags);
    }
  };
  const begun = performance.now();
  try {
    await Promise.all(Array.from({ length: count }, worker));
    return (performance.now() - begun) / 1000;
  } finally {
    await stores.close();
  }
}

export const workersLine = (found: Workers): string =>
  "missing" in found
    ? "workers side by side are not measured: there is no rclone on PATH"
    : `${found.workers} workers on a store that takes so much of each: done ${found.times.toFixed(1)} times as soon as one`;
