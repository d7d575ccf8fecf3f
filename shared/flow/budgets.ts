// The budgets of a hub: machines at a time, dollars, mails and invitations. Whatever costs takes from them before it acts. Pure:
// budget-store.ts reads and swaps the record.
import { z } from "zod";
import { dayOf } from "../clock.ts";
import { Time, version } from "../records.ts";
import type { Limits } from "../settings/limits.ts";

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

/** Budget that is used up, and the time from which there may be some of it again. */
export type Short = { of: "machines" | "dollars-of-day" | "dollars-of-month"; until: Date };

/** Mails that an instance takes at once, and the minutes after which what it has not reported is anybody's again. */
export const blockMails = 50;
export const blockMinutes = 10;
/** Mails that an instance may have sent from its block since its last report, once it has reported a second one. */
export const mostUnreported = 4;

/** After a damaged record, machines may have been asked for that nobody knows of yet: as long as a delivery may take. */
const unseenMinutes = 10;
/** Minutes after which somebody's machine may be gone. */
const lookMinutes = 1;
const dayMs = 86_400_000;

const monthOf = (day: string): string => day.slice(0, 7);
const after = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

/** Gives the next midnight of UTC. */
export const tomorrow = (now: Date): Date => new Date(Date.parse(dayOf(now)) + dayMs);
const nextMonth = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));

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

const isLost = ({ lostAt }: Budgets, now: Date): boolean =>
  lostAt !== undefined && dayOf(new Date(lostAt)) === dayOf(now);

/** Passes over what is over by now. */
function current(budgets: Budgets, now: Date): Budgets {
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
    invitations: since(budgets.invitations, dayOf(new Date(now.getTime() - dayMs))),
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

type MachinesOf = {
  transfer: string;
  /** Machines of its own that are there, or may be, as <shard>-<attempt>. */
  has: readonly string[];
  /** Machines that it would ask for now, and for how long each counts at most. */
  wants: readonly string[];
  hours: number;
  /** Machines of the hub that the vendor lists, as <transfer>/<shard>-<attempt>: they count whatever is written. */
  seen: readonly string[];
  /** Dollars that the transfer has cost so far, and that it costs in all, should it go on. */
  spent: number;
  dollars: number;
};

/** Takes for the machines of a transfer as far as there is room, and for its dollars; gives back what it has no more. */
export function takeMachines(
  before: Budgets,
  { transfer, has, wants, hours, seen, spent, dollars }: MachinesOf,
  limits: Limits,
  now: Date,
): { budgets: Budgets; granted: string[]; short?: Short } {
  const known = current(before, now);
  // Counts at once what was spent beyond what was taken: as a part of what waits for another day it could be more than a day has.
  const beyond = wants.length === 0 ? 0 : spent - dollarsOf(known, transfer);
  const budgets = beyond > rounding ? withDollars(known, transfer, beyond, now) : known;
  const keyOf = (machine: string): string => `${transfer}/${machine}`;
  const others = Object.entries(budgets.machines).filter(([key]) => !key.startsWith(`${transfer}/`));
  const until = after(now, hours * 60).toISOString();
  const held = (machine: string) => [keyOf(machine), budgets.machines[keyOf(machine)] ?? until] as const;
  const mine = has.map(held);
  const there = new Set([...others, ...mine].map(([key]) => key).concat(seen));
  const kept = { ...budgets, machines: Object.fromEntries([...others, ...mine]) };
  if (wants.length === 0) return { budgets: kept, granted: [] };
  const more = dollars - dollarsOf(budgets, transfer);
  const short = shortOfDollars(budgets, more, limits, now);
  if (short !== undefined) return { budgets: kept, granted: [], short };
  const unseen = budgets.lostAt !== undefined && now < after(new Date(budgets.lostAt), unseenMinutes);
  const room = unseen ? 0 : Math.max(0, limits.machines - there.size);
  const granted = wants.slice(0, room);
  const taken: Budgets = {
    ...kept,
    machines: Object.fromEntries([...others, ...mine, ...granted.map(held)]),
  };
  return {
    budgets: granted.length === 0 || more <= 0 ? taken : withDollars(taken, transfer, more, now),
    granted,
    ...(granted.length < wants.length ? { short: { of: "machines", until: after(now, lookMinutes) } } : {}),
  };
}

/** Ends what a transfer has taken: its machines are gone, and its dollars are those that it has cost. */
export function endTransfer(before: Budgets, transfer: string, cost: number, now: Date): Budgets {
  const budgets = takeMachines(
    before,
    { transfer, has: [], wants: [], hours: 0, seen: [], spent: 0, dollars: 0 },
    noLimits,
    now,
  ).budgets;
  let over = dollarsOf(budgets, transfer) - cost;
  if (over < 0) return withDollars(budgets, transfer, -over, now);
  // The youngest days first: what was taken last was used last.
  const days = Object.entries(budgets.dollars).sort(([a], [b]) => (a < b ? 1 : -1));
  const dollars = days.map(([day, takings]): [string, Record<string, number>] => {
    const taken = ownOf(takings, transfer);
    const less = Math.min(taken, over);
    over -= less;
    return [day, less === 0 ? takings : { ...takings, [transfer]: taken - less }];
  });
  return { ...budgets, dollars: Object.fromEntries(dollars.reverse()) };
}

const noLimits: Limits = {
  machines: 0,
  dollarsPerDay: 0,
  dollarsPerMonth: 0,
  mailsPerDay: 0,
  invitationsPerDay: 0,
};

/**
 * Takes an invitation for each of these people as far as the last 24 hours leave some; gives back those that turned out not to be sent.
 * `others` are the logins of the invitations of that time that the vendor lists: whoever sent them, they count.
 */
export function takeInvitations(
  before: Budgets,
  {
    wants,
    unused = [],
    others = [],
  }: { wants: readonly string[]; unused?: readonly string[]; others?: readonly string[] },
  limits: Pick<Limits, "invitationsPerDay">,
  now: Date,
): { budgets: Budgets; granted: string[] } {
  const budgets = current(before, now);
  const taken = new Map(
    Object.entries(budgets.invitations)
      .flatMap(([day, takings]) =>
        Object.entries(takings).map(([login, at]) => ({ login, at: timeOf(day, at) })),
      )
      .filter(({ login, at }) => !unused.includes(login) && now.getTime() - at < dayMs)
      .map(({ login, at }) => [login, at]),
  );
  const theirs = new Set(others.filter((login) => !taken.has(login))).size;
  const granted: string[] = [];
  for (const login of wants) {
    const room = !isLost(budgets, now) && taken.size + theirs < limits.invitationsPerDay;
    if (!taken.has(login) && !room) continue;
    if (!taken.has(login)) taken.set(login, now.getTime());
    granted.push(login);
  }
  const invitations: Budgets["invitations"] = {};
  for (const [login, at] of taken) {
    const day = dayOf(new Date(at));
    invitations[day] = { ...invitations[day], [login]: at };
  }
  return { budgets: { ...budgets, invitations }, granted };
}

/** Of a taking that tells no time of its day: the last. */
const timeOf = (day: string, at: number): number => (at > 1 ? at : Date.parse(day) + dayMs - 1);

/**
 * Takes an instance's next block of mails, the first of which counts as sent; none where the day's are used up. What it sent
 * since it last reported is counted.
 */
export function takeMails(
  before: Budgets,
  { instance, sent }: { instance: string; sent: number },
  limits: Pick<Limits, "mailsPerDay">,
  now: Date,
): { budgets: Budgets; size: number } {
  const { mails, ...budgets } = current(reportMails(before, { instance, sent }, now), now);
  const { [instance]: mine, ...others } = mails.blocks;
  const used = mails.used + (mine?.used ?? 0);
  const taken = Object.values(others).reduce((sum, { size, used: more }) => sum + Math.max(size, more), used);
  const room = isLost({ ...budgets, mails }, now) ? 0 : limits.mailsPerDay - taken;
  const size = Math.max(0, Math.min(blockMails, room));
  const block = { size, used: 1, until: after(now, blockMinutes).toISOString() };
  const blocks = size === 0 ? others : { ...others, [instance]: block };
  return { budgets: { ...budgets, mails: { ...mails, used, blocks } }, size };
}

/** Counts what an instance has sent since it last said so. */
export function reportMails(
  before: Budgets,
  { instance, sent }: { instance: string; sent: number },
  now: Date,
): Budgets {
  const budgets = current(before, now);
  const { used, blocks } = budgets.mails;
  const mine = Object.hasOwn(blocks, instance) ? blocks[instance] : undefined;
  if (sent === 0) return budgets;
  const mails =
    mine === undefined
      ? { used: used + sent }
      : { blocks: { ...blocks, [instance]: { ...mine, used: mine.used + sent } } };
  return { ...budgets, mails: { ...budgets.mails, ...mails } };
}

/** Dollars that a transfer has taken, on whatever day. */
const dollarsOf = ({ dollars }: Budgets, transfer: string): number =>
  Object.values(dollars).reduce((sum, takings) => sum + ownOf(takings, transfer), 0);

const ownOf = (takings: Record<string, number>, key: string): number =>
  Object.hasOwn(takings, key) ? (takings[key] ?? 0) : 0;

function withDollars(budgets: Budgets, transfer: string, more: number, now: Date): Budgets {
  const day = dayOf(now);
  const takings = budgets.dollars[day] ?? {};
  const sum = ownOf(takings, transfer) + more;
  return { ...budgets, dollars: { ...budgets.dollars, [day]: { ...takings, [transfer]: sum } } };
}

/** Sums of dollars differ in their last digits by the order of what is added. */
const rounding = 1e-9;

function shortOfDollars(budgets: Budgets, more: number, limits: Limits, now: Date): Short | undefined {
  if (more <= rounding) return undefined;
  const { day, month } = dollarsTaken(budgets, limits, now);
  if (month + more > limits.dollarsPerMonth + rounding)
    return { of: "dollars-of-month", until: nextMonth(now) };
  if (day + more > limits.dollarsPerDay + rounding) return { of: "dollars-of-day", until: tomorrow(now) };
  return undefined;
}

/** Dollars that all transfers have taken. Of a month whose record was lost, each day until then counts as used up. */
export function dollarsTaken(
  budgets: Budgets,
  limits: Pick<Limits, "dollarsPerDay">,
  now: Date,
): { day: number; month: number } {
  const { lostAt = "" } = budgets;
  const today = dayOf(now);
  const inMonth = monthOf(lostAt) === monthOf(today);
  const lost = inMonth ? Number(lostAt.slice(8, 10)) * limits.dollarsPerDay : 0;
  const sumOf = (fits: (day: string) => boolean): number =>
    Object.entries(budgets.dollars)
      .filter(([day]) => fits(day))
      .flatMap(([, takings]) => Object.values(takings))
      .reduce((sum, taken) => sum + taken, 0);
  return {
    day: sumOf((day) => day === today) + (isLost(budgets, now) ? limits.dollarsPerDay : 0),
    month: sumOf((day) => monthOf(day) === monthOf(today)) + lost,
  };
}
