// What a scan leaves in the ledger beside its memory: the figures as they were, and a plan that waits.
import type { Ledger } from "../../shared/ledger.ts";
import type { Scan } from "../../shared/quota/measurement.ts";
import type { QuotaHead, QuotaHistory } from "../../shared/quota/records.ts";
import type { OldHeldPlan } from "../../shared/records.ts";

/** Where people look for what waits for them. */
export async function keepPlan(
  hub: string,
  { hash, because }: NonNullable<QuotaHead["waiting"]>,
  now: Date,
  ledger: Ledger,
): Promise<void> {
  const madeAt = now.toISOString();
  const plan: OldHeldPlan = {
    v: 1,
    hub,
    flow: "scan-quotas",
    reason: because,
    plan: { hash, actions: [], held: [], rejected: [] },
    madeAt,
  };
  await ledger.create(`plans/${hub}/${hash}.json`, plan, { madeAt });
}

/** Once a scan: what was measured, whatever came of it. */
export async function keepHistory(
  hub: string,
  scan: Scan,
  volume: QuotaHead["volume"],
  ledger: Ledger,
): Promise<void> {
  const record: QuotaHistory = {
    v: 1,
    hub,
    measuredAt: scan.measuredAt,
    source: scan.source,
    kind: scan.kind,
    complete: scan.complete,
    ...(volume === undefined ? {} : { volume }),
    homes: scan.homes.map(({ directory, bytes, complete }) => ({ directory, bytes, complete })),
  };
  const [day = "", time = ""] = scan.measuredAt.split("T");
  const name = `history/quota/${hub}/${day}/${time.replace(/[:.Z]/g, "")}-${scan.source}.json`;
  await ledger.create(name, record, { measuredAt: scan.measuredAt, homes: String(record.homes.length) });
}
