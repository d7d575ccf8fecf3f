// The homes as a person sees them, and a report that somebody sends from where the homes are.
import { hash } from "node:crypto";
import type { QuotaStatus } from "../../../shared/control.ts";
import { forecast, forecastWords } from "../../../shared/quota/forecast.ts";
import type { QuotaHead } from "../../../shared/quota/records.ts";
import type { QuotaReport } from "../../../shared/quota/report.ts";
import { bytesOf } from "../../../shared/sizes.ts";
import type { Crew } from "../context.ts";
import { isOff, type Refusal, refuse } from "../http/refusal.ts";

/** A clock that runs ahead by more would hide the reports after it. */
const aheadMs = 3_600_000;

/** Keeps a report where the worker looks for it: by its time, so that the newest is the last. */
export async function keepReport(
  { settings, ledger, now }: Pick<Crew, "settings" | "ledger" | "now">,
  hub: string,
  report: QuotaReport,
): Promise<{ said: string } | Refusal> {
  const what = "the report was not kept";
  if (!Object.hasOwn(settings.hubs, hub) || settings.hubs[hub]?.quota === undefined)
    return refuse(
      422,
      what,
      "the settings know no such hub, or it has no quota section",
      `name one of ${Object.keys(settings.hubs).join(", ")}`,
    );
  if (settings.flows["scan-quotas"] === "off") return isOff({ what, flow: "scan-quotas" });
  if (Date.parse(report.measuredAt) > now().getTime() + aheadMs)
    return refuse(422, what, "measuredAt: it is in the future", "set the clock of the machine that measures");
  const text = JSON.stringify(report);
  const digest = hash("sha256", text).slice(0, 12);
  const at = new Date(report.measuredAt).toISOString().replace(/[:.]/g, "");
  const stored = await ledger.create(`reports/${hub}/${at}-${digest}.json`, report, {
    measuredAt: report.measuredAt,
    homes: String(report.directories.length),
  });
  return {
    said: stored === "created" ? "the report is kept and will be read now" : "this report was kept before",
  };
}

/** What a scan has left, with the limits beside it. Largest first. */
export function quotaAnswer({ settings }: Pick<Crew, "settings">, hub: string, head: QuotaHead): QuotaStatus {
  const quota = settings.hubs[hub]?.quota;
  const { volume } = head;
  const freeBelow = quota?.freeBelow ?? 0.2;
  // Once the mark is passed, the end of all room is what matters.
  const passed = volume !== undefined && volume.free < volume.bytes * freeBelow;
  const mark = passed ? 0 : freeBelow;
  const told = forecast(head.volumeDays, mark);
  return {
    hub,
    ...(head.scan === undefined ? {} : { scan: head.scan }),
    ...(volume === undefined ? {} : { volume }),
    limits: {
      advice: bytesOf(quota?.advice ?? "25 GB"),
      limit: bytesOf(quota?.limit ?? "50 GB"),
      ...(quota?.enforced === undefined ? {} : { enforced: bytesOf(quota.enforced) }),
    },
    homes: Object.entries(head.homes)
      .map(([directory, home]) => ({
        directory,
        bytes: home.bytes,
        complete: home.complete,
        standing: home.standing,
        since: home.since,
        missing: home.missing,
        disputed: head.disputed.includes(directory),
        ...(home.login === undefined ? {} : { login: home.login }),
        ...(home.entries === undefined ? {} : { entries: home.entries }),
        ...(home.lastTouched === undefined ? {} : { lastTouched: home.lastTouched }),
      }))
      .sort((a, b) => b.bytes - a.bytes || (a.directory < b.directory ? -1 : 1)),
    days: head.volumeDays,
    forecast: {
      words: forecastWords(told, mark),
      ...(told.known ? { perDay: told.slope, low: told.low, high: told.high } : {}),
    },
    ...(head.trouble === undefined ? {} : { trouble: head.trouble }),
    ...(head.waiting === undefined ? {} : { waiting: head.waiting }),
  };
}
