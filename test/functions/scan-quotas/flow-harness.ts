// The flow over a served ledger: reports lie in it, the sheet's people, and a person's words; what is published is kept.
import { scanQuotas } from "../../../functions/scan-quotas/handler.ts";
import { stateName } from "../../../functions/scan-quotas/state.ts";
import { type EventOf, Notice } from "../../../shared/events.ts";
import { approve } from "../../../shared/flow/approvals.ts";
import type { HeldAction } from "../../../shared/flow/plan.ts";
import { QuotaState } from "../../../shared/quota/records.ts";
import type { QuotaReport } from "../../../shared/quota/report.ts";
import type { QuotaSettings } from "../../../shared/quota/settings.ts";
import type { Effect, Verdict } from "../../../shared/records.ts";
import { settingsOf } from "../../local/sample/sample-settings.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { at, type Figures, GB, people, sheetOf } from "./harness.ts";

const reportOf = (days: number, figures: Figures, given: Partial<QuotaReport>): QuotaReport => ({
  v: 1,
  measuredAt: at(days).toISOString(),
  kind: "allocated",
  volume: { bytes: 1000 * GB, free: 500 * GB },
  directories: Object.entries(figures).map(([name, figure]) => ({
    name,
    bytes: (typeof figure === "number" ? figure : figure.gb) * GB,
    entries: 1,
    lastTouched: at(days).toISOString(),
    complete: typeof figure === "number" || figure.complete !== false,
    top: [],
  })),
  problems: [],
  ...given,
});

/** Makes hubs, each with a ledger folder of its own. */
export async function flowHarness() {
  const stand = await ledgerHarness();
  const [ledger, console] = [await stand.ledgerOf("scan-quotas"), await stand.ledgerOf("console")];
  let hubs = 0;
  let deliveries = 0;

  async function hub(quota: Partial<QuotaSettings> = {}) {
    hubs += 1;
    const name = `hub-${hubs}`;
    const settings = settingsOf({
      flows: { "scan-quotas": "apply" },
      hubs: { [name]: { quota: { scheme: "safe", scansBefore: 1, ...quota } } },
    });
    const published: EventOf<"notice">[] = [];
    let now = at(0);
    await stand.plant(
      `head/members/${name}.json`,
      JSON.stringify(
        sheetOf(
          people.map(({ login }) => login),
          now.toISOString(),
        ),
      ),
    );
    return {
      name,
      ledger,
      settings,
      plant: (path: string, record: object) => stand.plant(path, JSON.stringify(record)),
      raw: stand.jsonOf,
      state: async () => (await ledger.read(stateName(name), QuotaState))?.value,
      /** A report arrives, measured so many days after the first. */
      async measured(days: number, figures: Figures, given: Partial<QuotaReport> = {}): Promise<void> {
        now = at(days);
        const report = reportOf(days, figures, given);
        await console.create(`reports/${name}/${now.toISOString().replace(/[:.]/g, "")}.json`, report);
      },
      says: (held: readonly HeldAction[], minutesLater = 1, verdict: Verdict = "approved") => {
        now = new Date(now.getTime() + minutesLater * 60_000);
        const items = held.map(({ hash }) => hash);
        return approve(
          console,
          { hub: name, flow: "scan-quotas" },
          { verdict, by: "console", at: now.toISOString(), plan: "shown", items },
        );
      },
      /** One delivery: what it ended with, what it did and whom it told. */
      async delivered(event: Partial<EventOf<"quota-scan-due">> = {}, mode: "plan" | "apply" = "apply") {
        deliveries += 1;
        const [effects, steps]: [Effect[], string[]] = [[], []];
        const before = published.length;
        const result = await scanQuotas(
          { v: 1, hub: name, why: "schedule", ...event },
          { step: (what) => steps.push(what), effect: (effect) => effects.push(effect) },
          { messageId: String(deliveries) },
          {
            ledger,
            prometheus: undefined,
            settings: { ...settings, flows: { ...settings.flows, "scan-quotas": mode } },
            now: () => now,
            pause: async () => undefined,
            publish: async (_, notice) => {
              published.push(Notice.parse(notice));
              return String(published.length);
            },
          },
        );
        if (result.outcome === "idle") throw new Error("nothing was looked at");
        return { ...result, effects, steps, notices: published.slice(before) };
      },
    };
  }
  return { hub, close: () => stand.close() };
}
