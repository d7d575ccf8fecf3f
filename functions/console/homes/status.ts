// The homes as a person sees them, and a report that somebody sends from where the homes are.
import { hash } from "node:crypto";
import type { QuotaStatus } from "../../../shared/control.ts";
import { forecast, forecastWords } from "../../../shared/quota/forecast.ts";
import { isOfFuture, isOld } from "../../../shared/quota/measurement.ts";
import type { QuotaState } from "../../../shared/quota/records.ts";
import type { QuotaReport } from "../../../shared/quota/report.ts";
import { bytesOf } from "../../../shared/sizes.ts";
import type { ConsoleContext } from "../context.ts";
import { isOff, type Refusal, refuse } from "../http/refusal.ts";

/** Keeps a report where the worker looks for it: by its time, so that the newest is the last. */
export async function keepReport(
  { settings, ledger, now }: Pick<ConsoleContext, "settings" | "ledger" | "now">,
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
  if (isOfFuture(report.measuredAt, now()))
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

/** Gives what a scan has left, with the limits beside it. Largest first. */
export function quotaAnswer(
  { settings, now }: Pick<ConsoleContext, "settings" | "now">,
  hub: string,
  state: QuotaState,
): QuotaStatus {
  const quota = settings.hubs[hub]?.quota;
  const enforced = quota?.enforced === undefined ? undefined : bytesOf(quota.enforced);
  const { volume } = state;
  const freeBelow = quota?.freeBelow ?? 0.2;
  // Once the mark is passed, the end of all room is what matters.
  const passed = volume !== undefined && volume.free < volume.bytes * freeBelow;
  const mark = passed ? 0 : freeBelow;
  const told = forecast(state.volumeDays, mark);
  return {
    hub,
    ...(state.scan === undefined ? {} : { scan: state.scan }),
    ...(volume === undefined ? {} : { volume }),
    limits: {
      advice: bytesOf(quota?.advice ?? "25 GB"),
      limit: bytesOf(quota?.limit ?? "50 GB"),
      ...(enforced === undefined ? {} : { enforced }),
    },
    homes: Object.entries(state.homes)
      .map(([directory, home]) => ({
        directory,
        bytes: home.bytes,
        complete: home.complete,
        status: home.status,
        since: home.since,
        missing: home.missing,
        disputed: state.disputed.includes(directory),
        measuredAt: home.measuredAt,
        old: quota !== undefined && isOld(home, { now: now(), settings: quota }),
        ...(home.limit === undefined || home.limit === enforced ? {} : { limit: home.limit }),
        ...(home.login === undefined ? {} : { login: home.login }),
        ...(home.entries === undefined ? {} : { entries: home.entries }),
        ...(home.lastTouched === undefined ? {} : { lastTouched: home.lastTouched }),
      }))
      .sort((a, b) => b.bytes - a.bytes || (a.directory < b.directory ? -1 : 1)),
    days: state.volumeDays,
    forecast: {
      words: forecastWords(told, mark),
      ...(told.known ? { perDay: told.slope, low: told.low, high: told.high } : {}),
    },
    ...(state.trouble === undefined ? {} : { trouble: state.trouble }),
    ...(state.planned === undefined ? {} : { planned: true }),
    ...(state.waiting === undefined ? {} : { waiting: { plan: state.waiting.plan } }),
  };
}
