// A transfer, step by step: each delivery takes its lease, sees how it stands, does what can be done now and leaves a wish
// to go on. Nothing is remembered but in the ledger, so any delivery may be the last one of its process.

import type { Result, RunBook } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import { oneAtATime } from "../../shared/flow/one-at-a-time.ts";
import { noSuchHub } from "../../shared/serving.ts";
import type { TransferAsked, TransferHead } from "../../shared/transfers/records.ts";
import { draft, keepPlan } from "./begin.ts";
import { endedOf, folderOf, isCancelled, isOpen, readAsked, readHead, storeHead } from "./book.ts";
import { carryOut } from "./carry-out.ts";
import { decide } from "./decide.ts";
import { dollarsOf, machinesOf } from "./facts.ts";
import { finish } from "./finish.ts";
import { hashOf, priceWarning } from "./plan.ts";
import { requestOf } from "./request.ts";
import { refusedNotice } from "./text.ts";
import type { RunTransferDeps, Work } from "./work.ts";

/** How long a lease lasts: a delivery's 540 s and some. */
const leaseSeconds = 600;
/** Rounds of one delivery; what is left goes on by the next look. */
const maximumRounds = 45;
/** Between two looks at machines that are about to leave. */
const pauseMs = 1000;

type Event = EventOf<"transfer-request">;
export async function runTransfer(
  event: Event,
  run: RunBook,
  delivery: { messageId: string },
  deps: RunTransferDeps,
): Promise<Result> {
  const settings = deps.settings.hubs[event.hub]?.transfers;
  if (settings === undefined) throw noSuchHub("a transfer was asked for", "transfers");
  const { hub, id } = event;
  if (id === undefined) return lookAtAll(event, run, deps);
  const asked = await askedOf({ ...event, id }, run, deps);
  if ("outcome" in asked) return asked;
  const request = requestOf(asked, settings);
  if ("refused" in request) return refuse(hub, id, asked, request.refused, deps);
  const work: Work = { hub, id, request, settings, run, deps };
  if (event.dryRun === true || deps.settings.flows["run-transfer"] !== "apply") return planOnly(work);

  const turn = { ...lookAgain(work), holder: delivery.messageId, seconds: leaseSeconds };
  return oneAtATime(turn, { ...deps, run }, ({ check }) => goOn(work, check, asked));
}

const lookAgain = ({ hub, id }: Pick<Work, "hub" | "id">) =>
  ({
    function: "run-transfer",
    hub: `${hub}/${id}`,
    topic: "transfer-request",
    event: { v: 1, hub, id, why: "continue" },
  }) as const;

/** What was first asked for by this id, which is what counts; written down if nobody has before. */
async function askedOf(
  event: Event & { id: string },
  run: RunBook,
  deps: Pick<RunTransferDeps, "ledger" | "now" | "settings">,
): Promise<TransferAsked | Result> {
  const { ledger, now, settings } = deps;
  const { hub, id, from, to } = event;
  const before = await readAsked(ledger, hub, id);
  if (before !== undefined) {
    const same = from === undefined || to === undefined || (before.from === from && before.to === to);
    if (same) return before;
    run.step("the id belongs to another request");
    return {
      outcome: "blocked",
      title: `nothing was begun: the id ${id} belongs to another transfer; ask with a new id`,
    };
  }
  if (from === undefined || to === undefined)
    return { outcome: "blocked", title: `transfer ${id}: nobody has said from where to where` };
  const asked: TransferAsked = { v: 1, from, to, at: now().toISOString() };
  if (event.dryRun === true || settings.flows["run-transfer"] !== "apply") return asked;
  // Two at once with one id: the one that is stored counts.
  if ((await ledger.create(`${folderOf(hub, id)}/request.json`, asked)) === "created") return asked;
  return askedOf(event, run, deps);
}

async function refuse(
  hub: string,
  id: string,
  asked: TransferAsked,
  why: string,
  { publish }: Pick<RunTransferDeps, "publish">,
): Promise<Result> {
  await publish("notice", refusedNotice(hub, id, hashOf([asked.from, asked.to, why]), why));
  return { outcome: "blocked", title: `transfer ${id} was not begun: ${why}` };
}

/** Wakes each transfer that has not ended. */
async function lookAtAll(
  { hub }: Event,
  run: RunBook,
  { ledger, publish }: RunTransferDeps,
): Promise<Result> {
  const entries = await ledger.list(`head/transfers/${hub}/`);
  const open = entries.filter(({ metadata }) => metadata["state"] === "running");
  for (const { name } of open) {
    const id = name.slice(`head/transfers/${hub}/`.length, -".json".length);
    await publish("transfer-request", { v: 1, hub, id, why: "continue" });
  }
  if (open.length === 0) return { outcome: "idle" };
  run.step(`open transfers: ${open.length}`);
  return { outcome: "done", title: `${open.length} open, each looked at` };
}

async function planOnly(work: Work): Promise<Result> {
  const { id, run, deps } = work;
  const made = await draft(work, deps);
  run.step("only planned: nothing was changed");
  if ("refused" in made) return { outcome: "blocked", title: `plan: transfer ${id}: ${made.refused}` };
  const { said, dollars, hours, hash, already, conflicts, unmovable } = made.head;
  run.step(
    `plan ${hash}: there already ${already}, other content ${conflicts}, names that cannot be copied ${unmovable}; at most ${hours.toFixed(1)} h and about $${dollars.toFixed(2)}`,
  );
  return { outcome: "done", title: `plan: ${said}` };
}

async function goOn(work: Work, check: () => Promise<void>, asked: TransferAsked): Promise<Result> {
  const { hub, id, run, deps } = work;
  const { ledger, now } = deps;
  let held = await readHead(ledger, hub, id);
  if (held !== undefined && !isOpen(held.value)) return { outcome: "idle" };
  if (held === undefined) {
    if (await isCancelled(ledger, hub, id))
      return { outcome: "blocked", title: `transfer ${id} was cancelled before it began` };
    const made = await draft(work, deps);
    if ("refused" in made) return refuse(hub, id, asked, made.refused, deps);
    const stale = priceWarning(work.settings.pricesAsOf, now());
    if (stale !== undefined) run.step(stale);
    const head = await keepPlan(made, { ledger });
    await check();
    held = { value: head, generation: await storeHead(ledger, head, "0") };
    run.effect({
      do: "plan-transfer",
      id,
      objects: head.objects,
      bytes: head.bytes,
      shards: head.shards.length,
    });
    run.step(head.said);
  }
  let { value: head, generation } = held;
  const store = async (next: TransferHead): Promise<TransferHead> => {
    generation = await storeHead(ledger, next, generation);
    head = next;
    return next;
  };
  for (let round = 0; round < maximumRounds; round += 1) {
    const { seen, others } = await machinesOf(work);
    const steps = decide(
      {
        head,
        machines: seen,
        others,
        ended: await endedOf(ledger, hub, id),
        cancelled: await isCancelled(ledger, hub, id),
        dollars: dollarsOf(work, head),
        now: now(),
      },
      work.settings,
    );
    const [first] = steps;
    if (first?.do === "finish") return finish(work, head, first.as, store);
    head = await carryOut(work, { head, steps, store, check });
    if (steps.some((step) => step.do === "pause")) await deps.pause(pauseMs);
    const wait = steps.find((step) => step.do === "wait");
    if (wait !== undefined) return later(work, head, wait.until);
  }
  return later(work, head, now());
}

async function later(work: Work, head: TransferHead, at: Date): Promise<Result> {
  await continueAt(work.deps.ledger, { ...lookAgain(work), at });
  const done = head.shards.filter(({ state }) => state === "done").length;
  return {
    outcome: "done",
    title: `transfer ${work.id}: ${done} of ${head.shards.length} shards copied, going on`,
  };
}
