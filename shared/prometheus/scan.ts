// A scan of the homes out of Prometheus, in two calls: the figures of now, and the volume's days before. A gauge outlives what
// it measured and vanishes while its exporter restarts: what is absent is not zero, and what is odd is left out and noted.
import { dayMs, dayOf } from "../clock.ts";
import { isHome, isOfFuture, type Measurement, type Scan, type VolumeDay } from "../quota/measurement.ts";
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
  const homes = homesOf(answer.series, { now, note });
  if (homes.length === 0)
    return {
      trouble: {
        kind: "no-homes",
        what: "Prometheus has no figures of homes for this hub",
        next: "look at quota.prometheus.namespace in groundcrew.yaml, and whether the exporter runs",
      },
    };
  const volume = volumeOf(answer.series, { mountpoint: settings.mountpoint, note });
  if (volume === undefined) note("the room on the volume is unknown: Prometheus does not tell it");
  if (answer.partial) note("Prometheus warns that figures may be missing");
  return {
    source: "prometheus",
    kind: homes[0]?.kind ?? "apparent",
    measuredAt: homes.map((home) => home.measuredAt).reduce((a, b) => (a > b ? a : b)),
    complete: !answer.partial,
    ...(volume === undefined ? {} : { volume }),
    homes,
    past: daysOf(past.series),
    notes: [...notes],
  };
}

/** Names the exporter that a series is of, in one of its pods: figures of two are two, whatever else they have in common. */
const exporterOf = ({ job = "", instance = "", pod = "" }: Series["labels"]): string =>
  [job, instance, pod].join(" ");

function byExporter<T extends Pick<Series, "labels">>(series: readonly T[]): T[][] {
  return [...Map.groupBy(series, ({ labels }) => exporterOf(labels)).values()];
}

/** Says why a label is no name of a folder; undefined where it is one. */
function nameProblem(directory: string | undefined): string | undefined {
  if (directory === undefined || directory === "") return "without a folder's name";
  if (/\p{Cc}/u.test(directory))
    return "of a folder whose name has a line break or another sign that nobody can see";
  if (directory.includes("/")) return "of a path, and not of a folder below the homes,";
  return Buffer.byteLength(directory) > 255 ? "with a name longer than any folder's" : undefined;
}

type Noting = { note: (what: string) => void };

/** Figures of one kind: of a folder that two exporters tell of, the one counts that takes blocks, then the newer, then the larger one. */
function homesOf(series: readonly Series[], { now, note }: Noting & { now: Date }): Measurement[] {
  const told = byExporter(series).flatMap((own) => figuresOf(own, { now, note }));
  const homes = new Map<string, Measurement>();
  for (const figure of told) {
    const known = homes.get(figure.directory);
    if (known !== undefined)
      note("a folder has two figures: blocks count before lengths, then the newer, then the larger");
    homes.set(figure.directory, known === undefined || isBetter(figure, known) ? figure : known);
  }
  const of = (name: string) => series.filter(({ labels: { __name__ } }) => __name__ === name);
  for (const { labels, value } of of(homeMetrics.entries)) {
    const home = homes.get(labels["directory"] ?? "");
    if (home !== undefined && Number.isFinite(value) && value >= 0) home.entries = Math.round(value);
  }
  for (const { labels, value } of of(homeMetrics.touched)) {
    const home = homes.get(labels["directory"] ?? "");
    if (home !== undefined && isTime(value)) home.lastTouched = new Date(value * 1000).toISOString();
  }
  const all = [...homes.values()];
  const allocated = all.filter(({ kind }) => kind === "allocated");
  if (allocated.length > 0 && allocated.length < all.length)
    note(
      "homes of which only the lengths of their files are known were left out: they cannot be compared with blocks",
    );
  return allocated.length > 0 ? allocated : all;
}

function isBetter(one: Measurement, other: Measurement): boolean {
  if (one.kind !== other.kind) return one.kind === "allocated";
  return one.measuredAt === other.measuredAt ? one.bytes > other.bytes : one.measuredAt > other.measuredAt;
}

/** Figures of one exporter, in one pod. Only the home server's own knows limits, and it measures blocks; the other one adds up lengths. */
function figuresOf(series: readonly Series[], { now, note }: Noting & { now: Date }): Measurement[] {
  const of = (name: string) => series.filter(({ labels: { __name__ } }) => __name__ === name);
  const limits = of(homeMetrics.limit);
  const kind = limits.length > 0 ? "allocated" : "apparent";
  const limitOf = new Map(limits.map(({ labels, value }) => [labels["directory"], value]));
  const updated = new Map(of(homeMetrics.updated).map(({ labels, value }) => [labels["directory"], value]));
  return of(homeMetrics.bytes).flatMap(({ labels: { directory }, value }): Measurement[] => {
    const nameless = nameProblem(directory);
    if (directory === undefined || nameless !== undefined) {
      note(`a figure ${nameless} was left out`);
      return [];
    }
    if (!isHome(directory)) return [];
    if (!Number.isFinite(value) || value < 0) {
      note("a figure that is no size was left out");
      return [];
    }
    const measuredAt = timeOf(updated.get(directory), now);
    if (measuredAt === undefined) {
      note("a figure of the future was left out: set the clock of what measures");
      return [];
    }
    const limit = limitOf.get(directory) ?? 0;
    const enforced = Number.isFinite(limit) && limit > 0 ? { limit: Math.round(limit) } : {};
    return [{ directory, bytes: Math.round(value), kind, measuredAt, complete: true, ...enforced }];
  });
}

/** Time at which a figure was taken: by what its exporter says, else now; undefined where that is in the future by more than clocks differ. */
function timeOf(updated: number | undefined, now: Date): string | undefined {
  if (updated === undefined) return now.toISOString();
  const seconds = updated > 1e12 ? updated / 1e9 : updated;
  if (!isTime(seconds)) return now.toISOString();
  const at = new Date(seconds * 1000).toISOString();
  if (isOfFuture(at, now)) return undefined;
  return at < now.toISOString() ? at : now.toISOString();
}

const isTime = (value: number): boolean => value > 0 && value < 253_402_300_800;

/** Room on the volume: size and what is free by one exporter in one pod. Where several tell of it, the one counts that sees the least free. */
function volumeOf(
  series: readonly Series[],
  { mountpoint, note }: Noting & { mountpoint: string },
): Scan["volume"] {
  const rooms = byExporter(series).flatMap((own) => {
    const told = (name: string): number | undefined =>
      own.find(({ labels }) => labels["__name__"] === name && labels["mountpoint"] === mountpoint)?.value;
    const [free, bytes] = [told(available), told(size)];
    return isRoom({ free, bytes }) ? [{ bytes: bytes ?? 0, free: free ?? 0 }] : [];
  });
  const shares = new Set(rooms.map(({ free, bytes }) => Math.round((100 * free) / bytes)));
  if (shares.size > 1) note("two exporters see another room on the volume: the one with less counts");
  return rooms.sort((a, b) => a.free / a.bytes - b.free / b.bytes)[0];
}

/** Tells whether both are figures of one volume. */
const isRoom = ({ free, bytes }: { free: number | undefined; bytes: number | undefined }): boolean =>
  free !== undefined &&
  bytes !== undefined &&
  Number.isFinite(bytes) &&
  bytes > 0 &&
  free >= 0 &&
  free <= bytes;

/** The volume by day: of several exporters that tell of a day, the one counts that sees the least free. */
function daysOf(series: readonly RangeSeries[]): VolumeDay[] {
  const days = new Map<string, VolumeDay>();
  for (const own of byExporter(series))
    for (const day of daysOfOne(own)) {
      const known = days.get(day.day);
      if (known === undefined || day.used / day.size > known.used / known.size) days.set(day.day, day);
    }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

function daysOfOne(series: readonly RangeSeries[]): VolumeDay[] {
  const days = new Map<string, { free?: number; bytes?: number }>();
  for (const { labels, points } of series)
    for (const { at, value } of points) {
      if (!Number.isFinite(value) || value < 0 || !isTime(at)) continue;
      const day = dayOf(new Date(at * 1000));
      const known = days.get(day) ?? {};
      if (labels["__name__"] === available) known.free = Math.min(known.free ?? value, value);
      if (labels["__name__"] === size) known.bytes = Math.max(known.bytes ?? value, value);
      days.set(day, known);
    }
  return [...days].flatMap(([day, { free, bytes }]) =>
    isRoom({ free, bytes }) ? [{ day, used: (bytes ?? 0) - (free ?? 0), size: bytes ?? 0 }] : [],
  );
}
