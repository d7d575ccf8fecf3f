// The home volume of the sample hub: a folder for each of some people, as they look after a few years. Small, for it lies on
// somebody's laptop: the limits in the sample's settings are a million times smaller than a real hub's.
import { createHash } from "node:crypto";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { folderOf } from "../../shared/quota/people.ts";
import { scanFolder } from "../../shared/quota/report.ts";
import type { SamplePerson } from "./people.ts";

/** People who have been on the hub: more would be a long page. */
const homes = 25;
const dayMs = 86_400_000;

/** Bytes in thousands, by path. Most homes are small; three are above the advice, the limit, and near what is enforced. */
const usual: Record<string, number>[] = [
  { "notebooks/first-look.ipynb": 3, "README.md": 1 },
  { "notebooks/trends.ipynb": 4, ".cache/wheel": 3 },
  { "data/stations.csv": 5 },
  { ".bashrc": 1, "notebooks/plots.ipynb": 2, "notebooks/model.py": 1 },
  { "thesis/chapter-1.tex": 2, "thesis/map.png": 5 },
];
const large: Record<number, Record<string, number>> = {
  4: { "data/reanalysis.nc": 22, "compare.ipynb": 5 },
  9: { "checkpoints/model-1.pt": 20, "checkpoints/model-2.pt": 20, ".cache/weights": 13 },
  17: { "zarr/store/0.0": 48, "zarr/store/0.1": 44, "notes.md": 1 },
};

/** Share of the volume that is free at first: just below the share at which the team is told. */
const freeAtFirst = 0.185;

/**
 * Fills the folder: the same people give the same homes, and the same bytes. Gives the size that the volume is to pretend:
 * what files take differs from disk to disk.
 */
export function makeHomes(folder: string, people: readonly SamplePerson[]): number {
  mkdirSync(folder, { recursive: true });
  const owners = people.filter(({ start }) => start === "in-team").slice(0, homes);
  owners.forEach(({ login }, index) => {
    const files = large[index] ?? usual[index % usual.length] ?? {};
    fillHome(join(folder, folderOf(login, "safe")), files, index);
  });
  // Folders beside people's homes: the hub's own, and somebody's who has left.
  fillHome(join(folder, "_shared"), { "README.md": 1, "example.nc": 6 }, 30);
  fillHome(join(folder, "left-in-2023"), { "data/survey.csv": 6 }, 31);
  const { directories } = scanFolder(folder, { now: () => new Date() });
  return directories.reduce((sum, { bytes }) => sum + bytes, 0) / (1 - freeAtFirst);
}

function fillHome(home: string, files: Record<string, number>, seed: number): void {
  mkdirSync(home, { recursive: true });
  for (const [name, thousands] of Object.entries(files)) {
    const file = join(home, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytesOf(`${seed} ${name}`, thousands * 1000));
    const touched = new Date(Date.now() - (seed * 11 + name.length) * dayMs);
    utimesSync(file, touched, touched);
    for (let above = dirname(file); above.length >= home.length; above = dirname(above))
      utimesSync(above, touched, touched);
  }
}

/** Bytes that no disk can make smaller. */
function bytesOf(seed: string, length: number): Buffer {
  const chunks: Buffer[] = [];
  for (let n = 0; n * 64 < length; n += 1) chunks.push(createHash("sha512").update(`${seed} ${n}`).digest());
  return Buffer.concat(chunks).subarray(0, length);
}
