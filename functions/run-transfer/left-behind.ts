// Counts what a copy leaves behind of what stands beside the bytes of a source's objects, kind by kind. Pure.
import { type BesideKind, type Described, isLeftBehind, needsMover } from "../../shared/remotes/beside.ts";
import type { LeftBehind } from "../../shared/transfers/records.ts";
import type { Request } from "./request.ts";

/** Objects of a part that a store is asked about: a thousand at first, and some of each later part. */
const mostLooked = 1000;
const leastLooked = 50;
/** Names that stand for all others of a kind. */
const mostExamples = 3;

/** Opens the count for a request. */
export function leftBehindBy({ from, to }: Request) {
  const counts = new Map<string, { objects: number; examples: string[] }>();
  const kinds = new Set<BesideKind>();
  let looked = 0;
  const count = (kind: string, name: string): void => {
    const known = counts.get(kind) ?? { objects: 0, examples: [] };
    if (known.examples.length < mostExamples) known.examples.push(name);
    counts.set(kind, { ...known, objects: known.objects + 1 });
  };
  return {
    see({ name, beside }: Described): void {
      looked += 1;
      for (const kind of beside) {
        kinds.add(kind);
        const isLost = isLeftBehind(kind, from.store, to.store) && !needsMover(kind, from.store, to.store);
        if (isLost) count(kind, name);
      }
    },
    /** Kinds that were seen, whoever carries them. */
    kinds: (): readonly BesideKind[] => [...kinds],
    /** Number of objects that are looked at now, of which a store has to be asked one by one: ever fewer, and some of each part. */
    left: (): number => Math.max(leastLooked, mostLooked - looked),
    /** Gives what was counted, the most frequent first; undefined where it is nothing. */
    counted(): LeftBehind | undefined {
      const kinds = [...counts].map(([kind, found]) => ({ kind, ...found }));
      kinds.sort((a, b) => b.objects - a.objects);
      return kinds.length === 0 ? undefined : { looked, kinds };
    },
  };
}
