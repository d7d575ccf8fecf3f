// Keeps a hub's budgets: one record, compared and swapped on its generation, so that no two take the same.
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import { readWrittenOver } from "../written-over.ts";
import { Budgets, damagedBudgets, noBudgets } from "./budgets.ts";
import { untilSwapped } from "./swap.ts";

/**
 * Cloud Storage takes about one write a second for an object (https://docs.cloud.google.com/storage/quotas#objects): a swap that
 * was lost is tried again after a wait that grows and is spread, so that those who lost together do not meet again.
 */
const maximumSwaps = 12;
const longestWaitMs = 2000;

export type BudgetStore = {
  /** Changes the budgets of a hub. `change` may be asked several times; nothing is written where nothing changes. */
  change: <T>(hub: string, change: (budgets: Budgets, now: Date) => [Budgets, T]) => Promise<T>;
};

export function budgetStore(deps: {
  ledger: Ledger;
  now: Clock;
  /** From 0 to 1, as `Math.random`. */
  random: () => number;
  /** Real time: the vendor counts it. */
  pause: (milliseconds: number) => Promise<unknown>;
}): BudgetStore {
  const { ledger, now, random, pause } = deps;
  return {
    async change(hub, change) {
      const name = `head/budgets/${hub}.json`;
      const attempt = async () => {
        const at = now();
        const damaged = damagedBudgets(at);
        const found = await readWrittenOver(ledger, name, Budgets, damaged);
        const { value, generation } = found ?? { value: noBudgets(at), generation: "0" };
        const [next, result] = change(value, at);
        if (value !== damaged && isDeepStrictEqual(next, value)) return result;
        const swap = await ledger.swap(name, Budgets.parse(next), generation);
        return swap === "changed" ? "overtaken" : result;
      };
      const why = "too many deliveries take from the hub's budgets at once";
      const between = (tries: number) => pause(random() * Math.min(longestWaitMs, 50 * 2 ** tries));
      return untilSwapped(attempt, why, { most: maximumSwaps, between });
    },
  };
}
