// A transfer, step by step: each delivery takes its lease, sees how it stands, does what can be done now and leaves a wish
// to go on. Nothing is remembered but in the ledger, so any delivery may be the last one of its process.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Machines } from "../../shared/compute/machines.ts";
import { continueAt } from "../../shared/continue.ts";
import { Permanent } from "../../shared/errors.ts";
import type { EventOf } from "../../shared/events.ts";
import { takeLease } from "../../shared/lease.ts";
import type { ListRemote } from "../../shared/remotes/list.ts";
import type { EndUploads } from "../../shared/remotes/uploads.ts";
import type { Result, RunBook } from "../../shared/run-book.ts";
import type { Settings, TransferSettings } from "../../shared/settings.ts";
import type { RemoteObject, TransferAsked, TransferHead } from "../../shared/transfer-records.ts";
import { draft, endsOf, keepPlan } from "./begin.ts";
import {
  type Books,
  endedOf,
  folderOf,
  isCancelled,
  isOpen,
  keepReceipt,
  lastReports,
  readAsked,
  readHead,
  readManifest,
  storeHead,
} from "./book.ts";
import { carryOut } from "./carry-out.ts";
import { decide } from "./decide.ts";
import { dollarsOf, machinesOf, secondsOf } from "./facts.ts";
import { endedNotice, receiptOf, refusedNotice } from "./finish.ts";
import type { Wires } from "./order.ts";
import { hashOf, priceWarning } from "./plan.ts";
import { isMovable, type Request, requestOf } from "./request.ts";

export type RunTransferDeps = {
  ledger: Books;
  machines: Machines;
  list: ListRemote;
  endUploads: EndUploads;
  publish: Publish;
  now: Clock;
  /** Real time: machines leave on it. */
  pause: (milliseconds: number) => Promise<void>;
  settings: Settings;
  wires: Wires;
};

/** How long a lease lasts: a delivery's 540 s and some. */
const leaseSeconds = 600;
/** Rounds of one delivery; what is left goes on by the next look. */
const maximumRounds = 45;
/** Between two looks at machines that are about to leave. */
const pauseMs = 1000;

type Event = EventOf<"transfer-request">;
export type Work = {
  hub: string;
  id: string;
  request: Request;
  settings: TransferSettings;
  run: RunBook;
  deps: RunTransferDeps;
};

export async function runTransfer(
  event: Event,
  run: RunBook,
  delivery: { messageId: string },
  deps: RunTransferDeps,
): Promise<Result> {
  const settings = deps.settings.hubs[event.hub]?.transfers;
  if (settings === undefined) throw noSuchHub();
  const { hub, id } = event;
  if (id === undefined) return lookAtAll(event, run, deps);
  const asked = await askedOf({ ...event, id }, run, deps);
  if ("outcome" in asked) return asked;
  const request = requestOf(asked, settings);
  if ("refused" in request) return refuse(hub, id, asked, request.refused, deps);
  const work: Work = { hub, id, request, settings, run, deps };
  if (event.dryRun === true || deps.settings.flows["run-transfer"] !== "apply") return planOnly(work);

  const lease = await takeLease(deps, {
    function: "run-transfer",
    hub: `${hub}/${id}`,
    holder: delivery.messageId,
    seconds: leaseSeconds,
  });
  if (lease === "busy") return { outcome: "idle" };
  try {
    let said: Result = { outcome: "idle" };
    for (;;) {
      const result = await goOn(work, lease.check, asked);
      // Another look that finds nothing to do takes nothing back.
      if (result.outcome !== "idle") said = result;
      if ((await lease.letGo()) === "free") return said;
    }
  } catch (error) {
    await lease.abandon().catch(() => undefined);
    throw error;
  }
}

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
  const { hub, id, request, settings, run, deps } = work;
  const made = await draft({ hub, id, request, settings }, deps);
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
  if (held !== undefined && !isOpen(held.value)) return afterTheEnd(work, held.value);
  if (held === undefined) {
    if (await isCancelled(ledger, hub, id))
      return { outcome: "blocked", title: `transfer ${id} was cancelled before it began` };
    const made = await draft({ ...work }, deps);
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

async function later({ hub, id, deps }: Work, head: TransferHead, at: Date): Promise<Result> {
  await continueAt(deps.ledger, {
    function: "run-transfer",
    hub: `${hub}/${id}`,
    at,
    topic: "transfer-request",
    event: { v: 1, hub, id, why: "continue" },
  });
  const done = head.shards.filter(({ state }) => state === "done").length;
  return {
    outcome: "done",
    title: `transfer ${id}: ${done} of ${head.shards.length} shards copied, going on`,
  };
}

async function finish(
  work: Work,
  head: TransferHead,
  as: "verify" | "cancelled" | "failed",
  store: (head: TransferHead) => Promise<TransferHead>,
): Promise<Result> {
  const { hub, id, request, settings, run, deps } = work;
  const { ledger, now, list, publish } = deps;
  const { from, to } = endsOf(request, settings);
  const manifest = await readManifest(ledger, head.manifest);
  const target = await list(request.to.remote, to, request.to.path);
  const uploadsEnded = await deps.endUploads(request.to.remote, to, {
    path: request.to.path,
    names: new Set(manifest.map(({ name }) => name)),
    since: new Date(head.startedAt),
  });
  const settled = { ...head, machineSeconds: secondsOf(head, now()) };
  const receipt = receiptOf({
    head: settled,
    dollars: dollarsOf(work, head),
    manifest,
    target,
    unmovable:
      head.unmovable === 0 ? [] : unmovableOf(await list(request.from.remote, from, request.from.path)),
    reports: await lastReports(ledger, hub, id),
    as,
    now: now(),
    interop: deps.wires.interop !== undefined,
    uploadsEnded,
  });
  await keepReceipt(ledger, hub, receipt);
  await publish("notice", endedNotice(hub, receipt));
  await store({ ...settled, state: receipt.state, said: receipt.said, endedAt: receipt.endedAt });
  run.effect({ do: "end-transfer", id, state: receipt.state, copied: receipt.copied });
  return outcomeOf(id, receipt);
}

const unmovableOf = (source: readonly RemoteObject[]): string[] =>
  source
    .filter(({ name, size }) => !(name.endsWith("/") && size === 0) && !isMovable(name))
    .map(({ name }) => name);

function outcomeOf(id: string, { state, said }: { state: string; said: string }): Result {
  const title = `transfer ${id} ${said}`;
  return { outcome: state === "done" || state === "cancelled" ? "done" : "blocked", title };
}

/** It has ended: told once more only if the team may not have been. */
async function afterTheEnd({ id, run }: Work, head: TransferHead): Promise<Result> {
  run.step(`transfer ${id} has ended: ${head.state}`);
  return { outcome: "idle" };
}

const noSuchHub = (): Permanent =>
  new Permanent({
    what: "a transfer was asked for",
    why: "the settings know no such hub, or it has no transfers section",
    next: "add it to groundcrew.yaml, or drop the event",
  });
