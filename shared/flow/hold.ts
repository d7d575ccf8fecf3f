// Holding back: what a plan holds waits for a person's word, each action by itself; the harmless part goes through meanwhile.
import { type Clock, keyTime } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import type { HeldPlan, Verdict, Waiting } from "../records.ts";
import { approvals, verdicts, type WaitingSince } from "./approvals.ts";
import { migrated } from "./migration.ts";
import { type Action, type HeldAction, hashOf, type Plan, planName, planOf } from "./plan.ts";

export type Hold<A extends Action> = {
  /** The plan as it stands now, under the hash by which a person approves: what goes, and what stays on hold. */
  plan: Plan<A>;
  /** The plan as people are shown it when they are asked: with all that is held, approved or not. */
  shown: Plan<A>;
  /** Actions that are carried out now: the plan's, and those held that were approved. */
  go: A[];
  /** Actions that stay on hold, with what was said of each: undefined while nobody has. */
  held: (HeldAction<A> & { verdict: Verdict | undefined })[];
  /** Memory for the state: each held action, approved or not, until it was carried out. */
  waiting: Waiting | undefined;
  /** Memory for the state before anybody is asked about what is new: that part is set apart. A run that only plans asks nobody. */
  asked: Waiting | undefined;
  /** Says whether something waits for a person: what was rejected does not, while that word counts. */
  waits: boolean;
  /** Says whether something waits that nobody was asked about yet. */
  isNew: boolean;
  /** Key of what people are told of it: the plan, and since when the newest of it waits. What comes again has another one. */
  key: string;
};

/** Reason to hold what was held before, whatever has become of the rest. */
export const stillHeld = "it was on hold before, and stays so until somebody approves it";

/** Holds what was on hold before, though it would go unasked by itself: else a rejection ends with the rest of its plan. Pure. */
export function withStillHeld<A extends Action>(plan: Plan<A>, waits: (hash: string) => boolean): Plan<A> {
  const still = plan.actions.filter((action) => waits(hashOf(action)));
  if (still.length === 0) return plan;
  const actions = plan.actions.filter((action) => !still.includes(action));
  const held = [...plan.held, ...still.map((action) => ({ ...action, because: stillHeld }))];
  const { refused, cost } = plan;
  return planOf({ actions, held, refused, ...(cost && { cost }) });
}

type HoldOptions = {
  hub: string;
  flow: string;
  /** Hours for which a word counts. */
  hours: number;
  /** Nothing new begins to wait, for nobody is told. */
  planning: boolean;
  /** An action goes unasked once its reason is over, unless somebody has rejected it. */
  endsByItself?: true;
};

/** Sees which held actions were approved. `before` is what the state remembers of the run before. */
export async function hold<A extends Action>(
  decided: Plan<A>,
  before: Waiting | undefined,
  of: HoldOptions,
  { ledger, now }: { ledger: Pick<Ledger, "list" | "read">; now: Clock },
): Promise<Hold<A>> {
  const shown = (await isGone(before, of, ledger)) ? undefined : before;
  const { since: known, said } = await answersOn(shown, of, { ledger, now });
  const waitedBefore = of.endsByItself ? {} : { ...known, ...before?.since, ...before?.untold };
  const stays = (hash: string) => waitedBefore[hash] !== undefined || said.get(hash) === "rejected";
  const plan = withStillHeld(decided, stays);
  const at = now().toISOString();
  const asked: Record<string, string> = {};
  const untold: Record<string, string> = {};
  for (const { hash } of plan.held) {
    const since = known[hash];
    if (since === undefined) untold[hash] = before?.untold?.[hash] ?? at;
    else asked[hash] = since;
  }
  const left = plan.held.filter(({ hash }) => said.get(hash) !== "approved");
  const held = left.map((action) => ({ ...action, verdict: said.get(action.hash) }));
  const [newest] = Object.values(untold).sort().reverse();
  const isNew = newest !== undefined;
  const go = [...plan.actions, ...plan.held.filter(({ hash }) => said.get(hash) === "approved")];
  // The plan that people were shown, for as long as it has all that waits.
  const hash = isNew || before === undefined ? plan.hash : before.plan;
  // A run that only plans stores none: what was said of the one that is stored would be void.
  const stored = of.planning ? (before?.plan ?? hash) : hash;
  return {
    plan: { ...plan, hash, actions: go, held: left },
    shown: plan,
    go,
    held,
    waiting: waitingOn(hash, { ...asked, ...untold }),
    // Actions that waited before each had a hash stay as they were, with their old words, until somebody acts.
    asked:
      before?.old && plan.held.length > 0
        ? { ...before, ...(!of.planning && isNew && { untold }) }
        : waitingOn(stored, asked, of.planning ? {} : untold),
    waits: held.some(({ verdict }) => verdict === undefined),
    isNew,
    key: `${plan.hash}/${newest && keyTime(newest)}`,
  };
}

const waitingOn = (plan: string, since: WaitingSince, untold: WaitingSince = {}): Waiting | undefined => {
  const isUntold = Object.keys(untold).length > 0;
  if (!isUntold && Object.keys(since).length === 0) return undefined;
  return { plan, since, ...(isUntold && { untold }) };
};

/** Tells whether the plan that people were shown is deleted, as all are after a time: nobody can approve it, and it is asked anew. */
async function isGone(
  waiting: Waiting | undefined,
  { hub }: { hub: string },
  ledger: Pick<Ledger, "list">,
): Promise<boolean> {
  // A run that died before it told anybody may not have stored its plan: the next one does.
  if (waiting === undefined || Object.keys(waiting.untold ?? {}).length > 0) return false;
  return (await ledger.list(planName(hub, waiting.plan))).length === 0;
}

/** Says of what the state remembers, before anything is decided: whether some of it waits for a person, and some is approved. */
export async function wordsOn(
  waiting: Waiting | undefined,
  of: { hub: string; flow: string; hours: number },
  deps: { ledger: Pick<Ledger, "list" | "read">; now: Clock },
): Promise<{ waits: boolean; approved: boolean }> {
  const { since, said } = await answersOn(waiting, of, deps);
  const waits = Object.keys(since).some((hash) => said.get(hash) === undefined);
  return { waits, approved: [...said.values()].includes("approved") };
}

/** Says how a run ends as far as its hold goes. `told` is said of the run that has asked the people, and of no other. */
export function endOf({ waits, isNew }: { waits: boolean; isNew: boolean }) {
  if (!waits) return { outcome: "done" } as const;
  return isNew ? ({ outcome: "held", told: true } as const) : ({ outcome: "held" } as const);
}

/** Reads since when each held action waits, and what was said of it: what flows and console alike ask. */
export async function answersOn(
  waiting: Waiting | undefined,
  of: { hub: string; flow: string; hours: number },
  { ledger, now }: { ledger: Pick<Ledger, "list" | "read">; now: Clock },
): Promise<{ since: WaitingSince; said: Map<string, Verdict> }> {
  const old = await migrated(ledger, of.hub, waiting);
  const since = old?.since ?? waiting?.since ?? {};
  const words = [...(await approvals(ledger, { ...of, waiting: since })), ...(old?.words ?? [])];
  return { since, said: verdicts(since, words, { now: now(), hours: of.hours }) };
}

/** Gives what is remembered after acting: an action that was carried out waits no longer, and asks again should it come again. */
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
  await ledger.create(planName(hub, plan.hash), record, { madeAt, flow });
}
