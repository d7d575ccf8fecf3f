// What is held, and a person's word on it. Plans are create-only and kept once read; the word is one more record.
import { z } from "zod";
import type { Clock } from "../../../shared/clock.ts";
import type { HeldPlanLine } from "../../../shared/control.ts";
import { type EventName, HubName } from "../../../shared/events.ts";
import { functionNames, rowOf } from "../../../shared/functions.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import type { QuotaHead } from "../../../shared/quota/records.ts";
import { HeldPlan, OldApproval } from "../../../shared/records.ts";
import type { Settings } from "../../../shared/settings.ts";
import { checkEvent, type Publish } from "../events/send.ts";
import type { Heads, HeadsOf } from "../heads.ts";
import { type Refusal, refuse } from "../http/refusal.ts";

export type PlanDeps = { settings: Settings; ledger: Ledger; now: Clock; publish: Publish };

export type Plans = {
  /** Those that wait first, then the newest. */
  all: () => Promise<HeldPlanLine[]>;
  one: (hub: string, hash: string) => Promise<HeldPlanLine | undefined>;
  /** Keeps the word and wakes the flow. */
  decide: (word: {
    hub: string;
    hash: string;
    verdict: OldApproval["verdict"];
    by: string;
  }) => Promise<{ said: string } | Refusal>;
};

const shown = 50;

export function plans(
  deps: PlanDeps,
  { members, quotas }: { members: Heads; quotas: HeadsOf<QuotaHead> },
): Plans {
  const { ledger, settings, now, publish } = deps;
  const kept = new Map<string, HeldPlan>();

  async function read(name: string): Promise<HeldPlan | undefined> {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const plan = (await ledger.read(name, HeldPlan))?.value;
    if (plan !== undefined) kept.set(name, plan);
    return plan;
  }

  /** The words on plans whose names begin so; of each plan the newest, for its name ends in its time. */
  async function wordsOn(prefix: string): Promise<Map<string, OldApproval>> {
    const words = new Map<string, OldApproval>();
    for (const { name, metadata } of await ledger.list(`approvals/${prefix}`)) {
      const [, hub, hash] = name.split("/");
      const label = OldApproval.safeParse({ v: 1, ...metadata });
      const word = label.success ? label.data : (await ledger.read(name, OldApproval))?.value;
      if (word !== undefined) words.set(`${hub}/${hash}`, word);
    }
    return words;
  }

  async function linesOf(held: HeldPlan[], prefix: string): Promise<HeldPlanLine[]> {
    const [ofMembers, ofHomes, words] = await Promise.all([members.all(), quotas.all(), wordsOn(prefix)]);
    return held.map((each) => {
      const { hub, plan, flow } = each;
      const homes = flow === "scan-quotas";
      const head = homes ? ofHomes.get(hub) : ofMembers.get(hub);
      const word = words.get(`${hub}/${plan.hash}`);
      const { members: sheet, quota } = settings.hubs[hub] ?? {};
      const hours = (homes ? quota?.approvalHours : sheet?.approvalHours) ?? 24;
      return { ...each, state: stateOf({ hash: plan.hash, head, word, hours, now: now() }) };
    });
  }

  const all = async (): Promise<HeldPlanLine[]> => {
    const entries = await ledger.list("plans/");
    const newest = entries
      .sort((a, b) => compare(b.metadata["madeAt"] ?? "", a.metadata["madeAt"] ?? ""))
      .slice(0, shown);
    const held = await Promise.all(newest.map(({ name }) => read(name)));
    const lines = await linesOf(
      held.filter((plan) => plan !== undefined),
      "",
    );
    return lines.sort(
      (a, b) => Number(b.state === "waiting") - Number(a.state === "waiting") || compare(b.madeAt, a.madeAt),
    );
  };

  const one = async (hub: string, hash: string): Promise<HeldPlanLine | undefined> => {
    if (!HubName.safeParse(hub).success || !/^[\w-]{1,128}$/.test(hash)) return undefined;
    const plan = await read(`plans/${hub}/${hash}.json`);
    return plan === undefined ? undefined : (await linesOf([plan], `${hub}/${hash}/`))[0];
  };

  return {
    all,
    one,
    async decide({ hub, hash, verdict, by }) {
      const plan = await one(hub, hash);
      if (plan === undefined)
        return refuse(404, "nothing was decided", "there is no such plan", "look it up in Plans");
      if (plan.state !== "waiting")
        return refuse(409, "nothing was decided", because[plan.state], "look at Plans for what waits now");
      const at = now().toISOString();
      const word: OldApproval = { v: 1, verdict, by, at };
      const stored = await ledger.create(`approvals/${hub}/${hash}/${at}.json`, word, { verdict, by, at });
      if (stored === "exists")
        return refuse(409, "nothing was decided", "somebody else decided at the same moment", "look again");
      const wake = checkEvent(eventOf(plan.flow), { v: 1, hub, why: "approval" }, settings);
      if ("refused" in wake) return wake;
      await publish(wake.topic, wake.event);
      return {
        said: verdict === "approved" ? "approved: it is being done" : "rejected: it will not be done",
      };
    },
  };
}

const Waits = z.object({ waiting: z.object({ hash: z.string() }) });

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const because = {
  approved: "it is approved already",
  rejected: "it was rejected already",
  over: "the plan is no longer the one that waits: things have changed since",
} as const;

function eventOf(flow: string): EventName | "" {
  const name = functionNames.find((each) => each === flow);
  const hears = name === undefined ? undefined : rowOf(name).hears;
  return hears === undefined || hears === "undelivered" ? "" : hears;
}

/** An approval counts for some hours; a rejection for as long as the plan waits. */
function stateOf(of: {
  hash: string;
  /** What the flow remembers: it says which plan waits. */
  head: object | undefined;
  word: OldApproval | undefined;
  hours: number;
  now: Date;
}): HeldPlanLine["state"] {
  const { hash, head, word, hours, now } = of;
  const waits = head !== undefined && Waits.safeParse(head).data?.waiting.hash === hash;
  if (word?.verdict === "rejected") return "rejected";
  if (word?.verdict === "approved" && !waits) return "approved";
  if (!waits) return "over";
  if (word === undefined) return "waiting";
  return now.getTime() - new Date(word.at).getTime() < hours * 3_600_000 ? "approved" : "waiting";
}
