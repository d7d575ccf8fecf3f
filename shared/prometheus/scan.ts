// A scan of the homes out of Prometheus, in two calls: the figures of now, and the volume's days before. A gauge outlives what
// it measured and vanishes while its exporter restarts: what is absent is not zero, and what is odd is left out and noted.
import { dayMs, dayOf } from "../clock.ts";
import { isHome, type Measurement, type Scan, type VolumeDay } from "../quota/measurement.ts";
import type { PrometheusSettings } from "../quota/settings.ts";
import type { Prometheus, RangeSeries, Series, SourceTrouble } from "./client.ts";

const homeMetrics = {
  bytes: "dirsize_total_size_bytes",
  limit: "dirsize_hard_limit_bytes",
  entries: "dirsize_entries_count",
  touched: "dirsize_latest_mtime",
  /** In seconds, whatever its name says. */
  updated: "dirsize_last_updated_ns",
} as const;
const available = "node_filesystem_avail_bytes";
const size = "node_filesystem_size_bytes";

const historyDays = 90;

/** The figures of now, or why there are none. */
export async function scanPrometheus(
  prometheus: Prometheus,
  settings: PrometheusSettings,
  now: Date,
): Promise<Scan | { trouble: SourceTrouble }> {
  const labels = `namespace="${settings.namespace}"`;
  const names = `${Object.values(homeMetrics).join("|")}|node_filesystem_(avail|size)_bytes`;
  const answer = await prometheus.query(`{__name__=~"${names}",${labels}}`, now);
  if ("trouble" in answer) return answer;
  const past = await prometheus.queryRange(
    `{__name__=~"node_filesystem_(avail|size)_bytes",${labels},mountpoint="${settings.mountpoint}"}`,
    { from: new Date(now.getTime() - historyDays * dayMs), to: now, stepSeconds: 86_400 },
  );
  if ("trouble" in past) return past;
  const notes = new Set<string>();
  const note = (what: string) => void notes.add(what);
  const homes = homesOf(answer.series, note);
  if (homes.length === 0)
    return {
      trouble: {
        kind: "no-homes",
        what: "Prometheus has no figures of homes for this hub",
        next: "look at quota.prometheus.namespace in groundcrew.yaml, and whether the exporter runs",
      },
    };
  const volume = volumeOf(answer.series, settings.mountpoint);
  if (volume === undefined) note("the room on the volume is unknown: Prometheus does not tell it");
  if (answer.partial) note("Prometheus warns that figures may be missing");
  // Only the home server's own exporter knows limits, and it measures blocks; the other one adds up lengths.
  const allocated = answer.series.some(({ labels: { __name__ } }) => __name__ === homeMetrics.limit);
  return {
    source: "prometheus",
    kind: allocated ? "allocated" : "apparent",
    measuredAt: measuredAt(answer.series, allocated, now),
    complete: !answer.partial,
    ...(volume === undefined ? {} : { volume }),
    homes,
    past: daysOf(past.series),
    notes: [...notes],
  };
}

/** Says why a label is no name of a folder; undefined where it is one. */
function nameProblem(directory: string | undefined): string | undefined {
  if (directory === undefined || directory === "") return "without a folder's name";
  if (/\p{Cc}/u.test(directory))
    return "of a folder whose name has a line break or another sign that nobody can see";
  if (directory.includes("/")) return "of a path, and not of a folder below the homes,";
  return Buffer.byteLength(directory) > 255 ? "with a name longer than any folder's" : undefined;
}

function homesOf(series: readonly Series[], note: (what: string) => void): Measurement[] {
  const homes = new Map<string, Measurement>();
  const of = (name: string) => series.filter(({ labels: { __name__ } }) => __name__ === name);
  for (const { labels, value } of of(homeMetrics.bytes)) {
    const { directory } = labels;
    const nameless = nameProblem(directory);
    if (directory === undefined || nameless !== undefined) {
      note(`a figure ${nameless} was left out`);
      continue;
    }
    if (!isHome(directory)) continue;
    if (!Number.isFinite(value) || value < 0) {
      note("a figure that is no size was left out");
      continue;
    }
    const known = homes.get(directory);
    if (known !== undefined) note("a folder has two figures: the larger counts");
    if (known === undefined || value > known.bytes)
      homes.set(directory, { directory, bytes: Math.round(value), complete: true });
  }
  for (const { labels, value } of of(homeMetrics.entries)) {
    const home = homes.get(labels["directory"] ?? "");
    if (home !== undefined && Number.isFinite(value) && value >= 0) home.entries = Math.round(value);
  }
  for (const { labels, value } of of(homeMetrics.touched)) {
    const home = homes.get(labels["directory"] ?? "");
    if (home !== undefined && isTime(value)) home.lastTouched = new Date(value * 1000).toISOString();
  }
  return [...homes.values()];
}

const isTime = (value: number): boolean => value > 0 && value < 253_402_300_800;

/** The exporter that adds up lengths takes hours: its figures are as old as the oldest of them. */
function measuredAt(series: readonly Series[], allocated: boolean, now: Date): string {
  const updated = series
    .filter(({ labels: { __name__ }, value }) => __name__ === homeMetrics.updated && value > 0)
    .map(({ value }) => (value > 1e12 ? value / 1e9 : value))
    .filter(isTime);
  const oldest = Math.min(now.getTime(), ...updated.map((each) => each * 1000));
  return new Date(allocated ? now.getTime() : oldest).toISOString();
}

/** Several pods may tell of one volume: the least room counts. */
function volumeOf(series: readonly Series[], mountpoint: string): Scan["volume"] {
  const least = (name: string): number | undefined => {
    const values = series
      .filter(({ labels }) => labels["__name__"] === name && labels["mountpoint"] === mountpoint)
      .map(({ value }) => value)
      .filter((value) => Number.isFinite(value) && value >= 0);
    return values.length === 0 ? undefined : Math.min(...values);
  };
  const [free, bytes] = [least(available), least(size)];
  return free === undefined || bytes === undefined || bytes === 0 || free > bytes
    ? undefined
    : { bytes, free };
}

function daysOf(series: readonly RangeSeries[]): VolumeDay[] {
  const days = new Map<string, { free?: number; size?: number }>();
  for (const { labels, points } of series)
    for (const { at, value } of points) {
      if (!Number.isFinite(value) || value < 0 || !isTime(at)) continue;
      const day = dayOf(new Date(at * 1000));
      const known = days.get(day) ?? {};
      if (labels["__name__"] === available) known.free = Math.min(known.free ?? value, value);
      if (labels["__name__"] === size) known.size = Math.min(known.size ?? value, value);
      days.set(day, known);
    }
  return [...days]
    .flatMap(([day, { free, size: whole }]) =>
      free === undefined || whole === undefined || free > whole
        ? []
        : [{ day, used: whole - free, size: whole }],
    )
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}
