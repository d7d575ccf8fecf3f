// Lists what transfers need, as the daily look has found it: one line a thing and hub.
import { type Clock, dayMs, dayOf } from "../../../shared/clock.ts";
import type { CheckedLine } from "../../../shared/control.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { hubsServed } from "../../../shared/serving.ts";
import type { Settings } from "../../../shared/settings.ts";
import { TransferCheck, transferCheckName } from "../../../shared/transfers/check-records.ts";

const flow = "run-transfer";
/** The look comes once a day. */
const staleDays = 2;
const again = "run the schedule transfer-check, and look at its run";

export async function transferChecks({
  ledger,
  settings,
  now,
}: {
  ledger: Ledger;
  settings: Settings;
  now: Clock;
}): Promise<CheckedLine[]> {
  const hubs = hubsServed(settings, flow);
  const all = await Promise.all(hubs.map((hub) => ledger.read(transferCheckName(hub), TransferCheck)));
  return hubs.flatMap((hub, index) => linesOf(hub, all[index]?.value, now()));
}

function linesOf(hub: string, check: TransferCheck | undefined, now: Date): CheckedLine[] {
  const of = `transfers of ${hub}`;
  if (check === undefined)
    return [
      {
        what: of,
        state: "unchecked",
        says: "nobody has looked yet: the schedule transfer-check does, once a day",
        next: again,
      },
    ];
  const when = `looked at on ${dayOf(new Date(check.at))}`;
  const isStale = now.getTime() - Date.parse(check.at) > staleDays * dayMs;
  return [
    ...(isStale ? [{ what: of, state: "warn" as const, says: `${when}, and not since`, next: again }] : []),
    ...check.lines.map(({ about, state, says, next }) => ({
      what: `${of}: ${about}`,
      state,
      says: `${says} (${when})`,
      ...(next === undefined ? {} : { next }),
    })),
  ];
}
