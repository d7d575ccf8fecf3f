// Decides what to do next for a transfer that runs, given its state, its machines and their reports. Pure: act.ts carries out one
// list of steps, keeps the state and looks again.

import type { Placement } from "../../shared/compute/placement.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { overrun } from "../../shared/transfers/rate.ts";
import type { Shard, Size, TransferState, WorkList } from "../../shared/transfers/records.ts";
import { secondsUsed } from "./cost.ts";
import type { Files } from "./lists.ts";
import type { End } from "./receipt.ts";
import { nextPlacement, placementsFor, unplaced } from "./room.ts";

/** A machine as the vendor lists it. */
export type ShardMachine = {
  id: string;
  shard: number;
  attempt: number;
  name: string;
  zone: string;
  status: string;
};
/** Last word on an attempt: of a shard's machine, or of a list. */
export type Word = { n: number; attempt: number; state: "done" | "failed" | "preempted" };

export type Facts = {
  transfer: TransferState;
  machines: readonly ShardMachine[];
  /** Last words, whatever their attempt: machines' of themselves, and of lists. */
  words: { machines: readonly Word[]; lists: readonly Word[] };
  cancelled: boolean;
  /** Shards for whose machines the hub's budgets have nothing left now. */
  denied?: ReadonlySet<number>;
  dollars: number;
  now: Date;
};

export type Step =
  /** Its machine is there. */
  | { do: "adopt"; shard: number; zone: string }
  /** A machine has ended with a list: count what of it is at the target. */
  | { do: "recount"; list: number; as: "done" | "error" }
  /** Its machine is gone. */
  | { do: "release"; shard: number; as: "done" | "preempted" | "error" }
  | { do: "launch"; shard: number; place: Placement }
  | { do: "delete"; machine: ShardMachine; why: string }
  /** Its machine is not seen: note since when. One look decides nothing, for a listing may lag behind what was made. */
  | { do: "miss"; shard: number }
  /** Its machine is seen again. */
  | { do: "see"; shard: number }
  | { do: "stop"; because: string }
  /** Nothing runs any more: compare everything and write the receipt. */
  | { do: "complete"; as: End }
  /** A machine is about to leave: look again in a moment. */
  | { do: "pause" }
  | { do: "wait"; until: Date };

/** Between two looks that do not see a machine before it counts as gone. */
const goneSeconds = 60;
/** So long a machine that was made is never gone because no listing has it. */
const freshSeconds = 120;

/** Gives the next steps, all of which may be done at once. */
export function nextSteps(facts: Facts, settings: TransferSettings): Step[] {
  const { transfer, machines, now } = facts;
  const stop = transfer.stopping ?? stopReason(facts, settings);
  if (stop !== undefined) return stopping(facts, stop);
  // Of an attempt that is over: a request that was slow, or a machine on its way out.
  const stale = machines.filter(
    ({ shard, attempt, status }) =>
      status !== "STOPPING" && transfer.shards.every(({ n, attempt: now }) => n !== shard || now !== attempt),
  );
  const steps = stale.map(
    (machine): Step => ({ do: "delete", machine, why: "another one has taken its place" }),
  );
  const { lists = [], shards } = transfer;
  for (const list of lists) {
    const word = list.state === "open" ? wordOf(facts.words.lists, list) : undefined;
    if (word !== undefined)
      steps.push({ do: "recount", list: list.n, as: word === "failed" ? "error" : "done" });
  }
  const open = takable(lists).length;
  // The hub's limit is no part of this: afford.ts takes from its budget.
  let room = Math.min(settings.limits.machines, open) - shards.filter(hasMachine).length;
  for (const shard of shards) {
    const named = machines.filter((machine) => machine.shard === shard.n);
    const mine = named.find(({ attempt }) => attempt === shard.attempt) ?? named[0];
    const step = stepOf(shard, mine, facts, settings, room > 0);
    if (step === undefined) continue;
    if (step.do === "launch" && !hasMachine(shard)) room -= 1;
    steps.push(step);
  }
  const isOver = (open === 0 && !shards.some(hasMachine)) || shards.every(({ state }) => state === "failed");
  if (isOver && machines.length === 0) return [{ do: "complete", as: "verify" }];
  if (steps.length > 0) return steps;
  if (machines.some((machine) => isLeaving(machine, facts))) return [{ do: "pause" }];
  return [{ do: "wait", until: nextLook(transfer, settings, now) }];
}

/** Gives the lists that machines may take: nothing is deleted before all else is done, and never where some of it has failed. */
export function takable(lists: readonly WorkList[]): WorkList[] {
  const isDone = lists.every(({ deletes, state }) => deletes === true || state === "done");
  return lists.filter(({ deletes, state }) => state === "open" && (deletes !== true || isDone));
}

/** Gives the time of the next look, or of what is known to be due before it. */
function nextLook({ shards }: TransferState, { lookSeconds }: TransferSettings, now: Date): Date {
  const due = shards.flatMap((shard) => [
    ...(shard.missed === undefined ? [] : [goneAt(shard, shard.missed)]),
    ...(shard.notBefore === undefined ? [] : [Date.parse(shard.notBefore)]),
  ]);
  const after = due.filter((time) => time > now.getTime());
  return new Date(Math.min(now.getTime() + lookSeconds * 1000, ...after));
}

/** Gives the time from which a look that does not see a machine is the last. */
const goneAt = ({ made, since = "" }: Shard, missed: string): number =>
  Math.max(Date.parse(missed) + goneSeconds * 1000, (Date.parse(made ?? since) || 0) + freshSeconds * 1000);

const isGone = (shard: Shard, now: Date): boolean =>
  shard.missed !== undefined && now.getTime() >= goneAt(shard, shard.missed);

export const hasMachine = ({ state }: Shard): boolean => state === "starting" || state === "running";

function stepOf(
  shard: Shard,
  machine: ShardMachine | undefined,
  facts: Facts,
  settings: TransferSettings,
  room: boolean,
): Step | undefined {
  if (machine !== undefined && isStopped(machine)) return { do: "delete", machine, why: "it was stopped" };
  if (shard.state === "failed") return undefined;
  const word = wordOf(facts.words.machines, shard);
  // It takes no list any more, whether it is still there or not.
  if (hasMachine(shard) && (word === "done" || word === "failed"))
    return { do: "release", shard: shard.n, as: word === "failed" ? "error" : "done" };
  if (!hasMachine(shard)) {
    // The machine before is still on its way out: its name is taken.
    if (machine !== undefined || !room) return undefined;
    if (shard.notBefore !== undefined && new Date(shard.notBefore) > facts.now) return undefined;
    if (facts.denied?.has(shard.n) === true || overBudget(facts, settings)) return undefined;
    return { do: "launch", shard: shard.n, place: placementOf(shard, facts, settings) };
  }
  if (machine?.attempt === shard.attempt) {
    if (shard.state === "starting") return { do: "adopt", shard: shard.n, zone: machine.zone };
    return shard.missed === undefined ? undefined : { do: "see", shard: shard.n };
  }
  if (word === "preempted" && machine === undefined)
    return { do: "release", shard: shard.n, as: "preempted" };
  // Asked for, and not there: asked for again, by the same request id, which makes it once.
  if (shard.state === "starting")
    return machine === undefined
      ? { do: "launch", shard: shard.n, place: placementOf(shard, facts, settings) }
      : undefined;
  if (shard.missed === undefined) return { do: "miss", shard: shard.n };
  return isGone(shard, facts.now) ? { do: "release", shard: shard.n, as: "preempted" } : undefined;
}

/** Gives the place that a shard's machine was asked for at; for one that is yet to be asked for, the next one. */
function placementOf(shard: Shard, { transfer, now }: Facts, { machine }: TransferSettings): Placement {
  const { zone, type = machine.type, standard } = shard;
  if (zone !== undefined) return { zone, type, ...(standard === undefined ? {} : { standard }) };
  return nextPlacement(placementsFor(shard, transfer, machine, now), shard.full);
}

/** Says how a shard stands whose machine is gone. */
export function afterMachine(
  shard: Shard,
  was: "done" | "preempted" | "error" | "hopeless",
  { limits }: TransferSettings,
): Shard {
  const { notBefore: _, made: __, ...rest } = unplaced(shard);
  const after = { ...rest, full: [], round: 0 };
  if (was === "done") return { ...after, state: "done" };
  const preemptions = shard.preemptions + (was === "preempted" ? 1 : 0);
  const errors = shard.errors + (was === "preempted" ? 0 : 1);
  if (was === "hopeless" || preemptions > limits.preemptions || errors > limits.errors)
    return { ...after, preemptions, errors, state: "failed" };
  return { ...after, preemptions, errors, state: "waiting", attempt: shard.attempt + 1 };
}

/** Says how a list stands of which a machine has left this much; `files` are those of what is left. */
export function afterList(
  list: WorkList,
  was: "done" | "error" | "hopeless",
  { left, files }: { left: Size; files: Files },
  { limits }: TransferSettings,
): WorkList {
  const { copy: _, move: __, source: ___, target: ____, ...rest } = list;
  if (left.objects === 0) return { ...list, left, state: "done" };
  // A machine that says it is done and leaves something behind has failed, whatever it says.
  const errors = list.errors + 1;
  if (was === "hopeless" || errors > limits.errors) return { ...list, left, errors, state: "failed" };
  return { ...rest, ...files, left, errors, attempt: list.attempt + 1 };
}

/** Gives the last word on an attempt: an end counts for more than the notice before it. */
function wordOf(
  all: readonly Word[],
  { n, attempt }: { n: number; attempt: number },
): Word["state"] | undefined {
  const words = all.filter((one) => one.n === n && one.attempt === attempt).map(({ state }) => state);
  return words.find((state) => state !== "preempted") ?? words[0];
}

const isLeaving = ({ shard, attempt, status }: ShardMachine, facts: Facts): boolean =>
  status === "STOPPING" || wordOf(facts.words.machines, { n: shard, attempt }) !== undefined;

const isStopped = ({ status }: ShardMachine): boolean =>
  ["TERMINATED", "STOPPED", "SUSPENDED"].includes(status);

/** Tells whether a limit is reached: no machine is made any more, and what runs may end. */
function overBudget({ transfer, dollars, now }: Facts, { limits }: TransferSettings): boolean {
  return dollars >= limits.dollars || hoursOf(transfer, now) >= limits.hours;
}

const hoursOf = (transfer: TransferState, now: Date): number => secondsUsed(transfer, now) / 3600;

function stopReason(facts: Facts, settings: TransferSettings): string | undefined {
  const { transfer, cancelled, dollars, now, machines } = facts;
  const { limits } = settings;
  if (cancelled) return "a person cancelled it";
  if (dollars >= overrun * limits.dollars) return `it has cost more than its limit of $${limits.dollars}`;
  if (hoursOf(transfer, now) >= overrun * limits.hours)
    return `it has taken more than its limit of ${limits.hours} hours`;
  if (transfer.lists === undefined) return "it was begun by an earlier version: ask again with another id";
  const needs = transfer.lists.some(({ state }) => state === "open");
  if (overBudget(facts, settings) && needs && !transfer.shards.some(hasMachine) && machines.length === 0)
    return "its limit of dollars or hours is reached, and not all is copied";
  return undefined;
}

/** Deletes every machine; when none is left, and none that no listing has yet, it ends. */
function stopping({ transfer, machines, cancelled, now }: Facts, because: string): Step[] {
  if (transfer.stopping === undefined) return [{ do: "stop", because }];
  const unseen = transfer.shards.filter(
    (shard) => hasMachine(shard) && machines.every(({ shard: n }) => n !== shard.n) && !isGone(shard, now),
  );
  if (machines.length + unseen.length === 0)
    return [{ do: "complete", as: cancelled ? "cancelled" : "failed" }];
  const seconds = machines.length > 0 ? 5 : goneSeconds;
  return [
    ...machines.map((machine): Step => ({ do: "delete", machine, why: because })),
    ...unseen.flatMap(({ n, missed }): Step[] => (missed === undefined ? [{ do: "miss", shard: n }] : [])),
    { do: "wait", until: new Date(now.getTime() + seconds * 1000) },
  ];
}
