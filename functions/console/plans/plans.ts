// Plans on hold, and a person's word on one, all or a chosen part. Plans are create-only and kept once read. The word is one more
// record. The rule that reads it is the one that the flows ask.
import type { Clock } from "../../../shared/clock.ts";
import type { HeldPlanLine } from "../../../shared/control.ts";
import { type EventName, HubName } from "../../../shared/events.ts";
import { approve } from "../../../shared/flow/approvals.ts";
import { answersOn } from "../../../shared/flow/hold.ts";
import { planName } from "../../../shared/flow/plan.ts";
import { type FlowName, flowNames, functionNames, rowOf } from "../../../shared/functions.ts";
import type { Entry, Ledger } from "../../../shared/ledger.ts";
import { HeldPlan, Verdict, type Waiting } from "../../../shared/records.ts";
import { sectionOf } from "../../../shared/serving.ts";
import type { Hub, Settings } from "../../../shared/settings.ts";
import { checkEvent, type Publish } from "../events/send.ts";
import { type Refusal, refuse } from "../http/refusal.ts";
import { type StatesOf, Waits } from "../states.ts";

export type PlanDeps = { settings: Settings; ledger: Ledger; now: Clock; publish: Publish };

export type Word = {
  hub: string;
  hash: string;
  verdict: Verdict;
  by: string;
  /** The held changes that are meant, by their hashes or by whom or what they are about; all of them without it. */
  only?: readonly string[] | undefined;
};

export type Plans = {
  /** Those that wait first, then the newest. */
  all: () => Promise<HeldPlanLine[]>;
  one: (hub: string, hash: string) => Promise<HeldPlanLine | undefined>;
  /** Keeps the word and wakes the flow. */
  decide: (word: Word) => Promise<{ said: string } | Refusal>;
};

const shown = 50;
const defaultHours = 24;

/** Memory of each flow about its hubs, or about its transfers, which says what waits; undefined of one that holds nothing. */
export type WaitingStates = Record<FlowName, StatesOf<object> | undefined>;

export function plans(deps: PlanDeps, states: WaitingStates): Plans {
  const { ledger, settings, now, publish } = deps;
  const kept = new Map<string, HeldPlan>();

  async function read(name: string): Promise<HeldPlan | undefined> {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const plan = (await ledger.read(name, HeldPlan))?.value;
    if (plan !== undefined) kept.set(name, plan);
    return plan;
  }

  async function linesOf(held: HeldPlan[]): Promise<HeldPlanLine[]> {
    const words = newestWords(await ledger.list("approvals/"));
    const answers = new Map<string, Promise<Answers>>();
    const answersOf = (hub: string, flow: string): Promise<Answers> => {
      const known = answers.get(`${hub}/${flow}`);
      const asked = known ?? whatWaits(hub, flow);
      answers.set(`${hub}/${flow}`, asked);
      return asked;
    };
    return Promise.all(
      held.map(async (each) => {
        const { hub, flow, plan } = each;
        const { current, since, said } = await answersOf(hub, flow);
        const verdicts = Object.fromEntries(
          plan.held.flatMap(({ hash }) =>
            since[hash] === undefined ? [] : [[hash, said.get(hash) ?? null]],
          ),
        );
        const word = words.get(`${hub}/${plan.hash}`);
        return { ...each, verdicts, state: stateOf(verdicts, current.has(plan.hash), word) };
      }),
    );
  }

  type Answers = Awaited<ReturnType<typeof answersOn>> & { current: ReadonlySet<string> };

  async function whatWaits(hub: string, flow: string): Promise<Answers> {
    const name = flowNames.find((each) => each === flow);
    const waiting = name === undefined ? [] : (await waitingOf(name)).filter((each) => each.hub === hub);
    const of = { hub, flow, hours: hoursOf(settings.hubs[hub], name) };
    // Each has its own times: of transfers several may wait.
    const answers = await Promise.all(waiting.map((each) => answersOn(each.waiting, of, { ledger, now })));
    return {
      since: Object.assign({}, ...answers.map(({ since }) => since)),
      said: new Map(answers.flatMap(({ said }) => [...said])),
      current: new Set(waiting.map(({ waiting: { plan } }) => plan)),
    };
  }

  /** Reads what of a flow waits, of each hub. A flow that has more than one state a hub names each by hub and id. */
  async function waitingOf(flow: FlowName): Promise<{ hub: string; waiting: Waiting }[]> {
    const all = (await states[flow]?.all()) ?? new Map<string, object>();
    return [...all].flatMap(([key, state]) => {
      const waiting = Waits.safeParse(state).data?.waiting;
      const [hub = ""] = key.split("/");
      return waiting === undefined ? [] : [{ hub, waiting }];
    });
  }

  /** Names the plans that a flow's state waits for: one that has waited for long is among them however many are newer. */
  async function namesThatWait(): Promise<string[]> {
    const byFlow = await Promise.all(flowNames.map(waitingOf));
    return byFlow.flat().map(({ hub, waiting }) => planName(hub, waiting.plan));
  }

  const all = async (): Promise<HeldPlanLine[]> => {
    const [entries, waiting] = await Promise.all([ledger.list("plans/"), namesThatWait()]);
    const newest = entries
      .sort((a, b) => compare(b.metadata["madeAt"] ?? "", a.metadata["madeAt"] ?? ""))
      .slice(0, shown)
      .map(({ name }) => name);
    const held = await Promise.all([...new Set([...waiting, ...newest])].map(read));
    const lines = await linesOf(held.filter((plan) => plan !== undefined));
    return lines.sort(
      (a, b) => Number(b.state === "waiting") - Number(a.state === "waiting") || compare(b.madeAt, a.madeAt),
    );
  };

  const one = async (hub: string, hash: string): Promise<HeldPlanLine | undefined> => {
    if (!HubName.safeParse(hub).success || !/^[\w-]{1,128}$/.test(hash)) return undefined;
    const plan = await read(planName(hub, hash));
    return plan === undefined ? undefined : (await linesOf([plan]))[0];
  };

  return {
    all,
    one,
    async decide({ hub, hash, verdict, by, only }) {
      const plan = await one(hub, hash);
      if (plan === undefined)
        return refuse(404, "nothing was decided", "there is no such plan", "look it up in Plans");
      const items = meant(plan, verdict, only);
      if (!Array.isArray(items)) return items;
      const at = now().toISOString();
      const stored = await approve(ledger, { hub, flow: plan.flow }, { verdict, by, at, plan: hash, items });
      if (stored === "exists")
        return refuse(409, "nothing was decided", "somebody else decided at the same moment", "look again");
      const wake = checkEvent(eventOf(plan.flow), { v: 1, hub, why: "approval" }, settings);
      if ("refused" in wake) return wake;
      await publish(wake.topic, wake.event);
      const many = `${items.length} of ${plan.plan.held.length}`;
      return {
        said: saysOf[verdict](many),
      };
    },
  };
}

const saysOf: Record<Verdict, (many: string) => string> = {
  approved: (many) => `approved ${many}: it is being done`,
  rejected: (many) => `rejected ${many}: it will not be done`,
  accepted: (many) => `accepted ${many}: they keep it, and nobody is asked again`,
};

/** Says whether a held change would take access from somebody: that alone can be accepted as it is. */
export const takesAccess = (flow: string, { do: act }: { do: string }): boolean =>
  flow === "sync-members" && (act === "remove" || act === "cancel-invitation");

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Gives how long a word on a flow's plans counts, as the section of the hub's settings says that the flow works by. */
function hoursOf(hub: Hub | undefined, flow: FlowName | undefined): number {
  const section = flow === undefined ? undefined : sectionOf(hub, flow);
  const hours = section instanceof Object && "approvalHours" in section ? section.approvalHours : undefined;
  return typeof hours === "number" ? hours : defaultHours;
}

/** Gives the newest word that named each plan, from the listing alone: its label says which; an old one lies below its plan. */
function newestWords(entries: readonly Entry[]): Map<string, Verdict> {
  const words = new Map<string, { at: string; verdict: Verdict }>();
  for (const { name, metadata } of entries) {
    const [, hub, folder] = name.split("/");
    const { verdict, at = "", plan = folder } = metadata;
    const word = Verdict.safeParse(verdict).data;
    if (word === undefined) continue;
    const key = `${hub}/${plan}`;
    if (at >= (words.get(key)?.at ?? "")) words.set(key, { at, verdict: word });
  }
  return new Map([...words].map(([key, { verdict }]) => [key, verdict]));
}

/** Says how a plan stands: by what of it still waits, else by the last word on it. */
function stateOf(
  verdicts: HeldPlanLine["verdicts"],
  isCurrent: boolean,
  word: Verdict | undefined,
): HeldPlanLine["state"] {
  const said = Object.values(verdicts);
  if (said.length === 0) return word === "accepted" ? "over" : (word ?? "over");
  // Another plan has all that waits, and is the one to look at.
  if (!isCurrent) return "over";
  if (said.includes(null)) return "waiting";
  return said.includes("rejected") ? "rejected" : "approved";
}

/**
 * Gives the held changes that a word is on. Without a choice it is on those of which nobody has said anything, or else on all
 * whose word it changes: so a rejection is taken back.
 */
function meant(
  line: HeldPlanLine,
  verdict: Verdict,
  only: readonly string[] | undefined,
): string[] | Refusal {
  const what = "nothing was decided";
  const mayBeMeant = (item: HeldPlanLine["plan"]["held"][number]): boolean =>
    verdict !== "accepted" || takesAccess(line.flow, item);
  const waits = line.plan.held.filter((item) => Object.hasOwn(line.verdicts, item.hash) && mayBeMeant(item));
  if (waits.length === 0) {
    if (line.flow === "run-transfer")
      return refuse(
        409,
        what,
        "the transfer does not wait any more: it has begun, was rejected, or has waited too long",
        "look at Transfers; what was not begun is asked for again, with another id",
      );
    const why =
      verdict === "accepted"
        ? "only access that would be taken from people can be accepted, and nothing of that kind waits here"
        : "nothing of the plan waits any more: things have changed since, or it was done";
    return refuse(409, what, why, "look at Plans for what waits now");
  }
  const said = ({ hash }: { hash: string }) => line.verdicts[hash] ?? undefined;
  if (only === undefined) {
    const silent = waits.filter((item) => said(item) === undefined);
    const turned = waits.filter((item) => said(item) !== verdict);
    if (turned.length === 0) return refuse(409, what, `it is ${verdict} already`, "there is nothing to do");
    return (silent.length > 0 ? silent : turned).map(({ hash }) => hash);
  }
  const chosen = only.map((name) =>
    waits.filter(({ hash, about }) => hash === name || about.toLowerCase() === name.toLowerCase()),
  );
  const missing = chosen.filter((found) => found.length === 0).length;
  if (only.length === 0) return refuse(422, what, "no change was chosen", "choose one, or all");
  if (missing > 0)
    return refuse(
      422,
      what,
      `${missing} of what was named is no change that waits`,
      "look at the plan again",
    );
  return [...new Set(chosen.flat().map(({ hash }) => hash))];
}

function eventOf(flow: string): EventName | "" {
  const name = functionNames.find((each) => each === flow);
  const hears = name === undefined ? undefined : rowOf(name).hears;
  return hears === undefined || hears === "undelivered" ? "" : hears;
}
