// Scans, settings and people for the tests of scan-quotas: one hub, limits of 25, 50 and 100 GB.
import { noticesOf } from "../../../functions/scan-quotas/act.ts";
import { type DecideInput, type Decision, decide } from "../../../functions/scan-quotas/decide.ts";
import { stateAfter } from "../../../functions/scan-quotas/state.ts";
import type { Notice } from "../../../functions/scan-quotas/text.ts";
import { withStillHeld } from "../../../shared/flow/hold.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { Scan } from "../../../shared/quota/measurement.ts";
import { ownersOf } from "../../../shared/quota/people.ts";
import type { QuotaState } from "../../../shared/quota/records.ts";
import { QuotaSettings } from "../../../shared/quota/settings.ts";

export const GB = 1e9;
export const start = Date.parse("2026-03-02T06:00:00.000Z");
export const dayMs = 86_400_000;
export const at = (days: number): Date => new Date(start + days * dayMs);

export const settings = (given: Partial<QuotaSettings> = {}): QuotaSettings =>
  QuotaSettings.parse({ enforced: "100 GB", scansBefore: 1, ...given });

/** A figure is GB, or what else there is to say of it. */
export type Figures = Record<
  string,
  number | { gb: number; complete?: boolean; daysOld?: number; limit?: number }
>;

export function scanOf(days: number, figures: Figures, given: Partial<Scan> = {}): Scan {
  return {
    source: "prometheus",
    kind: "allocated",
    measuredAt: at(days).toISOString(),
    complete: true,
    volume: { bytes: 1000 * GB, free: 500 * GB },
    homes: Object.entries(figures).map(([directory, figure]) => {
      const {
        gb,
        complete = true,
        daysOld = 0,
        limit,
      } = typeof figure === "number" ? { gb: figure } : figure;
      const measuredAt = at(days - daysOld).toISOString();
      const own = limit === undefined ? {} : { limit: limit * GB };
      return { directory, bytes: gb * GB, kind: given.kind ?? "allocated", measuredAt, complete, ...own };
    }),
    past: [],
    notes: [],
    ...given,
  };
}

export const people = ["ada", "bo", "cy", "dee", "eve", "fay", "gil", "hal"].map((login) => ({
  login,
  email: `${login}@example.org`,
}));

/** Gives the state that sync-members has left of a sheet that names these people. */
export const sheetOf = (logins: readonly string[], since: string): MembersState => ({
  v: 1,
  at: since,
  goodRows: logins.length,
  people: logins.map((login, row) => ({
    login,
    email: `${login}@example.org`,
    name: `Name of ${login}`,
    tier: "Research",
    team: "full-access",
    cell: `C${row + 2}`,
    status: "in-team",
    since,
  })),
  rejected: [],
  known: {},
  announce: {},
  unmanaged: [],
});

/** A hub as it stands after a scan, and what was said of it. */
export type Scanned = {
  decision: Decision;
  /** Actions that are done, as "about: do". */
  done: string[];
  held: string[];
  notices: Notice[];
  state: QuotaState;
};

export type Given = Partial<DecideInput & { now: Date }> & {
  /** The homes whose held changes a person has approved. */
  approved?: readonly string[];
};

/** One scan after another state: what is decided, and what is left once all of it is done that may be. */
export function scanned(scan: Scan, state: QuotaState | undefined, given: Given = {}): Scanned {
  const { approved = [], ...others } = given;
  const now = new Date(scan.measuredAt);
  const input = {
    settings: settings(),
    scan,
    state,
    owners: ownersOf(people, "safe"),
    sheetInDoubt: false,
    now,
    ...others,
  };
  const decision = decide(input);
  const { homes } = decision;
  const waits = state?.waiting?.since ?? {};
  const plan = withStillHeld(decision.plan, (hash) => Object.hasOwn(waits, hash));
  const go = [...plan.actions, ...plan.held.filter(({ about }) => approved.includes(about))];
  const held = plan.held.filter(({ about }) => !approved.includes(about));
  const after = stateAfter(input, decision, go);
  const since = Object.fromEntries(held.map(({ hash }) => [hash, now.toISOString()]));
  return {
    decision,
    done: go.map(({ do: deed, about }) => `${about}: ${deed}`),
    held: held.map(({ about, why }) => `${about}: ${why}`),
    notices: noticesOf(go, { hub: "prod", hubUrl: "https://hub.example.org", input, homes, after }),
    state: held.length === 0 ? after : { ...after, waiting: { plan: plan.hash, since } },
  };
}

/** Scans one after the other, a day apart; what was done at each. */
export function course(
  days: Figures[],
  given: Given = {},
  scans: Partial<Scan> = {},
): { done: string[][]; held: string[]; state: QuotaState } {
  let last: Scanned | undefined;
  const done: string[][] = [];
  days.forEach((figures, day) => {
    last = scanned(scanOf(day, figures, scans), last?.state, given);
    done.push(last.done);
  });
  if (last === undefined) throw new Error("no days");
  return { done, held: last.held, state: last.state };
}
