// Counts what a copy leaves behind of what stands beside the bytes of a source's objects, kind by kind. Pure.
import * as z from "zod";
import {
  type BesideKind,
  besideKinds,
  type Described,
  isLeftBehind,
  needsMover,
} from "../../shared/remotes/beside.ts";
import { LeftBehind } from "../../shared/transfers/records.ts";
import type { Request } from "./request.ts";

/** Objects that a store is asked about, of all ranges together at first, and of each later part. */
const mostLooked = 1000;
const leastLooked = 50;
/** Names that stand for all others of a kind. */
const mostExamples = 3;

/** Objects that were looked at: kinds that were seen, whoever carries them, and those that stay behind. */
export const Looked = z.strictObject({
  objects: z.number().int(),
  seen: z.array(z.enum(besideKinds)),
  left: LeftBehind.shape.kinds,
});
export type Looked = z.infer<typeof Looked>;

/** Opens the count of a range for a request, of so many that are listed at a time; `before`: what was counted of it already. */
export function leftBehindBy({ from, to }: Request, atOnce = 1, before?: Looked) {
  const left = new Map((before?.left ?? []).map((one) => [one.kind, one]));
  const seen = new Set<BesideKind>(before?.seen);
  let looked = before?.objects ?? 0;
  return {
    see({ name, beside }: Described): void {
      looked += 1;
      for (const kind of beside) {
        seen.add(kind);
        const isLost = isLeftBehind(kind, from.store, to.store) && !needsMover(kind, from.store, to.store);
        if (isLost) count(left, { kind, objects: 1, examples: [name] });
      }
    },
    /** Kinds that were seen, whoever carries them. */
    kinds: (): readonly BesideKind[] => [...seen],
    /** Number of objects that are looked at now, of which a store has to be asked one by one: ever fewer, and some of each part. */
    left: (): number => Math.max(leastLooked, Math.ceil(mostLooked / atOnce) - looked),
    looked: (): Looked => ({ objects: looked, seen: [...seen], left: [...left.values()] }),
  };
}

type Kind = LeftBehind["kinds"][number];

function count(counts: Map<string, Kind>, { kind, objects, examples }: Kind): void {
  const known = counts.get(kind) ?? { objects: 0, examples: [] };
  const told = [...known.examples, ...examples].slice(0, mostExamples);
  counts.set(kind, { kind, objects: known.objects + objects, examples: told });
}

/** Gives what was counted of all ranges, the most frequent first; undefined where it is nothing. */
export function leftBehindIn(ranges: readonly Looked[]): LeftBehind | undefined {
  const counts = new Map<string, Kind>();
  for (const { left } of ranges) for (const one of left) count(counts, one);
  const kinds = [...counts.values()].sort((a, b) => b.objects - a.objects);
  const looked = ranges.reduce((sum, { objects }) => sum + objects, 0);
  return kinds.length === 0 ? undefined : { looked, kinds };
}
