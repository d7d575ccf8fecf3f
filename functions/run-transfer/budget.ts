// Says beforehand what a transfer takes: machines, requests, hours and dollars, and holds it against the limits of the settings. Pure.
import { dearestPerHour } from "../../shared/compute/placement.ts";
import type { Location } from "../../shared/remotes/location.ts";
import type { Limits } from "../../shared/settings/limits.ts";
import type { Prices } from "../../shared/settings/prices.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import { type Dollars, type Figures, totalOf } from "../../shared/transfers/figures.ts";
import type { Earlier } from "../../shared/transfers/pace.ts";
import { dollarsAtStores } from "./dollars.ts";
import { busyMachines, hoursOf, type Load, paceOf } from "./hours.ts";
import type { Request } from "./request.ts";
import { countOf, inTurn, requestsOf } from "./requests.ts";
import type { WorkTally } from "./tally.ts";

/** All that costs and hours depend on beside the objects. */
export type Circumstances = {
  /** Places of the buckets; undefined outside Google. */
  source: Location | undefined;
  target: Location | undefined;
  /** Pace of the last transfers between the two remotes. */
  earlier: readonly Earlier[];
};

export type Budget = {
  requests: number;
  dollars: Dollars;
  hours: [best: number, worst: number];
  work: Pick<Load, "bytes" | "turns">;
  slowest: Figures["slowest"];
  /** Counts earlier transfers by whose pace the hours were narrowed. */
  earlier: number;
};

/** Turns that are worth a machine of their own: they take longer than the machine takes to begin. */
const turnsPerMachine = 2000;

/** Says how many machines a transfer has: no more than there are lists, nor than the largest object lets work at once. */
export function machinesFor(
  tally: WorkTally,
  { limits, gigabytesPerMachine }: Pick<TransferSettings, "limits" | "gigabytesPerMachine">,
): number {
  const { lists, turns } = tally;
  if (lists === 0) return 0;
  const { copy, readBack } = tally;
  // All that is compared by reading is read at the target.
  const bytes = copy.bytes + readBack.target.bytes;
  const largest = Math.max(copy.largest, readBack.target.largest);
  const wanted = Math.max(Math.ceil(bytes / (gigabytesPerMachine * 1e9)), Math.ceil(turns / turnsPerMachine));
  return Math.max(1, Math.min(limits.machines, wanted, busyMachines({ bytes, turns, largest }), lists));
}

/** Says for how long and for how much. Dollars are those of the slowest pace. */
export function budgetOf(
  tally: WorkTally,
  of: {
    request: Request;
    circumstances: Circumstances;
    settings: Pick<TransferSettings, "prices" | "machine">;
    machines: number;
  },
): Budget {
  const { request, circumstances, settings, machines } = of;
  const { copy, readBack, lists, turns } = tally;
  const requests = requestsOf(request, tally);
  const all = [copy, readBack.source, readBack.target];
  const work = { bytes: all.reduce((sum, { bytes }) => sum + bytes, 0), turns };
  const load: Load = {
    ...work,
    largest: Math.max(...all.map(({ largest }) => largest)),
    lists,
    machines: Math.max(1, machines),
  };
  const pace = paceOf(inTurn(request), circumstances.earlier);
  const hours: [number, number] = machines === 0 ? [0, 0] : hoursOf(load, pace);
  return {
    requests: countOf(requests),
    dollars: {
      ...dollarsAtStores(tally, requests, { request, circumstances, settings }),
      machines: machines * hours[1] * dearestPerHour(settings.machine),
    },
    hours,
    work,
    slowest: { bytesPerSecond: pace.bytesPerSecond[1], turnSeconds: pace.turnSeconds[1] },
    earlier: pace.earlier,
  };
}

/** Says why a plan goes beyond the limits of the settings, or could never fit into its hub's; undefined when it does not. */
export function overLimit(
  plan: Pick<Budget, "dollars" | "hours"> & { bytes: number },
  { limits }: Pick<TransferSettings, "limits">,
  hub: Pick<Limits, "dollarsPerDay" | "dollarsPerMonth">,
): string | undefined {
  const dollars = totalOf(plan.dollars);
  if (plan.bytes > limits.gigabytes * 1e9)
    return `it has ${sizeWord(plan.bytes)} and the limit is ${limits.gigabytes} GB`;
  if (dollars > limits.dollars)
    return `it would cost about $${dollars.toFixed(2)} and the limit is $${limits.dollars}`;
  const most = Math.min(hub.dollarsPerDay, hub.dollarsPerMonth);
  if (dollars > most)
    return `it would cost about $${dollars.toFixed(2)} and all transfers of the hub may cost $${most} a ${most === hub.dollarsPerDay ? "day" : "month"}`;
  if (plan.hours[0] > limits.hours)
    return `it would take ${plan.hours[0].toFixed(1)} hours at best and the limit is ${limits.hours}`;
  return undefined;
}

/** Warns of old prices: they are only as good as the day on which somebody looked them up. */
export const priceWarning = ({ asOf }: Pick<Prices, "asOf">, now: Date): string | undefined =>
  now.getTime() - Date.parse(asOf) > 90 * 86_400_000
    ? `The prices in the settings are of ${asOf}: look them up again.`
    : undefined;
