// Machines that are taken away at random points of their work, drawn from a seed.
import type { FarEnds } from "../../local/instance/far-ends.ts";
import { randomOf } from "../simulate/random.ts";

/** Real milliseconds after which a machine is taken away, at most, once it runs: most have begun to copy by then, and few have ended. */
const longestLifeMs = 3000;
/** Between two looks. */
const lookEveryMs = 40;

/** Takes away so many machines, each once, until it is disposed of. */
export function takeAway(
  compute: FarEnds["compute"],
  { seed, machines }: { seed: number; machines: number },
) {
  const random = randomOf(seed);
  /** Time of the end of each machine that was seen to run. */
  const ends = new Map<string, number>();
  const taken = new Set<string>();
  const looking = setInterval(() => {
    for (const { id, name, status } of compute.machines()) {
      if (taken.size >= machines) return;
      if (taken.has(id) || status !== "RUNNING") continue;
      const end = ends.get(id) ?? performance.now() + random.next() * longestLifeMs;
      ends.set(id, end);
      if (performance.now() >= end && compute.preempt(name)) taken.add(id);
    }
  }, lookEveryMs);
  return {
    taken: (): number => taken.size,
    [Symbol.dispose]: (): void => clearInterval(looking),
  };
}
