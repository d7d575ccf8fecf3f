// The report of a scan: what `groundcrew quota scan` prints, and what a worker reads from the bucket. One shape, versioned.
import { readdirSync, statfsSync } from "node:fs";
import * as z from "zod";
import { codeOf } from "../errors.ts";
import { latin1Of, pathOf, textOf } from "./names.ts";
import { type Counted, type WalkOptions, walk } from "./walk.ts";

const Bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Name = z.string().min(1).max(1024);

export const QuotaReport = z.strictObject({
  v: z.literal(1),
  measuredAt: z.iso.datetime(),
  kind: z.enum(["allocated", "apparent"]),
  volume: z.strictObject({ bytes: Bytes, free: Bytes }),
  directories: z
    .array(
      z.strictObject({
        name: Name,
        bytes: Bytes,
        entries: Bytes,
        lastTouched: z.iso.datetime(),
        complete: z.boolean(),
        top: z.array(z.strictObject({ name: Name, bytes: Bytes })).max(20),
      }),
    )
    .max(100_000),
  /** Parts that were not counted, by directory and reason. */
  problems: z
    .array(
      z.strictObject({
        name: Name,
        kind: z.enum(["unreadable", "vanished", "other-device"]),
        code: z.string().max(40),
        count: Bytes,
      }),
    )
    .max(100_000),
});
export type QuotaReport = z.infer<typeof QuotaReport>;

export type Progress = { directory: number; of: number; entries: number };

export type ScanOptions = Pick<WalkOptions, "before"> & {
  now: () => Date;
  onProgress?: (progress: Progress) => void;
};

/** Measures each folder right below `folder`. Throws only when `folder` itself cannot be read. */
export function scanFolder(folder: string, { now, onProgress, before }: ScanOptions): QuotaReport {
  const measuredAt = now().toISOString();
  const base = latin1Of(folder);
  const names = readdirSync(pathOf(base), "latin1").sort();
  const volume = volumeOf(base);
  const directories: QuotaReport["directories"] = [];
  const problems: QuotaReport["problems"] = [];
  const report = (name: string, { kind, code, count }: Counted): void =>
    void problems.push({ name: textOf(name), kind, code, count });
  let entriesBefore = 0;
  names.forEach((name, directory) => {
    const progress = (entries: number) =>
      onProgress?.({ directory, of: names.length, entries: entriesBefore + entries });
    progress(0);
    let walked: ReturnType<typeof walk>;
    try {
      walked = walk(`${base}/${name}`, { onEntries: progress, ...(before === undefined ? {} : { before }) });
    } catch (error) {
      report(name, { kind: "unreadable", code: codeOf(error), count: 1 });
      return;
    }
    if (walked === "no-folder") return;
    if (walked === "gone") {
      report(name, { kind: "vanished", code: "ENOENT", count: 1 });
      return;
    }
    entriesBefore += walked.entries;
    const { bytes, entries, complete, top, troubles } = walked;
    directories.push({
      name: textOf(name),
      bytes,
      entries,
      lastTouched: timeOf(walked.lastTouchedMs),
      complete,
      top: top.map((each) => ({ name: textOf(each.name), bytes: each.bytes })),
    });
    for (const each of troubles) report(name, each);
  });
  return { v: 1, measuredAt, kind: "allocated", volume, directories, problems };
}

function volumeOf(base: string): QuotaReport["volume"] {
  const { bsize, blocks, bavail, ...rest } = statfsSync(pathOf(base));
  // Blocks are counted in fragments, where the system tells their size.
  const unit = "frsize" in rest && typeof rest.frsize === "number" && rest.frsize > 0 ? rest.frsize : bsize;
  return { bytes: blocks * unit, free: Math.max(bavail, 0) * unit };
}

/** A file's time can be anything that somebody has set. */
function timeOf(milliseconds: number): string {
  const limits = { least: Date.UTC(1970, 0, 1), most: Date.UTC(9999, 11, 31) };
  return new Date(Math.min(Math.max(milliseconds, limits.least), limits.most)).toISOString();
}
