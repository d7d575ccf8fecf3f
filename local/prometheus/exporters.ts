// Exporters of homes, each as a pod of its own: what one tells, what it goes on telling of a home that was deleted, and how long
// Prometheus repeats what it said last.
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { scanFolder } from "../../shared/quota/report.ts";

export type Sampled = { labels: Record<string, string>; value: number };

/** The home server's own exporter, which knows limits and blocks, and the one that walks, which adds up lengths. */
export type Exporter = {
  kind: "home-nfs" | "dirsize-exporter";
  /** Label that tells it from another of its kind. */
  pod?: string;
  /** Time at which it died. */
  ended?: Date;
};

/**
 * Milliseconds for which a value that nobody renews is given all the same.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#staleness
 */
export const staleAfterMs = 5 * 60_000;

type Home = { name: string; bytes: number; entries: number; lastTouched: string };

/** Gives what an exporter has told by a time: undefined of a volume that is not there. */
export function exporterOf(
  { kind, pod, ended }: Exporter,
  volume: { folder: string; namespace: string; enforced: number; withTotals: boolean },
) {
  let last: Sampled[] | undefined;
  /** By folder: the walking exporter forgets none (https://github.com/yuvipanda/prometheus-dirsize-exporter/issues/21). */
  const walked = new Map<string, Sampled[]>();
  const of = (name: string, directory: string, value: number): Sampled => ({
    labels: {
      __name__: name,
      namespace: volume.namespace,
      directory,
      ...(pod === undefined ? {} : { pod }),
    },
    value,
  });
  const told = (homes: readonly Home[], at: Date): Sampled[] => {
    if (kind === "home-nfs")
      return homes.flatMap(({ name, bytes }) => [
        of("dirsize_total_size_bytes", name, bytes),
        of("dirsize_hard_limit_bytes", name, volume.enforced),
      ]);
    for (const { name, entries, lastTouched } of homes)
      walked.set(name, [
        ...(volume.withTotals
          ? [of("dirsize_total_size_bytes", name, lengthOf(join(volume.folder, name)))]
          : []),
        of("dirsize_entries_count", name, entries),
        of("dirsize_latest_mtime", name, Date.parse(lastTouched) / 1000),
        // In seconds, whatever its name says.
        of("dirsize_last_updated_ns", name, Math.floor(at.getTime() / 1000)),
      ]);
    return [...walked.values()].flat();
  };
  return (homes: readonly Home[], at: Date): Sampled[] => {
    if (ended === undefined || at <= ended) last = told(homes, at);
    else if (at.getTime() - ended.getTime() >= staleAfterMs) return [];
    last ??= told(homes, ended ?? at);
    return last;
  };
}

/** The homes of a folder, as both exporters find them; undefined where there is none. */
export function homesIn(folder: string, at: Date): Home[] | undefined {
  try {
    return scanFolder(folder, { now: () => at }).directories;
  } catch {
    return undefined;
  }
}

function lengthOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  const inside = found.isDirectory() ? readdirSync(path) : [];
  return inside.reduce((sum, name) => sum + lengthOf(join(path, name)), found.size);
}
