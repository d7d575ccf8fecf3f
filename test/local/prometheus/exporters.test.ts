// Scans of exporters alone, of one that has died, of a home that is deleted, and of two pods for one volume.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import type { Exporter } from "../../../local/prometheus/exporters.ts";
import { prometheusFarEnd } from "../../../local/prometheus/far-end.ts";
import { homeSeries } from "../../../local/prometheus/series.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { prometheusClient } from "../../../shared/prometheus/client.ts";
import { scanPrometheus } from "../../../shared/prometheus/scan.ts";

const settings = { url: "http://prometheus.test", namespace: "prod", mountpoint: "/shared-volume" };
const start = new Date("2026-03-02T06:00:00Z");
const folder = mkdtempSync(join(tmpdir(), "exporters-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (home: string, bytes: number): void => {
  mkdirSync(join(folder, home), { recursive: true });
  writeFileSync(join(folder, home, "data"), Buffer.alloc(bytes, 1));
};

function volumeOf(...exporters: Exporter[]) {
  const clock = stoppedClock(start);
  put("ada", 30_001);
  put("bo", 70_001);
  const series = { folder, namespace: "prod", mountpoint: "/shared-volume", size: 1e6, enforced: 1e5 };
  const farEnd = prometheusFarEnd({
    faults: faultStore(),
    now: clock.now,
    token: () => "t",
    datasource: "x",
    volumes: [homeSeries(openState(":memory:"), { ...series, exporters })],
  });
  const prometheus = prometheusClient({
    settings,
    token: async () => "t",
    fetch: async (url, init) => farEnd.fetch(new Request(url, init)),
  });
  const scan = async () => {
    const found = await scanPrometheus(prometheus, settings, clock.now());
    if ("trouble" in found) return found.trouble.kind;
    const { kind, measuredAt, homes, notes } = found;
    return { kind, measuredAt, homes: homes.toSorted((a, b) => (a.directory < b.directory ? -1 : 1)), notes };
  };
  return { clock, scan };
}

/** Whole blocks of four kilobytes: a disk may take one more for the folder. */
const blocks = expect.objectContaining({ directory: "ada", bytes: expect.any(Number) });

test("the home server's exporter alone tells blocks, and neither entries nor times", async () => {
  const { scan } = volumeOf({ kind: "home-nfs" });
  const found = await scan();
  expect(found).toMatchObject({ kind: "allocated", measuredAt: start.toISOString(), homes: [blocks, {}] });
  expect(JSON.stringify(found)).not.toMatch(/entries|lastTouched/);
});

test("the walking exporter alone tells lengths, and forgets no home that was deleted", async () => {
  const { scan, clock } = volumeOf({ kind: "dirsize-exporter" });
  const first = await scan();
  expect(first).toMatchObject({ kind: "apparent", homes: [{ directory: "ada" }, { directory: "bo" }] });
  rmSync(join(folder, "bo"), { recursive: true });
  put("ada", 40_001);
  clock.moveBy(3_600_000);
  const later = await scan();
  // Each is as old as its own gauge.
  expect(later).toMatchObject({
    homes: [
      { directory: "ada", measuredAt: clock.now().toISOString() },
      { directory: "bo", measuredAt: start.toISOString() },
    ],
    measuredAt: clock.now().toISOString(),
  });
  const bytesOf = (found: typeof first) =>
    typeof found === "string" ? [] : found.homes.map(({ bytes }) => bytes);
  const [adaBefore = 0, boBefore] = bytesOf(first);
  expect(bytesOf(later)).toEqual([adaBefore + 10_000, boBefore]);
});

test("what an exporter said last is repeated for five minutes after its death", async () => {
  const { scan, clock } = volumeOf({ kind: "home-nfs", ended: new Date(start.getTime() + 1000) });
  const bytes = async () => {
    const found = await scan();
    return typeof found === "string" ? found : found.homes.map((home) => home.bytes);
  };
  const alive = await bytes();
  put("ada", 300_000);
  clock.moveBy(1000 + 5 * 60_000 - 1);
  expect(await bytes()).toEqual(alive);
  clock.moveBy(1);
  expect(await scan()).toBe("no-homes");
});

test("two pods of one volume have two figures of a home: the larger counts", async () => {
  const { scan, clock } = volumeOf(
    { kind: "home-nfs", pod: "home-nfs-old", ended: start },
    { kind: "home-nfs", pod: "home-nfs-new" },
  );
  const before = await scan();
  expect(before).toMatchObject({ notes: [expect.stringContaining("a folder has two figures")] });
  put("ada", 10);
  put("bo", 200_001);
  clock.moveBy(60_000);
  const [ada, bo] = await scan().then((found) => (typeof found === "string" ? [] : found.homes));
  const [adaBefore, boBefore] = typeof before === "string" ? [] : before.homes;
  expect(ada?.bytes).toBe(adaBefore?.bytes);
  expect(bo?.bytes).toBeGreaterThan(boBefore?.bytes ?? Number.POSITIVE_INFINITY);
});
