// Words of before each held action had a hash: what was asked and answered then keeps its meaning. An old word named a plan as a
// whole, and counts for each action that the plan held.
import type { Ledger } from "../ledger.ts";
import { type Approval, HeldPlan, OldApproval, type Waiting } from "../records.ts";
import { planName } from "./plan.ts";

/** Gives what waited before, by its actions, and the words on it; undefined where the state is of today's shape. */
export async function migrated(
  ledger: Pick<Ledger, "list" | "read">,
  hub: string,
  before: Waiting | undefined,
): Promise<{ since: Waiting["since"]; words: Approval[] } | undefined> {
  if (before?.old === undefined) return undefined;
  const { since } = before.old;
  const stored = await ledger.read(planName(hub, before.plan), HeldPlan);
  const items = stored?.value.plan.held.map(({ hash }) => hash) ?? [];
  const entries = await ledger.list(`approvals/${hub}/${before.plan}/`);
  const words = await Promise.all(entries.map(({ name }) => ledger.read(name, OldApproval)));
  return {
    since: Object.fromEntries(items.map((item) => [item, since])),
    words: words.flatMap((word) => (word === undefined ? [] : [{ ...word.value, plan: before.plan, items }])),
  };
}
