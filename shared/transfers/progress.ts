// Progress of a transfer: by what the target's listings have shown, and by what its machines say of the lists that they have in hand. Pure.
import { isEnded } from "./phase.ts";
import type { Shard, TransferState, WorkList } from "./records.ts";

/** Last word of a machine of the list that it has in hand, by its name, which is <list>-<attempt>. */
export type Said = { shard: number; list?: string | undefined; bytes: number; objects: number };

export type ListProgress = {
  n: number;
  state: WorkList["state"];
  objects: number;
  bytes: number;
  /** At the target, or on their way there. */
  copied: { objects: number; bytes: number };
  /** Number of the machine's shard that has it in hand. */
  shard?: number;
};

export type Progress = {
  objects: number;
  bytes: number;
  copied: { objects: number; bytes: number };
  lists: ListProgress[];
};

/** Counts how far it is. A machine counts bytes that it has read and not written yet: a list in hand is never full. */
export function progressOf({ lists = [] }: Pick<TransferState, "lists">, said: readonly Said[]): Progress {
  const of = lists.map((list): ListProgress => {
    const { n, attempt, state, objects, bytes, left } = list;
    const there = { objects: objects - left.objects, bytes: bytes - left.bytes };
    const word = state === "open" ? said.find((one) => one.list === `${n}-${attempt}`) : undefined;
    if (word === undefined) return { n, state, objects, bytes, copied: there };
    const copied = {
      objects: there.objects + Math.min(left.objects, word.objects),
      bytes: there.bytes + Math.min(0.99 * left.bytes, word.bytes),
    };
    return { n, state, objects, bytes, copied, shard: word.shard };
  });
  const sum = (count: (list: ListProgress) => number): number =>
    of.reduce((all, list) => all + count(list), 0);
  return {
    objects: sum((list) => list.objects),
    bytes: sum((list) => list.bytes),
    copied: { objects: sum(({ copied }) => copied.objects), bytes: sum(({ copied }) => copied.bytes) },
    lists: of,
  };
}

/** Share of bytes that are copied, from 0 to 1; of nothing, all is. */
export const shareOf = ({ bytes, copied }: Pick<Progress, "bytes" | "copied">): number =>
  bytes === 0 ? 1 : copied.bytes / bytes;

/** Says how a machine's place stands, or stood when its transfer ended. */
export const shardText = ({ state }: Pick<Shard, "state">, transfer: Pick<TransferState, "state">): string =>
  (isEnded(transfer.state) ? lastWords : words)[state];

const words: Record<Shard["state"], string> = {
  waiting: "waits for a machine",
  starting: "machine is being made",
  running: "copying",
  done: "no list left for it",
  failed: "given up",
};

const lastWords: Record<Shard["state"], string> = {
  ...words,
  waiting: "had no machine",
  starting: "its machine was being made",
  running: "its machine was stopped",
};
