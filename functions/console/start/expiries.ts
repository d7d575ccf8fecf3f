// Lists what ends by itself, and when: the sheet's channel, the mail account's consent, the App's way into the organisation. One line each.
import { type Clock, dayMs, dayOf } from "../../../shared/clock.ts";
import type { ExpiryLine } from "../../../shared/control.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { Consent, consentAheadDays, consentName, Watch } from "../../../shared/records.ts";
import { hubsServed } from "../../../shared/serving.ts";
import type { Settings } from "../../../shared/settings.ts";
import type { IncidentStore } from "../incidents/incidents.ts";

type Deps = { ledger: Ledger; settings: Settings; now: Clock; incidents: IncidentStore };

const flow = "sync-members";
/** The question comes once a day. */
const staleDays = 2;

export async function expiries({ ledger, settings, now, incidents }: Deps): Promise<ExpiryLine[]> {
  const hubs = hubsServed(settings, flow);
  const [consent, { open }, ...watches] = await Promise.all([
    ledger.read(consentName, Consent),
    incidents.all(),
    ...hubs.map((hub) => ledger.read(`head/watch/${hub}.json`, Watch)),
  ]);
  return [
    ...hubs.map((hub, index) => channelLine(hub, watches[index]?.value, now())),
    consentLine(consent?.value, now()),
    ...hubs.map((hub): ExpiryLine => {
      const what = `GitHub App on ${hub}`;
      const trouble = open.find((one) => one.hub === hub && one.service === "github");
      if (trouble !== undefined)
        return { what, state: "warn", says: trouble.reason.why, next: trouble.reason.next };
      const says =
        "its key and permissions have no end, and each run signs in with them: what is taken away shows at the next";
      return { what, state: "ok", says };
    }),
  ];
}

function channelLine(hub: string, watch: Watch | undefined, now: Date): ExpiryLine {
  const what = `sheet's channel of ${hub}`;
  const next = "run the schedule watch-renewal, and look at its run";
  if (watch === undefined)
    return { what, state: "warn", says: "none is open: edits are seen by the heartbeat only", next };
  const until = `${watch.expires.slice(0, 16).replace("T", " ")} UTC`;
  return Date.parse(watch.expires) <= now.getTime()
    ? { what, state: "warn", says: `ended at ${until}: edits are seen by the heartbeat only`, next }
    : { what, state: "ok", says: `open until ${until}, and renewed twice a day` };
}

function consentLine(consent: Consent | undefined, now: Date): ExpiryLine {
  const what = "Gmail consent";
  const next = "sign the mail account in once more, and store the new secret gmail-oauth";
  if (consent === undefined)
    return {
      what,
      state: "unchecked",
      says: "Google was not asked yet: the schedule consent-probe does, once a day",
    };
  const { at, ends } = consent;
  const asked = `Google signed the mail account in on ${dayOf(new Date(at))}`;
  if (now.getTime() - Date.parse(at) > staleDays * dayMs)
    return {
      what,
      state: "warn",
      says: `${asked}, and not since`,
      next: `look at the runs of check-consent; ${next}`,
    };
  if (ends === undefined) return { what, state: "ok", says: `${asked}; it names no end` };
  const says = `${asked}; the consent ends on ${dayOf(new Date(ends))}`;
  return Date.parse(ends) - now.getTime() <= consentAheadDays * dayMs
    ? { what, state: "warn", says, next }
    : { what, state: "ok", says };
}
