// Counts what a copy leaves behind of what stands beside the bytes of a source's objects, kind by kind. Pure.
import { type Described, isLeftBehind } from "../../shared/remotes/beside.ts";
import type { LeftBehind, RemoteObject } from "../../shared/transfers/records.ts";
import { isFolderMark } from "./plan.ts";
import type { Request } from "./request.ts";

/** Objects of which a store is asked that says nothing beside bytes in its listings. */
const mostLooked = 1000;
/** Names that stand for all others of a kind. */
const mostExamples = 3;

/** Chooses objects that lie evenly among all. */
export function sampleOf(objects: readonly RemoteObject[]): string[] {
  const step = Math.max(1, objects.length / mostLooked);
  const places = Array.from({ length: Math.min(objects.length, mostLooked) }, (_, n) => Math.floor(n * step));
  return places.flatMap((place) => objects[place]?.name ?? []);
}

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
    /** Gives what was counted, the most frequent first; undefined where it is nothing. */
    of(source: readonly RemoteObject[]): LeftBehind | undefined {
      for (const object of source) if (isFolderMark(object)) count("folder's mark", object.name);
      const kinds = [...counts].map(([kind, found]) => ({ kind, ...found }));
      kinds.sort((a, b) => b.objects - a.objects);
      return kinds.length === 0 ? undefined : { looked, kinds };
    },
  };
}
