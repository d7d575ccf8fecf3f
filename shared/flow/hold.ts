// Holding back: what a plan holds waits for a person's word, each action by itself; the harmless part goes through meanwhile.
import type { Clock } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import type { HeldPlan, Waiting } from "../records.ts";
import { approvals, type Verdict, verdicts } from "./approvals.ts";
import { migrated } from "./migration.ts";
import type { Action, HeldAction, Plan } from "./plan.ts";

export type Hold<A extends Action> = {
  /** What is carried out now: the plan's actions, and those held that were approved. */
  go: A[];
  /** What stays on hold, with what was said of it: undefined while nobody has. */
  held: (HeldAction<A> & { verdict: Verdict | undefined })[];
  /** What the state remembers: each held action, approved or not, until it was carried out. */
  waiting: Waiting | undefined;
  /** Whether something waits that nobody was asked about yet. */
  isNew: boolean;
};

/** Sees which held actions were approved. `before` is what the state remembers of the run before. */
export async function hold<A extends Action>(
  plan: Plan<A>,
  before: Waiting | undefined,
  of: { hub: string; flow: string; hours: number },
  { ledger, now }: { ledger: Pick<Ledger, "list" | "read">; now: Clock },
): Promise<Hold<A>> {
  if (plan.held.length === 0) return { go: plan.actions, held: [], waiting: undefined, isNew: false };
  const old = await migrated(ledger, of.hub, before);
  const known = new Map(Object.entries(old?.since ?? before?.since ?? {}));
  const at = now().toISOString();
  const since = Object.fromEntries(plan.held.map(({ hash }) => [hash, known.get(hash) ?? at]));
  const words = [...(await approvals(ledger, { ...of, waiting: since })), ...(old?.words ?? [])];
  const said = verdicts(since, words, { now: now(), hours: of.hours });
  const held = plan.held
    .map((action) => ({ ...action, verdict: said.get(action.hash) }))
    .filter(({ verdict }) => verdict !== "approved");
  return {
    go: [...plan.actions, ...plan.held.filter(({ hash }) => said.get(hash) === "approved")],
    held,
    waiting: { plan: plan.hash, since },
    isNew: held.some(({ hash, verdict }) => verdict === undefined && !known.has(hash)),
  };
}

/** What is remembered after acting: an action that was carried out waits no longer, and asks again should it come again. */
export function withoutDone(
  waiting: Waiting | undefined,
  done: readonly { hash: string }[],
): Waiting | undefined {
  if (waiting === undefined) return undefined;
  const gone = new Set(done.map(({ hash }) => hash));
  const left = Object.entries(waiting.since).filter(([hash]) => !gone.has(hash));
  return left.length === 0 ? undefined : { ...waiting, since: Object.fromEntries(left) };
}

/** Stores a plan whole, where people look for what waits for them; twice is harmless. */
export async function storePlan(
  { hub, flow, plan }: { hub: string; flow: string; plan: Plan },
  { ledger, now }: { ledger: Pick<Ledger, "create">; now: Clock },
): Promise<void> {
  const madeAt = now().toISOString();
  const record = { v: 2, hub, flow, plan, madeAt } satisfies HeldPlan;
  await ledger.create(`plans/${hub}/${plan.hash}.json`, record, { madeAt, flow });
}
