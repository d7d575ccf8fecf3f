// The series that a hub's Prometheus has of its homes, computed from the sample hub's folders when it is asked; with the days
// before the sample hub was made invented, so that there is a past to look at.
import { dayOf } from "../../shared/clock.ts";
import type { State } from "../wire/state.ts";
import { type Exporter, exporterOf, homesIn, type Sampled } from "./exporters.ts";

export type VolumeAt = { used: number; size: number };

export type HomeVolume = {
  folder: string;
  namespace: string;
  mountpoint: string;
  /** Bytes that the volume pretends to hold. */
  size: number;
  enforced: number;
  /** Pods that tell of it; one of each kind where nothing is said. */
  exporters?: readonly Exporter[];
};

const usual: readonly Exporter[] = [{ kind: "home-nfs" }, { kind: "dirsize-exporter" }];

const dayMs = 86_400_000;

export function homeSeries(state: State, volume: HomeVolume) {
  const { folder, namespace, mountpoint, size, enforced, exporters = usual } = volume;
  // Sizes come from the home server where there is one: the walking exporter is told to leave them out.
  const withTotals = !exporters.some(({ kind }) => kind === "home-nfs");
  const pods = exporters.map((each) => exporterOf(each, { folder, namespace, enforced, withTotals }));
  state.exec(
    "CREATE TABLE IF NOT EXISTS prometheus_volume (namespace TEXT, day TEXT, used REAL NOT NULL, PRIMARY KEY (namespace, day))",
  );
  const keep = state.prepare(
    "INSERT INTO prometheus_volume VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET used = excluded.used",
  );
  const kept = state.prepare("SELECT day, used FROM prometheus_volume WHERE namespace = ? ORDER BY day");

  return {
    /** Everything of now. */
    now(at: Date): Sampled[] {
      const homes = homesIn(folder, at);
      // A volume that is not there has no exporter either.
      if (homes === undefined) return [];
      const used = homes.reduce((sum, { bytes }) => sum + bytes, 0);
      keep.run(namespace, dayOf(at), used);
      return [...pods.flatMap((told) => told(homes, at)), ...filesystem({ used, size })];
    },
    /** The volume of a day that is past, as it was kept, or as it may have been before the first that was. */
    before(at: Date): Sampled[] {
      const rows = kept.all(namespace) as { day: string; used: number }[];
      const first = rows[0];
      const known = rows.filter(({ day }) => day <= dayOf(at)).at(-1);
      if (known !== undefined) return filesystem({ used: known.used, size });
      return first === undefined ? [] : filesystem(invented(first, at, size));
    },
  };

  function filesystem({ used, size: whole }: VolumeAt): Sampled[] {
    const labels = { namespace, mountpoint };
    return [
      { labels: { __name__: "node_filesystem_avail_bytes", ...labels }, value: Math.max(whole - used, 0) },
      { labels: { __name__: "node_filesystem_size_bytes", ...labels }, value: whole },
    ];
  }
}

/** Steady growth with some noise, one clean-up, and one day on which the volume was enlarged. */
function invented(first: { day: string; used: number }, at: Date, size: number): VolumeAt {
  const back = Math.max(0, (Date.parse(first.day) - Date.parse(dayOf(at))) / dayMs);
  const wave = Math.sin(back * 12.9898) * 43_758.5453;
  const noise = wave - Math.floor(wave) - 0.5;
  const cleanUp = back > 24 ? 0.09 : 0;
  const used = first.used * (1 - 0.0045 * back + cleanUp + 0.012 * noise);
  return { used: Math.round(Math.max(used, 0)), size: back > 60 ? Math.round(size * 0.8) : size };
}
