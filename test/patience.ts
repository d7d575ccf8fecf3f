// Patience of a test that waits for what others do by themselves. What is too slow is never wrong here: the end of patience says
// that it did not happen, and nothing else.
import { setTimeout as wait } from "node:timers/promises";

/**
 * Real milliseconds for one thing to happen: ten times what the slowest takes on an idle machine of two cores, which is a
 * sample hub's first pass through its flows.
 */
export const patienceMs = 60_000;
/**
 * Real seconds in which a push is answered, at most: as many as a subscription may have. After Pub/Sub's own ten a slow machine
 * would have its message brought again. https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions
 */
export const ackDeadlineSeconds = 600;
/** Real milliseconds between two looks. */
const lookEveryMs = 25;

/** Waits until something holds; throws what did not happen where patience ends. */
export async function until(holds: () => unknown): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it did not happen: ${holds}`);
    // Looking alone keeps no process alive, once the test has ended in another way.
    await wait(lookEveryMs, undefined, { ref: false });
  }
}
