// What follows from a scan of the homes: who is told what, what the team is told, what is remembered. Pure. It bounds the
// harm of wrong figures: when many homes seem to change at once, nobody is told until a person has looked.
import { hash } from "node:crypto";
import { forecast } from "../../shared/quota/forecast.ts";
import type { Scan, VolumeDay } from "../../shared/quota/measurement.ts";
import type { Owners } from "../../shared/quota/people.ts";
import type { QuotaHead, QuotaHome, QuotaStanding } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { looked, missed, rank, type Telling, telling } from "./home.ts";
import * as text from "./text.ts";

type Notice = QuotaHead["toTell"][number];

export type DecideInput = {
  hub: string;
  hubUrl: string;
  settings: QuotaSettings;
  scan: Scan;
  head: QuotaHead | undefined;
  owners: Owners;
  /** The sheet itself waits for a person's word: that somebody is not in it says nothing. */
  sheetInDoubt: boolean;
  /** A person's word on what was held, if it counts now: the plan's hash. */
  approved: string | undefined;
  now: Date;
};

export type Change = { directory: string; from: QuotaStanding; to: QuotaStanding };

export type Decision = {
  head: QuotaHead;
  /** The notices of this scan; those left over from before stand in the head with them. */
  notices: Notice[];
  /** What `notices` are about, in words for the run. */
  tells: { what: string; whom: "person" | "team"; directory?: string }[];
  changes: Change[];
};

const keptDays = 400;

export function decide(input: DecideInput): Decision {
  const { scan, head, now } = input;
  const after = homesAfter(input);
  const changes = changesOf(head?.homes ?? {}, after);
  const because = whyHold(input, changes, Object.keys(after).length);
  const hash = hashOf(changes);
  const held = because !== undefined && input.approved !== hash;
  // What is held keeps its figures up to date, and stands where it stood.
  const settled = held ? standingAsBefore(head?.homes ?? {}, after) : after;
  const told = held ? { homes: settled, notices: [], tells: [] } : tellPeople(input, settled);
  const { volume } = scan;
  const volumeDays = daysWith(head?.volumeDays ?? [], scan, volume);
  const team = tellTeam(input, { homes: told.homes, volume, volumeDays });
  const waiting = held ? waitingOf(input, { hash, because, count: changes.length }) : undefined;
  const asks =
    waiting === undefined || head?.waiting?.hash === hash
      ? []
      : [
          text.heldNotice({
            hub: input.hub,
            hash,
            day: waiting.since.slice(0, 10),
            count: changes.length,
            because: waiting.because,
          }),
        ];
  const notices = [...told.notices, ...team.notices, ...asks];
  return {
    head: {
      v: 1,
      at: now.toISOString(),
      scan: {
        source: scan.source,
        kind: scan.kind,
        measuredAt: scan.measuredAt,
        complete: scan.complete,
        notes: scan.notes,
      },
      ...(head?.report === undefined ? {} : { report: head.report }),
      ...(volume === undefined ? {} : { volume }),
      volumeLow: team.volumeLow,
      volumeEpisode: team.volumeEpisode,
      volumeDays,
      homes: told.homes,
      disputed: Object.keys(told.homes).filter((name) => input.owners.disputed.has(name)),
      nobodyTold: team.nobodyTold,
      toTell: [...(head?.toTell ?? []), ...notices],
      ...(waiting === undefined ? {} : { waiting }),
    },
    notices,
    tells: [
      ...told.tells,
      ...team.tells,
      ...asks.map(() => ({ what: `${changes.length} homes changed at once`, whom: "team" as const })),
    ],
    changes,
  };
}

type Homes = Record<string, QuotaHome>;

function homesAfter({ scan, head, owners, settings }: DecideInput): Homes {
  const found = new Map(scan.homes.map((figure) => [figure.directory, figure]));
  const before = head?.homes ?? {};
  const names = [...new Set([...Object.keys(before), ...found.keys()])].sort();
  return Object.fromEntries(
    names.flatMap((name): [string, QuotaHome][] => {
      const known = Object.hasOwn(before, name) ? before[name] : undefined;
      const figure = found.get(name);
      const login = owners.of.get(name)?.login;
      if (figure !== undefined)
        return [[name, looked(known, figure, { measuredAt: scan.measuredAt, settings, login })]];
      if (known === undefined) return [];
      return [[name, scan.complete ? missed(known) : known]];
    }),
  );
}

function changesOf(before: Homes, after: Homes): Change[] {
  return Object.entries(after).flatMap(([directory, { standing: to }]) => {
    const from = Object.hasOwn(before, directory) ? (before[directory]?.standing ?? "ok") : "ok";
    return from === to ? [] : [{ directory, from, to }];
  });
}

/** Figures that turn many homes round are more often wrong (a unit, a lost mount) than true. */
function whyHold(
  { scan, head, settings }: DecideInput,
  changes: Change[],
  homes: number,
): string | undefined {
  const kind = head?.scan?.kind;
  if (kind !== undefined && kind !== scan.kind && changes.length > 0)
    return `the figures were ${kind} sizes and are ${scan.kind} ones now, which cannot be compared`;
  const limit = Math.max(settings.holdChanges.above, Math.floor(homes * settings.holdChanges.share));
  return changes.length > limit
    ? `${changes.length} of ${homes} homes changed where they stand in one scan; up to ${limit} go through unasked`
    : undefined;
}

function hashOf(changes: readonly Change[]): string {
  const lines = changes.map(({ directory, from, to }) => `${directory} ${from} ${to}`);
  return hash("sha256", lines.join("\n")).slice(0, 16);
}

function standingAsBefore(before: Homes, after: Homes): Homes {
  return Object.fromEntries(
    Object.entries(after).map(([name, home]) => {
      const known = Object.hasOwn(before, name) ? before[name] : undefined;
      const { rising: _, ...rest } = home;
      const { standing, since } = known ?? { standing: "ok" as const, since: home.since };
      // Looked at anew in the next scan, as if this one had not been.
      return [
        name,
        { ...rest, standing, since, ...(known?.rising === undefined ? {} : { rising: known.rising }) },
      ];
    }),
  );
}

function waitingOf(
  { head, now }: DecideInput,
  { hash, because, count }: { hash: string; because: string | undefined; count: number },
): NonNullable<QuotaHead["waiting"]> {
  const since = head?.waiting?.hash === hash ? head.waiting.since : now.toISOString();
  return { hash, held: count, since, because: because ?? "" };
}

function tellPeople({ hub, hubUrl, settings, scan, owners }: DecideInput, homes: Homes) {
  const figures = new Map(scan.homes.map((figure) => [figure.directory, figure]));
  const notices: Notice[] = [];
  const tells: Decision["tells"] = [];
  const after = Object.entries(homes).map(([directory, home]): [string, QuotaHome] => {
    const owner = owners.of.get(directory);
    // Nothing is said about a home that this scan did not see.
    if (!figures.has(directory)) return [directory, home];
    const said: Telling = telling(home, owner !== undefined);
    if (said.tell === undefined || owner === undefined) return [directory, said.home];
    const about = { hub, hubUrl, directory, home, settings, top: figures.get(directory)?.top };
    notices.push(
      said.tell === "back"
        ? text.backNotice(about, owner.email)
        : text.personNotice(about, owner.email, said.tell),
    );
    tells.push({ what: said.tell, whom: "person", directory });
    return [directory, said.home];
  });
  return { homes: Object.fromEntries(after), notices, tells };
}

function daysWith(before: readonly VolumeDay[], scan: Scan, volume: Scan["volume"]): VolumeDay[] {
  const days = new Map<string, VolumeDay>();
  for (const each of scan.past) days.set(each.day, each);
  // What we saw ourselves counts for more than what the source remembers of it.
  for (const each of before) days.set(each.day, each);
  const day = scan.measuredAt.slice(0, 10);
  if (volume !== undefined) days.set(day, { day, used: volume.bytes - volume.free, size: volume.bytes });
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)).slice(-keptDays);
}

function tellTeam(
  { hub, settings, head, owners, scan, sheetInDoubt }: DecideInput,
  of: { homes: Homes; volume: Scan["volume"]; volumeDays: VolumeDay[] },
) {
  const { homes, volume, volumeDays } = of;
  const notices: Notice[] = [];
  const tells: Decision["tells"] = [];
  let volumeLow = head?.volumeLow ?? false;
  let volumeEpisode = head?.volumeEpisode ?? 0;
  const share = volume === undefined || volume.bytes === 0 ? undefined : volume.free / volume.bytes;
  const told = { hub, volume, settings, forecast: forecast(volumeDays, 0) };
  if (share !== undefined && !volumeLow && share < settings.freeBelow) {
    volumeLow = true;
    volumeEpisode += 1;
    notices.push(text.lowNotice(told, volumeEpisode, largest(homes)));
    tells.push({ what: "the volume is filling up", whom: "team" });
  } else if (share !== undefined && volumeLow && share > settings.freeAgain) {
    volumeLow = false;
    notices.push(text.roomyNotice(told, volumeEpisode));
    tells.push({ what: "the volume has room again", whom: "team" });
  }

  // Above a limit, and nobody to tell: the team's business, once for each home.
  const nobody = Object.keys(homes).filter(
    (name) => rank(homes[name]?.standing ?? "ok") > 0 && !owners.of.has(name),
  );
  const known = new Set(head?.nobodyTold ?? []);
  if (sheetInDoubt) return { notices, tells, volumeLow, volumeEpisode, nobodyTold: [...known] };
  if (nobody.some((name) => !known.has(name))) {
    notices.push(text.nobodyNotice(hub, nobody, scan.measuredAt));
    tells.push({ what: `nobody is known to ${nobody.length} homes above a limit`, whom: "team" });
  }
  return { notices, tells, volumeLow, volumeEpisode, nobodyTold: nobody };
}

const largest = (homes: Homes): number[] =>
  Object.values(homes)
    .map(({ bytes }) => bytes)
    .sort((a, b) => b - a)
    .slice(0, 3);
