// Measurement of a home volume by a scan, wherever the figures come from: Prometheus or a report. One shape for both; figures of
// two kinds (allocated on disk, apparent length) never mix.
import type { QuotaReport } from "./report.ts";
import type { QuotaSettings } from "./settings.ts";

export type Kind = "allocated" | "apparent";

/** A figure of one home: its kind, its age and whether it is whole are its own, and say nothing of another home. */
export type Measurement = {
  directory: string;
  bytes: number;
  kind: Kind;
  measuredAt: string;
  /** Limit that the server enforces, where the source knows it. */
  limit?: number;
  /** False: a lower bound, which can show that a home is above a limit and never that it is below. */
  complete: boolean;
  entries?: number;
  lastTouched?: string;
  /** The largest parts, where the source knows them. */
  top?: { name: string; bytes: number }[];
};

export type Scan = {
  source: "prometheus" | "report";
  /** Kind of all its figures. */
  kind: Kind;
  /** Time of the newest of them. */
  measuredAt: string;
  /** False when homes may be missing from it altogether. */
  complete: boolean;
  /** Absent where the source does not tell. */
  volume?: { bytes: number; free: number };
  homes: Measurement[];
  /** The volume of days before, where the source remembers them. */
  past: VolumeDay[];
  /** Oddities of the figures: for people, without names. */
  notes: string[];
};

/** A day's volume; `size` may change, for volumes grow. */
export type VolumeDay = { day: string; used: number; size: number };

/** Clocks of two machines differ by this at the most: what is dated later was not measured yet. */
const clocksDifferMs = 3_600_000;

/** Tells whether a time is later than clocks differ: nothing was measured then, and nothing is older than it for that. */
export const isOfFuture = (at: string | undefined, now: Date): boolean =>
  at !== undefined && Date.parse(at) > now.getTime() + clocksDifferMs;

/** Tells whether a figure is too old to change where a home stands. */
export const isOld = (
  { measuredAt }: Pick<Measurement, "measuredAt">,
  { now, settings }: { now: Date; settings: Pick<QuotaSettings, "maximumAgeHours"> },
): boolean => now.getTime() - Date.parse(measuredAt) > settings.maximumAgeHours * 3_600_000;

/** Folders that are no homes: the hub's own, and hidden ones, which the server does not limit either. */
export const isHome = (directory: string): boolean => !notHomes.test(directory);
const notHomes = /^(\.|_shared|deployment-2dservice-2dcheck$|__proto__$)/;

/**
 * A report as a scan. Of two folders with one name, the larger figure counts.
 * @param size the volume's, where the settings name it: then what is free is what the folders leave of it.
 */
export function scanOfReport(report: QuotaReport, size?: number): Scan {
  const homes = new Map<string, Measurement>();
  const notes: string[] = [];
  let used = 0;
  for (const { name, bytes, entries, lastTouched, complete, top } of report.directories) {
    used += bytes;
    if (!isHome(name)) continue;
    const known = homes.get(name);
    if (known !== undefined) notes.push("two folders have the same name: the larger counts");
    if (known !== undefined && known.bytes >= bytes) continue;
    const { kind, measuredAt } = report;
    homes.set(name, { directory: name, bytes, kind, measuredAt, complete, entries, lastTouched, top });
  }
  return {
    source: "report",
    kind: report.kind,
    measuredAt: report.measuredAt,
    complete: true,
    volume: size === undefined ? report.volume : { bytes: size, free: Math.max(size - used, 0) },
    homes: [...homes.values()],
    past: [],
    notes: [...new Set(notes)],
  };
}

/** So many days of the volume are kept. */
const keptDays = 400;

/** Adds the days of a scan to those that are known, oldest first. */
export function daysWith(
  before: readonly VolumeDay[],
  { past, volume, measuredAt }: Pick<Scan, "past" | "volume" | "measuredAt">,
): VolumeDay[] {
  const days = new Map<string, VolumeDay>();
  for (const each of past) days.set(each.day, each);
  // Prefers what we saw ourselves to what the source remembers of it.
  for (const each of before) days.set(each.day, each);
  const day = measuredAt.slice(0, 10);
  if (volume !== undefined) days.set(day, { day, used: volume.bytes - volume.free, size: volume.bytes });
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)).slice(-keptDays);
}
