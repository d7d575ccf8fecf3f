// Says what of the settings lies where in the sample hub's folder: homes, stores, sheets.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { functionNames, identityOf, type Row, rowOf } from "../../shared/functions.ts";
import type { Remote, Settings } from "../../shared/settings.ts";
import { bytesOf } from "../../shared/sizes.ts";
import type { SampleSheet } from "../google/sheets.ts";
import type { HomeVolume } from "../prometheus/series.ts";
import type { FarEndName } from "../wire/faults.ts";
import type { WorldFolder } from "./world.ts";

/** Each hub's home volume is the folder homes/; with several hubs, homes-<hub>/. */
export function homesOf(settings: Settings, world: WorldFolder): { hub: string; folder: string }[] {
  const hubs = Object.entries(settings.hubs).filter(([, { quota }]) => quota !== undefined);
  return hubs.map(([hub]) => ({
    hub,
    folder: hubs.length === 1 ? world.homes : join(world.root, `homes-${hub}`),
  }));
}

/** Gives the volumes of homes that Prometheus knows of. */
export function volumesOf(settings: Settings, world: WorldFolder): HomeVolume[] {
  return homesOf(settings, world).flatMap(({ hub, folder }): HomeVolume[] => {
    const quota = settings.hubs[hub]?.quota;
    if (quota?.prometheus === undefined) return [];
    const { namespace, mountpoint } = quota.prometheus;
    const enforced = quota.enforced === undefined ? 0 : bytesOf(quota.enforced);
    return [{ folder, namespace, mountpoint, enforced, size: bytesOf(quota.volumeSize ?? "1 TB") }];
  });
}

/** The far end that plays each kind of store. */
export const servedBy = { gcs: "storage", s3: "s3" } as const satisfies Record<Remote["kind"], FarEndName>;

/** Lists every remote of every hub; hubs may share one. */
export function remotesOf(settings: Settings): { name: string; remote: Remote }[] {
  const found = new Map<string, Remote>();
  for (const { transfers } of Object.values(settings.hubs))
    for (const [name, remote] of Object.entries(transfers?.remotes ?? {})) found.set(name, remote);
  return [...found].map(([name, remote]) => ({ name, remote }));
}

/** Each hub's sheet is the folder's members.csv; with several hubs, members-<hub>.csv. */
export function sheetFiles(settings: Settings, world: WorldFolder) {
  const hubs = Object.entries(settings.hubs).flatMap(([hub, { organisation, members }]) =>
    members === undefined ? [] : [{ hub, organisation, members }],
  );
  return hubs.map((each) => ({
    ...each,
    file: hubs.length === 1 ? world.members : join(world.root, `members-${each.hub}.csv`),
  }));
}

/** File whose presence says that the sheet beside it is in Drive's trash. */
export const trashedFile = (file: string): string => `${file}.trashed`;

/** Gives the identities with which a spreadsheet is shared, as the table of functions says. */
export const whoSees = (
  what: NonNullable<Row["sharedWith"]>[number],
  { project, rows }: { project: string; rows?: Record<string, Row> | undefined },
): string[] =>
  functionNames
    .filter((name) => (rows?.[name] ?? rowOf(name)).sharedWith?.includes(what))
    .map((name) => identityOf(name, project));

/** Beside members.csv of a hub lie its status sheet, status.csv, and its applications.csv. */
export function sheetsOf(settings: Settings, world: WorldFolder, rows: Record<string, Row> | undefined) {
  const of = { project: settings.project, rows };
  const sharedWith = whoSees("sheet", of);
  const editors = whoSees("status sheet", of);
  const readers = whoSees("applications", of);
  return Object.fromEntries(
    sheetFiles(settings, world).flatMap(({ file, members }): [string, SampleSheet][] => {
      const beside = (name: string) => join(dirname(file), basename(file).replace(/^members/, name));
      const { spreadsheet, tab, status, applications } = members;
      const found: [string, SampleSheet][] = [];
      if (applications !== undefined)
        found.push([
          applications.spreadsheet,
          { file: beside("applications"), tab: applications.tab, sharedWith: () => readers },
        ]);
      if (status !== undefined)
        found.push([
          status.spreadsheet,
          { file: beside("status"), tab: "Sheet1", sharedWith: () => [], editors: () => editors },
        ]);
      // A spreadsheet has one tab here: where the form writes beside the members, theirs is served.
      const trashed = () => existsSync(trashedFile(file));
      return [...found, [spreadsheet, { file, tab, sharedWith: () => sharedWith, trashed }]];
    }),
  );
}
