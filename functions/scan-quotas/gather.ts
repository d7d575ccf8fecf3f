// The figures: the newest report, or Prometheus's. It gives a scan, what is in the way, or that there is nothing new.
import { passing } from "../../shared/errors.ts";
import type { Ledger } from "../../shared/ledger.ts";
import type { Prometheus, SourceTrouble } from "../../shared/prometheus/client.ts";
import { scanPrometheus } from "../../shared/prometheus/scan.ts";
import { type Scan, scanOfReport } from "../../shared/quota/measurement.ts";
import type { QuotaHead } from "../../shared/quota/records.ts";
import { QuotaReport } from "../../shared/quota/report.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { bytesOf } from "../../shared/sizes.ts";

export type GatherDeps = { ledger: Ledger; prometheus: Prometheus | undefined };
export type Gathered = { scan: Scan; report?: string } | { trouble: SourceTrouble } | "nothing-new";

/** A report's place, by the time of its measurement: the newest is the last in the listing. */
export const reportPrefix = (hub: string): string => `reports/${hub}/`;

type Want = {
  hub: string;
  settings: QuotaSettings;
  head: QuotaHead | undefined;
  /** A report has arrived: that is what is wanted. */
  report: boolean;
  now: Date;
};

export async function gather(want: Want, deps: GatherDeps): Promise<Gathered> {
  const { settings, now } = want;
  const gathered =
    want.report || settings.prometheus === undefined || deps.prometheus === undefined
      ? await newestReport(want, deps.ledger)
      : await askPrometheus(deps.prometheus, settings.prometheus, now);
  if (gathered === "nothing-new" || "trouble" in gathered) return gathered;
  const ageMs = now.getTime() - Date.parse(gathered.scan.measuredAt);
  if (ageMs > settings.maximumAgeHours * 3_600_000)
    return {
      trouble: {
        kind: "stale",
        what: `the newest figures are ${Math.floor(ageMs / 3_600_000)} hours old, and up to ${settings.maximumAgeHours} count`,
        next: "look whether what measures the homes still runs",
      },
    };
  return gathered;
}

async function askPrometheus(
  prometheus: Prometheus,
  settings: NonNullable<QuotaSettings["prometheus"]>,
  now: Date,
): Promise<Gathered> {
  const scan = await scanPrometheus(prometheus, settings, now);
  return "trouble" in scan ? scan : { scan };
}

/** The newest report by its name. A report does not change: when one has arrived, those that were read need no reading. */
async function newestReport(
  { hub, settings, head, report: arrived }: Want,
  ledger: Ledger,
): Promise<Gathered> {
  const known = arrived ? head?.report : undefined;
  const entries = await ledger.list(reportPrefix(hub), known === undefined ? {} : { from: known });
  const newest = entries.at(-1)?.name;
  if (arrived && (newest === undefined || newest === known)) return "nothing-new";
  if (newest === undefined)
    return {
      trouble: {
        kind: "no-report",
        what: "there is no report about the homes yet",
        next: `have one written where the homes are: groundcrew quota scan <homes> --to reports:${hub}`,
      },
    };
  const report = await ledger.read(newest, QuotaReport);
  if (report === undefined) throw passing("the newest report went away while it was read");
  const size = settings.volumeSize === undefined ? undefined : bytesOf(settings.volumeSize);
  return { scan: scanOfReport(report.value, size), report: newest };
}
