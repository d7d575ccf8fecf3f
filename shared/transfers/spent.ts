// Dollars of a transfer so far, with what is in flight: the worker holds it against the caps, and people see it. Pure.
import { morePerHour } from "../compute/placement.ts";
import type { TransferSettings } from "../settings.ts";
import type { Dollars } from "./figures.ts";
import type { MachineFigures, Sent, Shard, Size, TransferState, WorkList } from "./records.ts";

/** Word on what was sent of a list, whose name is <list>-<attempt>: by the machine of a shard, or, without one, at the list's end. */
export type Said = Sent & {
  shard?: number | undefined;
  list?: string | undefined;
  /** Figures of the machine; absent where its system does not tell. */
  ops?: MachineFigures | undefined;
};

/** Bytes and objects that were sent of lists, by what was said, and nobody has counted yet. */
export type InFlight = ReadonlyMap<number, Sent>;

const nothing: Sent = { objects: 0, bytes: 0 };

/** Sums by list what was said of it as it is now. Two machines may have had it in hand, one after the other. */
export function inFlightOf({ lists = [] }: Pick<TransferState, "lists">, said: readonly Said[]): InFlight {
  return new Map(
    lists.flatMap((list) => {
      const own = said.filter((one) => isOf(one, list));
      if (own.length === 0) return [];
      const bounded = own.map((one) => ({ shard: one.shard, ...boundedBy(list.left, one) }));
      const machines = bounded.filter(({ shard }) => shard !== undefined).reduce<Sent>(plus, nothing);
      const most = (count: (one: Sent) => number): number => Math.max(...[machines, ...bounded].map(count));
      return [[list.n, { objects: most(({ objects }) => objects), bytes: most(({ bytes }) => bytes) }]];
    }),
  );
}

const isOf = ({ list: name }: Said, { n, attempt, state }: WorkList): boolean =>
  state === "open" && name === `${n}-${attempt}`;

/** No machine sends more of a list than is left of it: what it reads back stays where it is. */
const boundedBy = (left: Size, { objects, bytes }: Sent): Sent => ({
  objects: Math.min(objects, left.objects),
  bytes: Math.min(bytes, bytesToCopy(left)),
});

const plus = (a: Sent, b: Sent): Sent => ({ objects: a.objects + b.objects, bytes: a.bytes + b.bytes });

/** Adds to its list what a machine has sent that is gone: some of it may have been in vain. */
export const sentBefore = (list: WorkList, said: Said | undefined): WorkList =>
  said !== undefined && isOf(said, list)
    ? { ...list, sent: plus(list.sent ?? nothing, boundedBy(list.left, said)) }
    : list;

/** Sums what was sent of a list that has ended with an attempt: what was said, or what was seen to arrive, whichever is more. */
export function sentAfter(list: WorkList, left: Size, inFlight: Sent | undefined): Sent {
  const said = plus(list.sent ?? nothing, inFlight ?? nothing);
  return {
    objects: Math.max(said.objects, list.objects - left.objects),
    bytes: Math.max(said.bytes, bytesToCopy(list) - bytesToCopy(left)),
  };
}

export type Spending = {
  machine: TransferSettings["machine"];
  inFlight: InFlight;
  now: Date;
};

/** Counts dollars so far: machines by the second, and of what stores and networks take as much of the plan as has been sent. */
export function spentOn(transfer: TransferState, { machine, inFlight, now }: Spending): Dollars {
  const { lists = [] } = transfer;
  const share = sharesOf(transfer, [...lists.flatMap(({ sent }) => sent ?? []), ...inFlight.values()]);
  const planned = plannedOf(transfer);
  return {
    egress: planned.egress * share.bytes,
    retrieval: planned.retrieval * share.bytes,
    operations: planned.operations * share.objects,
    machines: (secondsRun(transfer, now) / 3600) * machine.dollarsPerHour + dearer(transfer, machine, now),
  };
}

/** Counts what machines have cost beyond a Spot one of the first type: those that are over, and those that run. */
function dearer(transfer: TransferState, machine: TransferSettings["machine"], now: Date): number {
  return transfer.shards.reduce((sum, shard) => sum + dearerBy(shard, machine, now), transfer.dearer ?? 0);
}

/** The same of a shard's machine so far. */
export const dearerBy = (
  { since, ...of }: Pick<Shard, "since" | "type" | "standard">,
  machine: TransferSettings["machine"],
  now: Date,
): number => (since === undefined ? 0 : (secondsSince([since], now) / 3600) * morePerHour(of, machine));

/** States of before have one sum: all of it is counted as what moves. */
const plannedOf = ({ figures, dollars }: TransferState): Dollars =>
  figures?.dollars ?? { egress: dollars, retrieval: 0, operations: 0, machines: 0 };

/** Says which part of the plan's bytes and objects something is. What was sent in vain may make it more than all. */
export function sharesOf({ lists = [] }: Pick<TransferState, "lists">, parts: readonly Sent[]): Sent {
  const { objects, bytes } = parts.reduce(plus, nothing);
  const share =
    objects /
    Math.max(
      1,
      sumOf(lists, (list) => list.objects),
    );
  const toSend = sumOf(lists, bytesToCopy);
  return { objects: share, bytes: toSend === 0 ? share : bytes / toSend };
}

const sumOf = (lists: readonly WorkList[], count: (list: WorkList) => number): number =>
  lists.reduce((sum, list) => sum + count(list), 0);

/** Bytes that leave a store for the other: what is read back stays where it is. */
export const bytesToCopy = ({ bytes, copyBytes = bytes }: Size): number => copyBytes;

/** Counts the seconds that machines have run so far, those that still do with them. */
export function secondsRun(
  { shards, ending = {}, machineSeconds }: Pick<TransferState, "shards" | "ending" | "machineSeconds">,
  now: Date,
): number {
  const running = shards.flatMap(({ since }) => (since === undefined ? [] : [since]));
  return machineSeconds + secondsSince([...running, ...Object.values(ending)], now);
}

/** Counts the seconds since several times, all together. */
export const secondsSince = (times: readonly string[], now: Date): number =>
  times.reduce((sum, time) => sum + (now.getTime() - Date.parse(time)) / 1000, 0);
