// People who are asked to approve a transfer's plan: they take their time, say it of another plan, say it twice, reject, cancel, or never
// answer. What they were shown, and what they have said of it, is kept here by hand.
import type { Publish } from "../../../functions/console/events/send.ts";
import { plans } from "../../../functions/console/plans/plans.ts";
import { transfersWaiting } from "../../../functions/console/states.ts";
import { transfers } from "../../../functions/console/transfers/transfers.ts";
import { Notice } from "../../../shared/events.ts";
import { approve } from "../../../shared/flow/approvals.ts";
import { HeldPlan, Run } from "../../../shared/records.ts";
import { TransferState } from "../../../shared/transfers/records.ts";
import { makeHouse } from "../house.ts";
import type { Random } from "../random.ts";
import type { Strikes } from "../strikes.ts";
import type { World } from "../world.ts";
import { hub } from "./settings.ts";
import type { Ends, There } from "./transfer-ends.ts";

const minute = 60_000;
const flow = "run-transfer";

/** Plan that people were asked to approve, and what they have said of it, oldest first. */
type Shown = {
  id: string;
  hash: string;
  at: number;
  loses: string[];
  /** Objects of its target's bucket by then. */
  there: ReadonlyMap<string, There>;
  words: { verdict: "approved" | "rejected"; at: number }[];
};

export type People = ReturnType<typeof transferPeople>;

export function transferPeople(world: World, random: Random, ends: Pick<Ends, "there" | "wanted">) {
  const house = makeHouse("console", world, []);
  const { ledger, settings, now } = house;
  // Publishes past everything that may strike, as the operator does.
  const publish: Publish = async (topic, event) => {
    world.announce(topic, event);
    return "";
  };
  const none = { all: async () => new Map() };
  const waiting = {
    ...{ "sync-members": none, "scan-quotas": none, "bump-image": none },
    "run-transfer": transfersWaiting(ledger),
  };
  const decisions = plans({ ledger, settings, now, publish }, waiting);
  const ofTransfers = transfers({ ledger, settings, now, publish });
  const shown: Shown[] = [];
  let acts: { at: number; says: string; does: () => Promise<unknown> }[] = [];

  const later = (minutes: number, says: string, does: () => Promise<unknown>): void => {
    acts.push({ at: now().getTime() + minutes * minute, says, does });
  };

  /** Says it in the console, of the plan by its hash. */
  async function say(plan: Shown, verdict: "approved" | "rejected"): Promise<void> {
    const at = now().getTime();
    const answer = await decisions.decide({ hub, hash: plan.hash, verdict, by: "console" });
    if (!("refused" in answer)) plan.words.push({ verdict, at });
  }

  /** Approves what another plan holds: an earlier one that only a dry run has made, or another transfer's. */
  async function sayOfAnother({ hash }: Shown): Promise<void> {
    const held = [
      ...world.records(`plans/${hub}/`).map(({ text }) => HeldPlan.parse(JSON.parse(text)).plan),
      ...world.records("runs/").flatMap(({ text }) => Run.parse(JSON.parse(text)).plan ?? []),
    ];
    const other = random.oneOf(held.filter((plan) => plan.hash !== hash && plan.held.length > 0));
    const items = other?.held.map((action) => action.hash) ?? ["0".repeat(16)];
    const at = now().toISOString();
    const word = {
      verdict: "approved" as const,
      by: "console",
      at,
      plan: other?.hash ?? "0".repeat(16),
      items,
    };
    await approve(ledger, { hub, flow }, word);
    // Said of another transfer's plan, it is a word on that one.
    for (const plan of shown)
      if (plan.hash === other?.hash) plan.words.push({ verdict: "approved", at: Date.parse(at) });
    world.announce("transfer-request", { v: 1, hub, why: "approval" });
  }

  /** Begins what somebody does who was asked. */
  function asked(plan: Shown): void {
    const { id } = plan;
    const soon = random.between(1, 40);
    const approves = (minutes: number): void =>
      later(minutes, `approves the plan of ${id}`, () => say(plan, "approved"));
    const rejects = (minutes: number): void =>
      later(minutes, `rejects the plan of ${id}`, () => say(plan, "rejected"));
    const drawn = random.next();
    if (drawn < 0.45) approves(soon);
    else if (drawn < 0.57) approves(random.pick(1, 2, 4, 6) * 60);
    else if (drawn < 0.67) {
      approves(soon);
      approves(soon + random.between(0, 20));
    } else if (drawn < 0.77) {
      later(soon, `approves another plan than that of ${id}`, () => sayOfAnother(plan));
      if (random.chance(0.5)) approves(soon + 60);
    } else if (drawn < 0.82) rejects(soon);
    else if (drawn < 0.87) {
      approves(soon);
      rejects(soon + random.between(0, 5));
    } else if (drawn < 0.93)
      later(soon, `cancels ${id}, whose plan waits`, () => ofTransfers.cancel(hub, id, "console"));
  }

  /** Sees whom the team was asked about. */
  const told: Strikes["told"] = ({ topic, event }) => {
    const { key } = topic === "notice" ? Notice.parse(event) : { key: "" };
    const [, id = "", hash = ""] = /^transfer\/(.+)\/approval\/(.+)\//.exec(key) ?? [];
    const [stored] = id === "" ? [] : world.records(`plans/${hub}/${hash}.json`);
    if (id === "" || shown.some((plan) => plan.id === id && plan.hash === hash)) return;
    const { plan } = stored === undefined ? {} : HeldPlan.parse(JSON.parse(stored.text));
    const loses = (plan?.held ?? []).flatMap((action) => action["loses"] ?? []).map(String);
    const there = ends.there(ends.wanted.get(id)?.place.bucket ?? "");
    const one: Shown = { id, hash, at: now().getTime(), loses, there, words: [] };
    shown.push(one);
    asked(one);
  };

  /** Time at which a transfer began, as its state says. */
  function beganAt(id: string): number {
    const [record] = world.records(`head/transfers/${hub}/${id}.json`);
    return record === undefined
      ? now().getTime()
      : Date.parse(TransferState.parse(JSON.parse(record.text)).startedAt);
  }

  /** Tells whether the last word on a plan by the time its transfer began was an approval that still counted. */
  function isApproved({ id, words }: Shown): boolean {
    const began = beganAt(id);
    const hours = settings.hubs[hub]?.transfers?.approvalHours ?? 0;
    return words.some(({ verdict, at }, index) => {
      const isLast = words.slice(index + 1).every((next) => next.verdict === "approved" || next.at >= began);
      return verdict === "approved" && at <= began && began - at <= hours * 60 * minute && isLast;
    });
  }

  return {
    told,
    wasAsked: (id: string): boolean => shown.some((plan) => plan.id === id),
    approved: (id: string): Shown[] => shown.filter((plan) => plan.id === id && isApproved(plan)),
    /** Time of what somebody does next. */
    next: (): number | undefined => (acts.length === 0 ? undefined : Math.min(...acts.map(({ at }) => at))),
    async moved(): Promise<void> {
      const due = acts.filter(({ at }) => at <= now().getTime()).sort((a, b) => a.at - b.at);
      acts = acts.filter((act) => !due.includes(act));
      for (const { says, does } of due) {
        world.timeline.note(`somebody ${says}`);
        await world.operate("console", does);
      }
    },
  };
}
