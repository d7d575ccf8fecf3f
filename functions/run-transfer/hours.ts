// Says how long a transfer takes, as a range, from its bytes and its objects, and by the pace of earlier transfers. Pure.
import type { Figures } from "../../shared/transfers/figures.ts";
import type { Earlier } from "../../shared/transfers/pace.ts";
import type { RcloneFlags, WorkList } from "../../shared/transfers/records.ts";

/** From the best to the worst. */
export type Range = readonly [best: number, worst: number];

/** Work of all machines together. */
export type Load = {
  /** Copied, and read back. */
  bytes: number;
  /** Objects that a stream of rclone takes one after the other, summed over the lists: many streams have few turns. */
  turns: number;
  /** Bytes of the largest object, which one machine copies, however many there are. */
  largest: number;
  /** Lists of names, which machines begin with one by one. */
  lists: number;
  machines: number;
};

/** Until a machine's first second of work: some have to be asked for in two zones. */
const startSeconds: Range = [60, 180];
/** Until a list's first object: the list is fetched, and rclone is started and looks at what is named. */
const listSeconds: Range = [2, 10];
/**
 * Pace of one machine: no more than 7 Gbps leave it (https://cloud.google.com/compute/docs/network-bandwidth#vm-out), and the slowest
 * that was seen had a fifth of what the fastest had.
 */
const bytesPerSecond: Range = [875e6, 140e6];
/** Time of a request, from a machine to a store of its continent and back. */
const requestSeconds: Range = [0.02, 0.05];
/** Requests that follow one another in a turn, more or less. */
const usualRequests = 5;

/** Counts the turns of a list: one at least. */
export const turnsOf = (objects: number, { transfers }: Pick<RcloneFlags, "transfers">): number =>
  Math.max(1, objects / transfers);

/** Pace of a machine, as a range: bytes a second, and seconds of a turn. */
export type Pace = { bytesPerSecond: Range; turnSeconds: Range; earlier: number };

/** Gives the hours. At best bytes and turns pass at the same time, at worst one after the other. */
export function hoursOf(load: Load, pace: Pace): [best: number, worst: number] {
  const of = (which: 0 | 1): [bytes: number, turns: number, begin: number] => [
    Math.max(load.bytes / load.machines, load.largest) / pace.bytesPerSecond[which],
    (load.turns / load.machines) * pace.turnSeconds[which],
    startSeconds[which] + (load.lists / load.machines) * listSeconds[which],
  ];
  const [bytes, turns, begin] = of(0);
  const worst = of(1).reduce((sum, seconds) => sum + seconds, 0);
  return [(begin + Math.max(bytes, turns)) / 3600, worst / 3600];
}

/** Counts the machines that have work as long as one of them copies the largest object. */
export function busyMachines({ bytes, turns, largest }: Pick<Load, "bytes" | "turns" | "largest">): number {
  if (largest === 0) return Number.POSITIVE_INFINITY;
  const seconds = bytes / middle(bytesPerSecond) + turns * usualRequests * middle(requestSeconds);
  return Math.ceil(seconds / (largest / middle(bytesPerSecond)));
}

/** Hours that a machine takes at worst until its first list. */
export const startHours = startSeconds[1] / 3600;

/** Hours that a machine takes at worst for what is left of a list. */
export function hoursLeft({ left, flags }: WorkList, slowest: Figures["slowest"]): number {
  const turns = turnsOf(left.objects, flags) * slowest.turnSeconds;
  return (listSeconds[1] + left.bytes / slowest.bytesPerSecond + turns) / 3600;
}

/** Shorter work says nothing of a pace: most of it is beginning. */
const tellingSeconds = 60;

/** Gives the pace of a machine, of which a turn has so many requests, narrowed by that of earlier transfers: each counts for what took most of its time. */
export function paceOf(requests: number, earlier: readonly Earlier[]): Pace {
  const turnSeconds: Range = [requests * requestSeconds[0], requests * requestSeconds[1]];
  const rates: number[] = [];
  const turns: number[] = [];
  for (const one of earlier) {
    const busy = one.machineSeconds - one.machines * startSeconds[0];
    if (busy < tellingSeconds) continue;
    if (one.bytes / middle(bytesPerSecond) >= one.turns * middle(turnSeconds)) rates.push(one.bytes / busy);
    else turns.push(busy / one.turns);
  }
  return {
    bytesPerSecond: narrowed(bytesPerSecond, rates, Math.max, Math.min),
    turnSeconds: narrowed(turnSeconds, turns, Math.min, Math.max),
    earlier: rates.length + turns.length,
  };
}

const middle = ([best, worst]: Range): number => Math.sqrt(best * worst);

/** So many samples count as much as what is known without any. */
const asMuchAs = 2;

/** Moves both ends of a range towards the best and the worst sample, the further the more of them there are. */
function narrowed(
  range: Range,
  samples: readonly number[],
  bestOf: (...of: number[]) => number,
  worstOf: (...of: number[]) => number,
): Range {
  if (samples.length === 0) return range;
  const weight = samples.length / (samples.length + asMuchAs);
  const towards = (from: number, to: number): number => from ** (1 - weight) * to ** weight;
  return [towards(range[0], bestOf(...samples)), towards(range[1], worstOf(...samples))];
}
