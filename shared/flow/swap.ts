// Swaps of one record that several deliveries change at once: whoever was overtaken reads anew and tries again.
import { transient } from "../errors.ts";

/** Number of tries, before the delivery is given back to Pub/Sub, which spreads those that come again. */
const maximumSwaps = 20;

/**
 * Tries until nobody has interfered; gives what the attempt gives.
 * @param attempt reads anew, swaps, and gives "overtaken" where another one was quicker.
 * @param why is the transient failure's sentence for a delivery that is overtaken each time.
 */
export async function untilSwapped<T>(attempt: () => Promise<T | "overtaken">, why: string): Promise<T> {
  for (let tries = 0; tries < maximumSwaps; tries += 1) {
    const outcome = await attempt();
    if (outcome !== "overtaken") return outcome;
  }
  throw transient(why);
}
