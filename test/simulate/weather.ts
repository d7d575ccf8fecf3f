// Roughness of a seed: how often a call fails, a process dies, a delivery pauses, comes twice, comes late.
import type { Random } from "./random.ts";

export type Weather = {
  /** Shares of the calls that cross the wire. */
  fault: number;
  crash: number;
  pause: number;
  /** Shares of the deliveries. */
  duplicate: number;
  late: number;
  /** Of the acknowledgements, and of what a scheduler should have published. */
  lost: number;
};

export const calm: Weather = { fault: 0, crash: 0, pause: 0, duplicate: 0, late: 0, lost: 0 };

/** Most seeds have some of everything; some have one kind alone, or nothing. */
export function weatherOf(random: Random): Weather {
  return {
    fault: random.pick(0, 0.02, 0.05, 0.1, 0.2),
    crash: random.pick(0, 0.01, 0.02, 0.05, 0.1),
    pause: random.pick(0, 0.01, 0.03, 0.06),
    duplicate: random.pick(0, 0.1, 0.3),
    late: random.pick(0, 0.1, 0.3),
    lost: random.pick(0, 0.05, 0.2),
  };
}
