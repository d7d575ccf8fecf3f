// Gathers what a look at the homes stands on: the newest figures, of a report or of Prometheus, and the people of the sheet, who
// alone have addresses. It decides nothing.
import type { Clock } from "../../shared/clock.ts";
import { transient } from "../../shared/errors.ts";
import type { EventOf } from "../../shared/events.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { MembersState } from "../../shared/members/records.ts";
import type { Prometheus, SourceTrouble } from "../../shared/prometheus/client.ts";
import { scanPrometheus } from "../../shared/prometheus/scan.ts";
import { isOfFuture, type Scan, scanOfReport } from "../../shared/quota/measurement.ts";
import { type Owners, ownersOf } from "../../shared/quota/people.ts";
import type { QuotaState } from "../../shared/quota/records.ts";
import { QuotaReport } from "../../shared/quota/report.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import type { Hub, Settings } from "../../shared/settings.ts";
import { bytesOf } from "../../shared/sizes.ts";

export type GatherDeps = {
  ledger: Ledger;
  prometheus: Prometheus | undefined;
  now: Clock;
  settings: Settings;
  /** Real time. */
  pause: (milliseconds: number) => Promise<void>;
};

type People = { owners: Owners; sheetInDoubt: boolean };
type Figures = { scan: Scan; report?: string };
type NoFigures =
  | { trouble: SourceTrouble }
  /** Nothing is to be looked at; a report that was read is remembered all the same. */
  | { nothing: string; report?: string };

export type Gathered = (Figures & People) | NoFigures | "no-people-yet";

export type Want = {
  event: EventOf<"quota-scan-due">;
  hub: Hub;
  quota: QuotaSettings;
  state: QuotaState | undefined;
  /** The same figures are worth another look: a person has said something, or nothing was done about them. */
  anew: boolean;
};

/** For the first run of sync-members, which writes down who is in the sheet: so many looks, so far apart. */
const looksForMembers = 10;
const pauseForMembersMs = 500;

/** Gives the figures and whose homes they are of, or why there are none. Throws when either cannot be read. */
export async function gather(want: Want, deps: GatherDeps): Promise<Gathered> {
  const people = await peopleWaitedFor(want, deps);
  if (people === undefined) return "no-people-yet";
  const figures = await newestFigures(want, deps);
  return "scan" in figures ? { ...figures, ...people } : figures;
}

/** Waits for the sheet's people, as both flows may have been started at once. Nobody has an address without them. */
async function peopleWaitedFor({ event, hub, quota }: Want, deps: GatherDeps): Promise<People | undefined> {
  const waits =
    event.why !== "continue" && hub.members !== undefined && deps.settings.flows["sync-members"] !== "off";
  for (let look = 0; ; look += 1) {
    const members = (await deps.ledger.read(`head/members/${event.hub}.json`, MembersState))?.value;
    if (members !== undefined || !waits) {
      const reachable = (members?.people ?? []).filter(({ email }) => plausible.test(email));
      return {
        owners: ownersOf(
          reachable.map(({ login, email }) => ({ login, email })),
          quota.scheme,
        ),
        sheetInDoubt: members?.waiting !== undefined,
      };
    }
    if (look === looksForMembers) return undefined;
    await deps.pause(pauseForMembersMs);
  }
}

const plausible = /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:"]+$/;

async function newestFigures(want: Want, deps: GatherDeps): Promise<Figures | NoFigures> {
  const { event, quota, state, anew } = want;
  const now = deps.now();
  const figures =
    event.why === "report" || quota.prometheus === undefined || deps.prometheus === undefined
      ? await newestReport(want, deps)
      : await askPrometheus(deps.prometheus, quota.prometheus, now);
  if (!("scan" in figures)) return figures;
  const { measuredAt } = figures.scan;
  const ageMs = now.getTime() - Date.parse(measuredAt);
  if (ageMs > quota.maximumAgeHours * 3_600_000)
    return {
      trouble: {
        kind: "stale",
        what: `the newest figures are ${Math.floor(ageMs / 3_600_000)} hours old, and up to ${quota.maximumAgeHours} count`,
        next: "look whether what measures the homes still runs",
      },
    };
  const last = state?.scan?.measuredAt;
  const known = isOfFuture(last, now) ? undefined : last;
  const before = known !== undefined && (measuredAt < known || (measuredAt === known && !anew));
  const { scan: _, ...read } = figures;
  return before ? { nothing: "these figures, or newer ones, were looked at before", ...read } : figures;
}

async function askPrometheus(
  prometheus: Prometheus,
  settings: NonNullable<QuotaSettings["prometheus"]>,
  now: Date,
): Promise<Figures | NoFigures> {
  const scan = await scanPrometheus(prometheus, settings, now);
  return "trouble" in scan ? scan : { scan };
}

/**
 * The newest report by its name, but none of the future: every other one would be older than it. A report does not change: when one has arrived, those
 * that were read need no reading.
 */
async function newestReport(
  { event: { hub, why }, quota, state, anew }: Want,
  { ledger, now }: Pick<GatherDeps, "ledger" | "now">,
): Promise<Figures | NoFigures> {
  const arrived = why === "report";
  const known = arrived ? state?.report : undefined;
  const entries = await ledger.list(`reports/${hub}/`, known === undefined ? {} : { from: known });
  const notes: string[] = [];
  for (const { name } of entries.toReversed()) {
    if (arrived && name === known && !anew) break;
    const report = await ledger.read(name, QuotaReport);
    if (report === undefined) throw transient("the newest report went away while it was read");
    if (isOfFuture(report.value.measuredAt, now())) {
      notes.push(`${futureReport}: set the clock of the machine that measures`);
      continue;
    }
    const size = quota.volumeSize === undefined ? undefined : bytesOf(quota.volumeSize);
    const scan = scanOfReport(report.value, size);
    return { scan: { ...scan, notes: [...scan.notes, ...new Set(notes)] }, report: name };
  }
  if (arrived) return { nothing: notes[0] ?? "no newer report" };
  return {
    trouble:
      notes.length > 0
        ? { kind: "future-report", what: futureReport, next: "set the clock of the machine that measures" }
        : {
            kind: "no-report",
            what: "there is no report about the homes yet",
            next: `have one written where the homes are: groundcrew quota scan <homes> --to reports:${hub}`,
          },
  };
}

const futureReport = "a report that is dated in the future was left out";
