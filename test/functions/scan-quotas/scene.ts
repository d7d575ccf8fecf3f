// Scans, settings and people for the tests of scan-quotas: one hub, limits of 25, 50 and 100 GB.
import { type DecideInput, type Decision, decide } from "../../../functions/scan-quotas/decide.ts";
import type { Scan } from "../../../shared/quota/measurement.ts";
import { ownersOf } from "../../../shared/quota/people.ts";
import type { QuotaHead } from "../../../shared/quota/records.ts";
import { QuotaSettings } from "../../../shared/quota/settings.ts";

export const GB = 1e9;
export const start = Date.parse("2026-03-02T06:00:00.000Z");
export const dayMs = 86_400_000;
export const at = (days: number): Date => new Date(start + days * dayMs);

export const settings = (given: Partial<QuotaSettings> = {}): QuotaSettings =>
  QuotaSettings.parse({ enforced: "100 GB", scansBefore: 1, ...given });

/** A figure is GB, or what else there is to say of it. */
export type Figures = Record<string, number | { gb: number; complete: boolean }>;

export function scanOf(days: number, figures: Figures, given: Partial<Scan> = {}): Scan {
  return {
    source: "prometheus",
    kind: "allocated",
    measuredAt: at(days).toISOString(),
    complete: true,
    volume: { bytes: 1000 * GB, free: 500 * GB },
    homes: Object.entries(figures).map(([directory, figure]) =>
      typeof figure === "number"
        ? { directory, bytes: figure * GB, complete: true }
        : { directory, bytes: figure.gb * GB, complete: figure.complete },
    ),
    past: [],
    notes: [],
    ...given,
  };
}

export const people = ["ada", "bo", "cy", "dee", "eve", "fay", "gil", "hal"].map((login) => ({
  login,
  email: `${login}@example.org`,
}));

export const decideOn = (
  scan: Scan,
  head: QuotaHead | undefined,
  given: Partial<DecideInput> = {},
): Decision =>
  decide({
    hub: "prod",
    hubUrl: "https://hub.example.org",
    settings: settings(),
    scan,
    // What was to be told has been.
    head: head === undefined ? undefined : { ...head, toTell: [] },
    owners: ownersOf(people, "safe"),
    sheetInDoubt: false,
    approved: undefined,
    now: new Date(scan.measuredAt),
    ...given,
  });

/** Scans one after the other, a day apart; what was told at each, as "whom: what". */
export function course(
  days: Figures[],
  given: Partial<DecideInput> = {},
  scans: Partial<Scan> = {},
): { told: string[][]; head: QuotaHead } {
  let head: QuotaHead | undefined;
  const told: string[][] = [];
  days.forEach((figures, day) => {
    const decision = decideOn(scanOf(day, figures, scans), head, given);
    told.push(decision.tells.map(({ what, whom, directory }) => `${directory ?? whom}: ${what}`));
    head = decision.head;
  });
  if (head === undefined) throw new Error("no days");
  return { told, head };
}
