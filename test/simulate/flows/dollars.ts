// Dollars of a hub's transfers, counted by the machines that there were: none is asked for once those of a day or a month are used up.
import { limitsOf } from "../../../shared/settings/limits.ts";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { TransferState } from "../../../shared/transfers/records.ts";
import type { World } from "../world.ts";
import { hub } from "./settings.ts";

/** Times of one machine, in milliseconds. */
export type Life = { transfer: string; from: number; until?: number };

/** Hours that a machine is counted for while it runs, however short it lives: so long it takes to start. */
const startHours = 0.05;
const hourMs = 3_600_000;

/**
 * Gives a sentence where the machines that there were cost more than the hub may spend. Call it when one was made. What another transfer
 * cost beyond its plan counts against those that began after its end: an earlier one had taken its dollars before anybody knew.
 */
export function overDollars(world: World, lives: readonly Life[]): string[] {
  const settings = world.settings.hubs[hub];
  const { dollarsPerDay, dollarsPerMonth } = limitsOf(settings);
  const perHour = settings?.transfers?.machine.dollarsPerHour ?? 0;
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const monthOf = (at: number): string => dayOf(at).slice(0, 7);
  const now = world.now().getTime();
  const [asking] = world.records(`head/transfers/${hub}/${lives.at(-1)?.transfer}.json`);
  const began =
    asking === undefined ? now : Date.parse(TransferState.parse(JSON.parse(asking.text)).startedAt);

  /** Costs of the transfers that have begun in this period, and, where they are over, ended in it. */
  function spentIn(periodOf: (at: number) => string): number {
    const isNow = (at: number): boolean => periodOf(at) === periodOf(now);
    return Object.entries(Object.groupBy(lives, ({ transfer }) => transfer)).reduce(
      (sum, [id, machines = []]) => {
        const [stored] = world.records(`transfers/${hub}/${id}/receipt.json`);
        const end = stored && Date.parse(TransferReceipt.parse(JSON.parse(stored.text)).endedAt);
        if (!machines.every(({ from }) => isNow(from)) || (end !== undefined && !isNow(end))) return sum;
        const hours = machines.map(({ from, until }) => {
          if (end !== undefined && end <= began) return ((until ?? now) - from) / hourMs;
          return until === undefined ? startHours : 0;
        });
        return sum + perHour * hours.reduce((all, each) => all + each, 0);
      },
      0,
    );
  }

  const periods = [
    ["day", spentIn(dayOf), dollarsPerDay],
    ["month", spentIn(monthOf), dollarsPerMonth],
  ] as const;
  return periods.flatMap(([period, spent, most]) =>
    spent <= most + 1e-6
      ? []
      : [
          `a machine was made in a ${period} whose transfers cost $${spent.toFixed(2)}, where $${most} are allowed`,
        ],
  );
}
