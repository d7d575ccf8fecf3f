// Swaps of one record that several deliveries change at once: whoever was overtaken reads anew and tries again.
import { transient } from "../errors.ts";

/** Number of tries, before the delivery is given back to Pub/Sub, which spreads those that come again. */
const maximumSwaps = 20;

/**
 * Tries until nobody has interfered; gives what the attempt gives.
 * @param attempt reads anew, swaps, and gives "overtaken" where another one was quicker.
 * @param why is the transient failure's sentence for a delivery that is overtaken each time.
 * @param options `between` waits before the next try, after so many.
 */
export async function untilSwapped<T>(
  attempt: () => Promise<T | "overtaken">,
  why: string,
  options: { most?: number; between?: (tries: number) => Promise<unknown> } = {},
): Promise<T> {
  const { most = maximumSwaps, between } = options;
  for (let tries = 1; tries <= most; tries += 1) {
    const outcome = await attempt();
    if (outcome !== "overtaken") return outcome;
    if (tries < most) await between?.(tries);
  }
  throw transient(why);
}
