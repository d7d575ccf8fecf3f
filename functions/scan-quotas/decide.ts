// Which homes change, and who is to hear of it: the plan of a scan. Pure. It bounds the harm of wrong figures: when many homes
// seem to change at once, each of them waits for a person.
import { type Action, type Plan, planOf } from "../../shared/flow/plan.ts";
import { forecast } from "../../shared/quota/forecast.ts";
import { daysWith, isOfFuture, type Scan } from "../../shared/quota/measurement.ts";
import type { Owners } from "../../shared/quota/people.ts";
import type { HomeStatus, QuotaHome, QuotaState, VolumeLevel } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { looked, missed, rank, telling } from "./home.ts";
import { lookAt, type VolumeNews } from "./volume.ts";

export type DecideInput = {
  settings: QuotaSettings;
  scan: Scan;
  state: QuotaState | undefined;
  owners: Owners;
  /** The sheet itself waits for a person's word: that somebody is not in it says nothing. */
  sheetInDoubt: boolean;
  now: Date;
  /** Time at which somebody has said that they have seen that little is free. */
  acknowledgedAt?: string | undefined;
};

/**
 * One home, or the volume. A person is advised, warned, urged or thanked; the team hears in a report of a home that nobody is
 * known to; a home of which nobody is to hear is only noted. Of the volume the team hears that little is free, is reminded of it, hears when little is
 * going to be free, or that there is room again.
 */
export type QuotaAction = Action & {
  do: "advise" | "warn" | "urge" | "thank" | "report" | "note" | VolumeDeed;
  /** A login, "team" or "nobody". */
  whom: string;
};

const volumeDeeds = { crossed: "alarm", still: "remind", ahead: "foretell", over: "all-clear" } as const;
type VolumeDeed = (typeof volumeDeeds)[VolumeNews];

export type Homes = Record<string, QuotaHome>;

export type Decision = {
  plan: Plan<QuotaAction>;
  /** Each home as the figures have it, before anybody hears of it. */
  homes: Homes;
  /** Each home once it has moved, and its person, if there is one, has heard of it. */
  heard: Homes;
  /** Place of the volume after this look; undefined where nobody knows what is free. */
  volume: VolumeLevel | undefined;
  /** The figures as a whole may be wrong: a home stands as before unless a person has approved its change. */
  doubted: boolean;
};

const ofVolumeAlone: ReadonlySet<string> = new Set(Object.values(volumeDeeds));
export const isOfHome = ({ do: deed }: QuotaAction): boolean => !ofVolumeAlone.has(deed);

/** Gives the plan of a scan. */
export function decide(input: DecideInput): Decision {
  const homes = homesFound(input);
  const seen = new Set(input.scan.homes.map(({ directory }) => directory));
  const wanted = Object.entries(homes).flatMap(([directory, home]) =>
    ofHome(input, directory, { home, seen: seen.has(directory) }),
  );
  const doubt = whyDoubt(input, homes);
  const ofRoom = ofVolume(input);
  const plan = planOf<QuotaAction>({
    actions: [...(doubt === undefined ? wanted : []), ...ofRoom.actions],
    held: doubt === undefined ? [] : wanted.map((action) => ({ ...action, because: doubt })),
    refused: [],
  });
  const heard = Object.entries(homes).map(([name, home]) => [
    name,
    telling(home, input.owners.of.has(name)).home,
  ]);
  const { volume } = ofRoom;
  return { plan, homes, heard: Object.fromEntries(heard), volume, doubted: doubt !== undefined };
}

function homesFound({ scan, state, owners, settings, now }: DecideInput): Homes {
  const found = new Map(scan.homes.map((figure) => [figure.directory, figure]));
  const before = state?.homes ?? {};
  // The same figures looked at once more are no other scan.
  const another = scan.complete && scan.measuredAt !== state?.scan?.measuredAt;
  const names = [...new Set([...Object.keys(before), ...found.keys()])].sort();
  return Object.fromEntries(
    names.flatMap((name): [string, QuotaHome][] => {
      const known = Object.hasOwn(before, name) ? before[name] : undefined;
      const figure = found.get(name);
      const login = owners.of.get(name)?.login;
      // An older figure than the one that is known says nothing new, and the home is there all the same.
      const isKnown = known !== undefined && !isOfFuture(known.measuredAt, now);
      if (isKnown && figure !== undefined && figure.measuredAt < known.measuredAt)
        return [[name, { ...known, missing: 0 }]];
      if (figure !== undefined) return [[name, looked(known, figure, { now, settings, login })]];
      if (known === undefined) return [];
      return [[name, another ? missed(known) : known]];
    }),
  );
}

function statusBefore(state: QuotaState | undefined, directory: string): HomeStatus {
  const homes = state?.homes ?? {};
  return Object.hasOwn(homes, directory) ? (homes[directory]?.status ?? "ok") : "ok";
}

const deeds = { advised: "advise", warned: "warn", urgent: "urge", back: "thank" } as const;

function ofHome(
  input: DecideInput,
  directory: string,
  { home, seen }: { home: QuotaHome; seen: boolean },
): QuotaAction[] {
  const { state, owners } = input;
  const [from, to] = [statusBefore(state, directory), home.status];
  const owner = owners.of.get(directory);
  const why = from === to ? `${to}, and nobody has heard of it yet` : `from ${from} to ${to}`;
  // Nothing is said to people about a home that this scan did not see.
  const { tell } = seen ? telling(home, owner !== undefined) : {};
  if (tell !== undefined && owner !== undefined)
    return [{ do: deeds[tell], about: directory, why, whom: owner.login }];
  // Above a limit, and nobody to tell: the team's business, once for each home.
  const strange = owner === undefined && rank(to) > 0 && !input.sheetInDoubt;
  if (strange && !state?.nobodyTold.includes(directory))
    return [{ do: "report", about: directory, why, whom: "team" }];
  return from === to ? [] : [{ do: "note", about: directory, why, whom: "nobody" }];
}

const volumeWhys: Record<VolumeNews, string> = {
  crossed: "less of it is free than one of its marks",
  still: "there is still little room",
  ahead: "less of it than the settings want may be free within 30 days",
  over: "it has room again",
};

/** Gives where the volume stands, and what the team is to hear of it. */
function ofVolume({ scan, state, settings, now, acknowledgedAt }: DecideInput): {
  volume: VolumeLevel | undefined;
  actions: QuotaAction[];
} {
  const before = state?.volumeLevel;
  if (scan.volume === undefined || scan.volume.bytes === 0) return { volume: before, actions: [] };
  const days = daysWith(state?.volumeDays ?? [], scan);
  const { level, news } = lookAt(before, {
    ...scan.volume,
    ...{ now, settings, acknowledgedAt },
    forecast: forecast(days, settings.freeBelow),
    bytesBefore: state?.volume?.bytes,
  });
  const about = "the volume";
  return {
    volume: level,
    actions:
      news === undefined ? [] : [{ do: volumeDeeds[news], about, why: volumeWhys[news], whom: "team" }],
  };
}

/** Gives the kind of the figures by which the homes stand: the last that were not only planned on. */
export const kindStoodBy = (state: QuotaState | undefined): Scan["kind"] | undefined =>
  state?.planned === undefined ? state?.scan?.kind : state.planned.kind;

/** Gives why the figures may be wrong. Those that turn many homes round are more often wrong (a unit, a lost mount) than true. */
function whyDoubt({ scan, state, settings }: DecideInput, homes: Homes): string | undefined {
  const changed = Object.entries(homes).filter(
    ([name, home]) => statusBefore(state, name) !== home.status,
  ).length;
  const count = Object.keys(homes).length;
  const kind = kindStoodBy(state);
  if (kind !== undefined && kind !== scan.kind && changed > 0)
    return `the figures were ${kind} sizes and are ${scan.kind} ones now, which cannot be compared`;
  const limit = Math.max(settings.holdChanges.above, Math.floor(count * settings.holdChanges.share));
  return changed > limit
    ? `${changed} of ${count} homes changed where they stand in one scan; up to ${limit} go through unasked`
    : undefined;
}
