// State and figures that a scan leaves: the hub's state, of the homes and of the volume, and the figures as they were.
import type { Ledger } from "../../shared/ledger.ts";
import { daysWith, type Scan } from "../../shared/quota/measurement.ts";
import type { QuotaHistory, QuotaHome, QuotaState } from "../../shared/quota/records.ts";
import { type DecideInput, type Decision, type Homes, isOfHome, type QuotaAction } from "./decide.ts";
import { rank } from "./home.ts";

export const stateName = (hub: string): string => `head/quota/${hub}.json`;

export const emptyState = (at: string): QuotaState => ({
  v: 1,
  at,
  volumeDays: [],
  homes: {},
  disputed: [],
  nobodyTold: [],
  toTell: [],
});

/**
 * Gives the state once `go` is carried out: those homes move, the others have their new figures and stand as before. With an
 * empty `go` it is what a plan leaves. Pure.
 */
export function stateAfter(
  input: DecideInput & { report?: string | undefined; now: Date },
  decision: Decision,
  go: readonly QuotaAction[],
): QuotaState {
  const { scan, owners, now } = input;
  const before = input.state ?? emptyState(now.toISOString());
  const report = input.report ?? before.report;
  const homes = homesAfter(before.homes, decision, go);
  return {
    v: 1,
    at: now.toISOString(),
    scan: {
      source: scan.source,
      kind: scan.kind,
      measuredAt: scan.measuredAt,
      complete: scan.complete,
      notes: scan.notes,
    },
    ...(report === undefined ? {} : { report }),
    ...(scan.volume === undefined ? {} : { volume: scan.volume }),
    ...volumeAfter(before, decision, go),
    volumeDays: daysWith(before.volumeDays, scan),
    homes,
    disputed: Object.keys(homes).filter((name) => owners.disputed.has(name)),
    nobodyTold: input.sheetInDoubt ? before.nobodyTold : nobodyTold(before, homes, input, go),
    toTell: before.toTell,
  };
}

/** Gives where the volume stands: as before, where nothing of what the team is to hear is done. */
function volumeAfter(
  { volumeLevel: before }: QuotaState,
  { plan, volume }: Decision,
  go: readonly QuotaAction[],
): Pick<QuotaState, "volumeLevel"> {
  const isOfVolume = (action: QuotaAction): boolean => !isOfHome(action);
  const isTold = !plan.actions.some(isOfVolume) || go.some(isOfVolume);
  const level = isTold ? volume : before;
  return level === undefined ? {} : { volumeLevel: level };
}

function homesAfter(before: Homes, decision: Decision, go: readonly QuotaAction[]): Homes {
  const going = namesIn(go);
  const wanted = namesIn([...decision.plan.actions, ...decision.plan.held]);
  return Object.fromEntries(
    Object.entries(decision.homes).map(([name, home]): [string, QuotaHome] => {
      if (going.has(name)) return [name, decision.heard[name] ?? home];
      const stays = decision.doubted || wanted.has(name);
      return [name, stays ? asBefore(Object.hasOwn(before, name) ? before[name] : undefined, home) : home];
    }),
  );
}

const namesIn = (actions: readonly QuotaAction[]): Set<string> =>
  new Set(actions.filter(isOfHome).map(({ about }) => about));

/** The home with its new figures, to be looked at anew in the next scan, as if this one had not been. */
function asBefore(known: QuotaHome | undefined, { rising: _, ...home }: QuotaHome): QuotaHome {
  const { status, since, rising } = known ?? { status: "ok" as const, since: home.since };
  return { ...home, status, since, ...(rising === undefined ? {} : { rising }) };
}

/** Gives the homes above a limit that are nobody's. */
export const strangers = (homes: Homes, { owners }: Pick<DecideInput, "owners">): string[] =>
  Object.keys(homes).filter((name) => rank(homes[name]?.status ?? "ok") > 0 && !owners.of.has(name));

function nobodyTold(
  before: QuotaState,
  homes: Homes,
  input: DecideInput,
  go: readonly QuotaAction[],
): string[] {
  const told = new Set([...before.nobodyTold, ...namesIn(go.filter((action) => action.do === "report"))]);
  return strangers(homes, input).filter((name) => told.has(name));
}

/** Keeps what was measured, once a scan, whatever comes of it. */
export async function keepHistory(hub: string, scan: Scan, ledger: Pick<Ledger, "create">): Promise<void> {
  const { measuredAt, source, kind, complete, volume } = scan;
  const record: QuotaHistory = {
    v: 1,
    hub,
    measuredAt,
    source,
    kind,
    complete,
    ...(volume === undefined ? {} : { volume }),
    homes: scan.homes.map(({ directory, bytes, complete: whole }) => ({ directory, bytes, complete: whole })),
  };
  const [day = "", time = ""] = measuredAt.split("T");
  const name = `history/quota/${hub}/${day}/${time.replace(/[:.Z]/g, "")}-${source}.json`;
  await ledger.create(name, record, { measuredAt, homes: String(record.homes.length) });
}
