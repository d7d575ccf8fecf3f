// Counts what a copy leaves behind of what stands beside the bytes of a source's objects, kind by kind. Pure.
import { type Described, isLeftBehind } from "../../shared/remotes/beside.ts";
import type { LeftBehind } from "../../shared/transfers/records.ts";
import type { Request } from "./request.ts";

/** Names that stand for all others of a kind. */
const mostExamples = 3;

/** Opens the count for a request. */
export function leftBehindBy({ from, to }: Request) {
  const counts = new Map<string, { objects: number; examples: string[] }>();
  let looked = 0;
  const count = (kind: string, name: string): void => {
    const known = counts.get(kind) ?? { objects: 0, examples: [] };
    if (known.examples.length < mostExamples) known.examples.push(name);
    counts.set(kind, { ...known, objects: known.objects + 1 });
  };
  return {
    see({ name, beside }: Described): void {
      looked += 1;
      for (const kind of beside) if (isLeftBehind(kind, from.store, to.store)) count(kind, name);
    },
    /** Counts a folder's own mark, which has no bytes to copy. */
    seeMark: (name: string): void => count("folder's mark", name),
    /** Gives what was counted, the most frequent first; undefined where it is nothing. */
    counted(): LeftBehind | undefined {
      const kinds = [...counts].map(([kind, found]) => ({ kind, ...found }));
      kinds.sort((a, b) => b.objects - a.objects);
      return kinds.length === 0 ? undefined : { looked, kinds };
    },
  };
}
