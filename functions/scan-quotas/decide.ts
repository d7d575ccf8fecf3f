// Which homes change, and who is to hear of it: the plan of a scan. Pure. It bounds the harm of wrong figures: when many homes
// seem to change at once, each of them waits for a person.
import { type Action, type Plan, planOf } from "../../shared/flow/plan.ts";
import type { Scan } from "../../shared/quota/measurement.ts";
import type { Owners } from "../../shared/quota/people.ts";
import type { HomeStatus, QuotaHome, QuotaState } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { looked, missed, rank, telling } from "./home.ts";

export type DecideInput = {
  settings: QuotaSettings;
  scan: Scan;
  state: QuotaState | undefined;
  owners: Owners;
  /** The sheet itself waits for a person's word: that somebody is not in it says nothing. */
  sheetInDoubt: boolean;
};

/**
 * One home, or the volume. A person is advised, warned, urged or thanked; the team hears in a report of a home that nobody is
 * known to; a home of which nobody is to hear is only noted. Of the volume the team hears an alarm, or that it is over.
 */
export type QuotaAction = Action & {
  do: "advise" | "warn" | "urge" | "thank" | "report" | "note" | "alarm" | "all-clear";
  /** A login, "team" or "nobody". */
  whom: string;
};

export type Homes = Record<string, QuotaHome>;

export type Decision = {
  plan: Plan<QuotaAction>;
  /** Each home as the figures have it, before anybody hears of it. */
  homes: Homes;
  /** Each home once it has moved, and its person, if there is one, has heard of it. */
  heard: Homes;
  /** The figures as a whole may be wrong: a home stands as before unless a person has approved its change. */
  doubted: boolean;
};

export const isOfHome = ({ do: deed }: QuotaAction): boolean => deed !== "alarm" && deed !== "all-clear";

/** Gives the plan of a scan. */
export function decide(input: DecideInput): Decision {
  const homes = homesFound(input);
  const seen = new Set(input.scan.homes.map(({ directory }) => directory));
  const wanted = Object.entries(homes).flatMap(([directory, home]) =>
    ofHome(input, directory, { home, seen: seen.has(directory) }),
  );
  const doubt = whyDoubt(input, homes);
  const plan = planOf<QuotaAction>({
    actions: [...(doubt === undefined ? wanted : []), ...ofVolume(input)],
    held: doubt === undefined ? [] : wanted.map((action) => ({ ...action, because: doubt })),
    refused: [],
  });
  const heard = Object.entries(homes).map(([name, home]) => [
    name,
    telling(home, input.owners.of.has(name)).home,
  ]);
  return { plan, homes, heard: Object.fromEntries(heard), doubted: doubt !== undefined };
}

function homesFound({ scan, state, owners, settings }: DecideInput): Homes {
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
      if (figure !== undefined)
        return [[name, looked(known, figure, { measuredAt: scan.measuredAt, settings, login })]];
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

function ofVolume({ scan: { volume }, state, settings }: DecideInput): QuotaAction[] {
  if (volume === undefined || volume.bytes === 0) return [];
  const share = volume.free / volume.bytes;
  const low = state?.volumeLow ?? false;
  const about = "the volume";
  if (!low && share < settings.freeBelow)
    return [{ do: "alarm", about, why: "less of it is free than the settings want", whom: "team" }];
  if (low && share > settings.freeAgain)
    return [{ do: "all-clear", about, why: "it has room again", whom: "team" }];
  return [];
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
