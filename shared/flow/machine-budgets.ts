// Machines and dollars of a hub: what a transfer takes before it asks for machines, and what is given back of it. Pure.
import { dayOf } from "../clock.ts";
import type { Limits } from "../settings/limits.ts";
import { after, type Budgets, current, isLost, monthOf, tomorrow } from "./budgets.ts";

/** Budget that is used up, and the time from which there may be some of it again. */
export type Short = { of: "machines" | "dollars-of-day" | "dollars-of-month"; until: Date };

/** After a damaged record, machines may have been asked for that nobody knows of yet: as long as a delivery may take. */
const unseenMinutes = 10;
/** Minutes after which somebody's machine may be gone. */
const lookMinutes = 1;

const nextMonth = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));

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
  if (over < 0) return ended(withDollars(budgets, transfer, -over, now), transfer);
  // The youngest days first: what was taken last was used last.
  const days = Object.entries(budgets.dollars).sort(([a], [b]) => (a < b ? 1 : -1));
  const dollars = days.map(([day, takings]): [string, Record<string, number>] => {
    const taken = ownOf(takings, transfer);
    const less = Math.min(taken, over);
    over -= less;
    return [day, less === 0 ? takings : { ...takings, [transfer]: taken - less }];
  });
  return ended({ ...budgets, dollars: Object.fromEntries(dollars.reverse()) }, transfer);
}

function ended({ taken = {}, ...budgets }: Budgets, transfer: string): Budgets {
  const others = Object.entries(taken).filter(([id]) => id !== transfer);
  return { ...budgets, ...(others.length === 0 ? {} : { taken: Object.fromEntries(others) }) };
}

const noLimits: Limits = {
  machines: 0,
  dollarsPerDay: 0,
  dollarsPerMonth: 0,
  mailsPerDay: 0,
  invitationsPerDay: 0,
};

/** Dollars that a transfer has taken, on whatever day: records of before tell the days alone. */
const dollarsOf = ({ dollars, taken = {} }: Budgets, transfer: string): number =>
  Object.hasOwn(taken, transfer)
    ? ownOf(taken, transfer)
    : Object.values(dollars).reduce((sum, takings) => sum + ownOf(takings, transfer), 0);

const ownOf = (takings: Record<string, number>, key: string): number =>
  Object.hasOwn(takings, key) ? (takings[key] ?? 0) : 0;

function withDollars(budgets: Budgets, transfer: string, more: number, now: Date): Budgets {
  const day = dayOf(now);
  const takings = budgets.dollars[day] ?? {};
  const sum = ownOf(takings, transfer) + more;
  return {
    ...budgets,
    dollars: { ...budgets.dollars, [day]: { ...takings, [transfer]: sum } },
    taken: { ...budgets.taken, [transfer]: dollarsOf(budgets, transfer) + more },
  };
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
