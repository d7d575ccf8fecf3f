// Removals on hold, and a hub that holds them and hears a person's words.
import { approve } from "../../../shared/flow/approvals.ts";
import { hold, storePlan } from "../../../shared/flow/hold.ts";
import { type Action, hashOf, planOf } from "../../../shared/flow/plan.ts";
import type { Waiting } from "../../../shared/records.ts";
import type { ledgerHarness } from "../ledger-harness.ts";

type LedgerHarness = Awaited<ReturnType<typeof ledgerHarness>>;

export type Removal = Action & { team: string };
export const removal = (about: string): Removal & { because: string } => ({
  do: "remove",
  about,
  team: "full-access",
  why: "no longer in the sheet",
  because: "3 removals are many at once",
});
export const planWith = (...names: string[]) =>
  planOf<Removal>({ actions: [], held: names.map(removal), refused: [] });
/** A plan of a removal that goes unasked, and of another that is held. */
export const planOfTwo = (goes: string, waits: string) => {
  const { because: _, ...action } = removal(goes);
  return planOf<Removal>({ actions: [action], held: [removal(waits)], refused: [] });
};
export const hashes = (...names: string[]) => names.map((name) => hashOf(removal(name)));
export const at = (time: string) => new Date(`2026-03-${time}:00.000Z`);
export const plain = (items: readonly Action[]) => items.map(({ about }) => about);

let hubs = 0;
/** A hub of its own for each test: what it holds at a time, and what a person says at another. */
export async function hubOf(harness: LedgerHarness) {
  hubs += 1;
  const name = `hub-${hubs}`;
  const ledger = await harness.ledgerOf("sync-members");
  const console = await harness.ledgerOf("console");
  const of = { hub: name, flow: "sync-members" };
  return {
    name,
    ledger,
    console,
    /** Holds, and asks for what is new, as flows do. */
    async holds(time: string, names: string[], before?: Waiting) {
      const now = () => at(time);
      const plan = planWith(...names);
      const held = await hold(plan, before, { ...of, hours: 24, planning: false }, { ledger, now });
      if (held.isNew) await storePlan({ ...of, plan }, { ledger, now });
      return held;
    },
    says: (time: string, verdict: "approved" | "rejected", ...names: string[]) =>
      approve(console, of, {
        verdict,
        by: "console",
        at: at(time).toISOString(),
        plan: "shown",
        items: hashes(...names),
      }),
  };
}
