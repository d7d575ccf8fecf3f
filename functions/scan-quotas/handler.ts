// How full are the homes, and who should know? An event only says "look": the run takes the newest figures, decides, writes
// down what is to be told, tells it, and writes down that it was told. Whoever dies in between leaves it to the next.

import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Result, RunBook } from "../../shared/delivery/recorder.ts";
import { passing } from "../../shared/errors.ts";
import type { EventOf } from "../../shared/events.ts";
import { wordOn } from "../../shared/flow/approvals.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import { oneAtATime } from "../../shared/flow/one-at-a-time.ts";
import type { Versioned } from "../../shared/ledger.ts";
import type { SourceTrouble } from "../../shared/prometheus/client.ts";
import type { Scan } from "../../shared/quota/measurement.ts";
import { QuotaHead } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { noSuchHub } from "../../shared/serving.ts";
import type { Hub, Settings } from "../../shared/settings.ts";
import { type Decision, decide } from "./decide.ts";
import { type GatherDeps, gather } from "./gather.ts";
import { standings } from "./home.ts";
import { keepHistory, keepPlan } from "./keep.ts";
import { ownersIn, peopleOf, type SheetPeople } from "./sheet.ts";
import { troubleNotice } from "./text.ts";

export type ScanQuotasDeps = GatherDeps & {
  publish: Publish;
  now: Clock;
  settings: Settings;
  /** Real time. */
  pause: (milliseconds: number) => Promise<void>;
};

/** A delivery's 120 s and some. */
const leaseSeconds = 150;
/** For the first run of sync-members, which writes down who is in the sheet: some seconds, then once a minute more. */
const looksForMembers = 10;
const pauseForMembersMs = 500;
const waitForMembersMs = 60_000;

type Event = EventOf<"quota-scan-due">;
type Work = {
  event: Event;
  hub: Hub;
  quota: QuotaSettings;
  run: RunBook;
  deps: ScanQuotasDeps;
  /** The same figures are worth another look: a person has said something, or may have. */
  anew: boolean;
};

export async function scanQuotas(
  event: Event,
  run: RunBook,
  delivery: { messageId: string },
  deps: ScanQuotasDeps,
): Promise<Result> {
  const hub = deps.settings.hubs[event.hub];
  if (hub === undefined) throw noSuchHub("the homes of a hub were to be looked at");
  if (hub.quota === undefined) return { outcome: "idle" };
  const work: Work = { event, hub, quota: hub.quota, run, deps, anew: event.why === "approval" };
  if (event.dryRun === true || deps.settings.flows["scan-quotas"] !== "apply") return planOnly(work);

  const turn = { ...lookAgain(event), holder: delivery.messageId, seconds: leaseSeconds };
  return oneAtATime(turn, { ...deps, run }, ({ again }) =>
    // Whoever came meanwhile may have come with a report, or a person's word.
    once(again ? { ...work, event: { ...event, why: "continue" }, anew: true } : work),
  );
}

const lookAgain = (event: Event) =>
  ({ function: "scan-quotas", hub: event.hub, topic: "quota-scan-due", event }) as const;

const memoryName = (hub: string): string => `head/quota/${hub}.json`;

async function planOnly({ event, hub, quota, run, deps }: Work): Promise<Result> {
  const now = deps.now();
  const memory = await deps.ledger.read(memoryName(event.hub), QuotaHead);
  const want = { hub: event.hub, settings: quota, head: memory?.value, report: event.why === "report", now };
  const gathered = await gather(want, deps);
  if (gathered === "nothing-new") return { outcome: "done", title: "plan: no newer report" };
  if ("trouble" in gathered) return { outcome: "blocked", title: gathered.trouble.what };
  const sheet = await peopleOf(event.hub, deps.ledger);
  const decision = decide({
    hub: event.hub,
    hubUrl: hub.url,
    settings: quota,
    scan: gathered.scan,
    head: memory?.value,
    ...ownersIn(sheet, quota),
    approved: undefined,
    now,
  });
  for (const { what, whom, directory } of decision.tells)
    run.step(`would tell the ${whom}: ${directory === undefined ? what : `${directory} is ${what}`}`);
  run.step("only planned: nothing was changed");
  const count = decision.notices.length;
  return { outcome: "done", title: `plan: ${count} ${count === 1 ? "message" : "messages"} to send` };
}

/** One look and what follows from it. */
async function once(work: Work): Promise<Result> {
  const { event, quota, run, deps } = work;
  const now = deps.now();
  const sheet = await peopleWaitedFor(work);
  if (sheet === "not-yet") return waitForMembers(work);
  const memory = await tellLeftOver(work, await deps.ledger.read(memoryName(event.hub), QuotaHead));
  const head = memory?.value;
  const want = { hub: event.hub, settings: quota, head, report: event.why === "report", now };
  const gathered = await gather(want, deps);
  if (gathered === "nothing-new") return { outcome: "done", title: "no newer report" };
  if ("trouble" in gathered) return inTheWay(work, memory, gathered.trouble);
  const { scan, report } = gathered;
  run.step(`${scan.homes.length} homes in the figures of ${scan.measuredAt} (${scan.source}, ${scan.kind})`);
  for (const note of scan.notes) run.step(note);

  if (head?.scan !== undefined && before(scan.measuredAt, head.scan.measuredAt, work)) {
    if (report !== undefined && report !== head.report)
      await store(work, { ...head, report }, memory?.generation ?? "0");
    return { outcome: "done", title: "these figures, or newer ones, were looked at before" };
  }
  return act(work, { scan, report, sheet, memory, now });
}

const before = (measuredAt: string, known: string, { anew }: Work): boolean =>
  measuredAt < known || (measuredAt === known && !anew);

type Scene = {
  scan: Scan;
  report: string | undefined;
  sheet: SheetPeople | undefined;
  memory: Versioned<QuotaHead> | undefined;
  now: Date;
};

/** The hash of what was on hold, if a person has approved it. */
async function approvedPlan(
  { event, quota, deps }: Work,
  waiting: QuotaHead["waiting"],
  now: Date,
): Promise<string | undefined> {
  if (waiting === undefined) return undefined;
  const options = { ledger: deps.ledger, now, hours: quota.approvalHours };
  return (await wordOn(event.hub, waiting, options)) === "approved" ? waiting.hash : undefined;
}

async function act(work: Work, { scan, report, sheet, memory, now }: Scene): Promise<Result> {
  const { event, hub, quota, run, deps } = work;
  const decision = decide({
    hub: event.hub,
    hubUrl: hub.url,
    settings: quota,
    scan,
    head: memory?.value,
    ...ownersIn(sheet, quota),
    approved: await approvedPlan(work, memory?.value.waiting, now),
    now,
  });
  await keepHistory(event.hub, scan, decision.head.volume, deps.ledger);
  const next: QuotaHead = { ...decision.head, ...(report === undefined ? {} : { report }) };
  const { waiting } = next;
  if (waiting !== undefined && waiting.hash !== memory?.value.waiting?.hash)
    await keepPlan(event.hub, waiting, now, deps.ledger);
  await tell(work, await store(work, next, memory?.generation ?? "0"));
  for (const { what, whom, directory } of decision.tells)
    run.effect({ do: "tell", whom, what, ...(directory === undefined ? {} : { directory }) });
  return { outcome: waiting === undefined ? "done" : "held", title: titleOf(next, decision) };
}

/** Publishes what the memory says is to be told, then writes down that it was: a key makes it harmless to do so twice. */
async function tell(
  { event, run, deps }: Work,
  { value: head, generation }: Versioned<QuotaHead>,
): Promise<void> {
  if (head.toTell.length === 0) return;
  for (const notice of head.toTell) await deps.publish("notice", notice);
  run.step(`${head.toTell.length} messages handed over`);
  const told: QuotaHead = { ...head, toTell: [] };
  // Changed meanwhile: whoever did so tells them again, which nobody notices.
  await deps.ledger.swap(memoryName(event.hub), told, generation);
}

async function tellLeftOver(
  work: Work,
  memory: Versioned<QuotaHead> | undefined,
): Promise<Versioned<QuotaHead> | undefined> {
  if (memory === undefined || memory.value.toTell.length === 0) return memory;
  work.run.step("telling what the last run could not");
  await tell(work, memory);
  return work.deps.ledger.read(memoryName(work.event.hub), QuotaHead);
}

/** Stores the memory and gives it as it lies there now. */
async function store(
  { event, deps }: Work,
  head: QuotaHead,
  generation: string,
): Promise<Versioned<QuotaHead>> {
  const name = memoryName(event.hub);
  if ((await deps.ledger.swap(name, head, generation)) === "changed")
    throw passing("the memory was changed by another delivery, which goes on with the work");
  const stored = await deps.ledger.read(name, QuotaHead);
  if (stored === undefined) throw passing("the memory was deleted while it was used");
  return stored;
}

async function inTheWay(
  work: Work,
  memory: Versioned<QuotaHead> | undefined,
  { kind, what, next }: SourceTrouble,
): Promise<Result> {
  const { event, deps } = work;
  const known = memory?.value.trouble;
  if (known?.kind !== kind) {
    const at = deps.now().toISOString();
    const trouble = { kind, since: at, what, next };
    const head = memory?.value ?? emptyHead(at);
    const after: QuotaHead = {
      ...head,
      trouble,
      toTell: [...head.toTell, troubleNotice(event.hub, trouble)],
    };
    await tell(work, await store(work, after, memory?.generation ?? "0"));
    work.run.effect({ do: "tell", whom: "team", what });
  }
  work.run.step(`what to do: ${next}`);
  return { outcome: "blocked", title: what };
}

const emptyHead = (at: string): QuotaHead => ({
  v: 1,
  at,
  volumeLow: false,
  volumeEpisode: 0,
  volumeDays: [],
  homes: {},
  disputed: [],
  nobodyTold: [],
  toTell: [],
});

/** Whoever started both flows at once has them run side by side; without the sheet's people nobody has an address. */
async function peopleWaitedFor({ event, hub, deps }: Work): Promise<SheetPeople | undefined | "not-yet"> {
  const waits =
    event.why !== "continue" && hub.members !== undefined && deps.settings.flows["sync-members"] === "apply";
  for (let look = 0; ; look += 1) {
    const sheet = await peopleOf(event.hub, deps.ledger);
    if (sheet !== undefined || !waits) return sheet;
    if (look === looksForMembers) return "not-yet";
    await deps.pause(pauseForMembersMs);
  }
}

async function waitForMembers({ event, deps }: Work): Promise<Result> {
  const at = new Date(deps.now().getTime() + waitForMembersMs);
  await continueAt(deps.ledger, { ...lookAgain({ ...event, why: "continue" }), at });
  return { outcome: "done", title: "waits a minute: the sheet has not been read yet" };
}

/** "28 homes: 1 urgent, 2 above the advice; 17.2 % free; 4 messages". */
function titleOf({ homes, volume, waiting }: QuotaHead, { notices }: Decision): string {
  const words = { ok: "", advised: "above the advice", warned: "above the limit", urgent: "urgent" } as const;
  const there = Object.values(homes).filter(({ missing }) => missing === 0);
  const above = [...standings]
    .reverse()
    .filter((each) => each !== "ok")
    .flatMap((each) => {
      const count = there.filter(({ standing }) => standing === each).length;
      return count === 0 ? [] : [`${count} ${words[each]}`];
    });
  const parts = [`${there.length} homes${above.length === 0 ? "" : `: ${above.join(", ")}`}`];
  if (volume !== undefined && volume.bytes > 0)
    parts.push(`${((volume.free / volume.bytes) * 100).toFixed(1)} % free`);
  if (waiting !== undefined) parts.push(`${waiting.held} on hold`);
  if (notices.length > 0) parts.push(`${notices.length} ${notices.length === 1 ? "message" : "messages"}`);
  return parts.join("; ");
}
