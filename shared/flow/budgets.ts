// The record of a hub's budgets: machines at a time, dollars, mails and invitations. Whatever costs takes from them before it acts
// (machine-budgets.ts, people-budgets.ts). Pure: budget-store.ts reads and swaps the record.
import * as z from "zod";
import { dayMs, dayOf } from "../clock.ts";
import { Time, version } from "../records.ts";

const Day = z.iso.date();
/** Takings of a day, by what they are for: taking again for the same adds nothing. */
const Takings = z.record(Day, z.record(z.string(), z.number()));

/** head/budgets/<hub>.json */
export const Budgets = z.strictObject({
  v: version,
  /** Machines that are there, or may be, as <transfer>/<shard>-<attempt>, and until when each counts without being seen. */
  machines: z.record(z.string(), Time),
  /** By transfer: this month's and last month's. */
  dollars: Takings,
  /** Dollars that each transfer which goes on has taken in all: it may wait for longer than its days are kept. */
  taken: z.record(z.string(), z.number()).optional(),
  /** By lower-case login: the time in milliseconds; 1 in records of before, which told the day alone. */
  invitations: Takings,
  mails: z.strictObject({
    day: Day,
    /** Sent from blocks that are over. */
    used: z.number().int(),
    /** Blocks of instances at work, by instance. */
    blocks: z.record(
      z.string(),
      z.strictObject({ size: z.number().int(), used: z.number().int(), until: Time }),
    ),
  }),
  /** Time at which the record was found damaged and begun anew. */
  lostAt: Time.optional(),
});
export type Budgets = z.infer<typeof Budgets>;

/** Mails that an instance may have sent from its block since its last report, once it has reported a second one. */
export const mostUnreported = 4;

/** Gives the month of a day, as YYYY-MM. */
export const monthOf = (day: string): string => day.slice(0, 7);
/** Gives the time so many minutes later. */
export const after = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

/** Gives the next midnight of UTC. */
export const tomorrow = (now: Date): Date => new Date(Date.parse(dayOf(now)) + dayMs);
/** Gives the budgets of a hub of which nothing was taken yet. */
export const noBudgets = (now: Date): Budgets => ({
  v: 1,
  machines: {},
  dollars: {},
  invitations: {},
  mails: { day: dayOf(now), used: 0, blocks: {} },
});

/** Begins a damaged record anew, of which nobody knows what was taken: this day counts as used up. */
export const damagedBudgets = (now: Date): Budgets => ({ ...noBudgets(now), lostAt: now.toISOString() });

/** Tells whether nobody knows what was taken this day. */
export const isLost = ({ lostAt }: Budgets, now: Date): boolean =>
  lostAt !== undefined && dayOf(new Date(lostAt)) === dayOf(now);

/** Passes over what is over by now. */
export function current(budgets: Budgets, now: Date): Budgets {
  const today = dayOf(now);
  const lastMonth = monthOf(dayOf(new Date(Date.parse(`${monthOf(today)}-01`) - dayMs)));
  const since = (takings: Budgets["dollars"], first: string) =>
    Object.fromEntries(Object.entries(takings).filter(([day]) => day >= first));
  const { lostAt = "", ...rest } = budgets;
  return {
    ...rest,
    ...(monthOf(lostAt) === monthOf(today) ? { lostAt } : {}),
    machines: Object.fromEntries(
      Object.entries(budgets.machines).filter(([, until]) => new Date(until) > now),
    ),
    dollars: since(budgets.dollars, `${lastMonth}-01`),
    invitations: since(budgets.invitations, dayOf(now, -1)),
    mails: mailsOf(budgets.mails, now),
  };
}

/** Gives back what blocks have left that are over, but for what their instances may have sent unseen. */
function mailsOf(mails: Budgets["mails"], now: Date): Budgets["mails"] {
  if (mails.day !== dayOf(now)) return noBudgets(now).mails;
  const entries = Object.entries(mails.blocks);
  const over = entries.filter(([, { until }]) => new Date(until) <= now);
  return {
    ...mails,
    used: over.reduce((sum, [, block]) => sum + mostSent(block), mails.used),
    blocks: Object.fromEntries(entries.filter(([, { until }]) => new Date(until) > now)),
  };
}

const mostSent = ({ size, used }: { size: number; used: number }): number =>
  used <= 1 ? used : Math.max(used, Math.min(size, used + mostUnreported));
