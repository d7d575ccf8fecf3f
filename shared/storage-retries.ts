// Calls to Cloud Storage that its client does not make itself, tried again as it tries its own.
import { setTimeout as pause } from "node:timers/promises";
import type { Storage } from "@google-cloud/storage";
import { failureIn } from "./failure.ts";
import { answerOf } from "./google-failure.ts";

/** Tries as often as the client tries every other call, and after the same pauses. Throws at once what no time mends. */
export async function withRetries<T>({ retryOptions }: Storage, attempt: () => Promise<T>): Promise<T> {
  const { autoRetry = true, maxRetries = 0, retryDelayMultiplier = 1, maxRetryDelay = 1 } = retryOptions;
  for (let tries = 1; ; tries += 1)
    try {
      return await attempt();
    } catch (error) {
      if (!autoRetry || tries > maxRetries || !passes(error)) throw error;
      await pause(1000 * Math.min(retryDelayMultiplier ** (tries - 1), maxRetryDelay));
    }
}

/** https://docs.cloud.google.com/storage/docs/retry-strategy */
function passes(error: unknown): boolean {
  // A failure that has a name already was found in the answer itself.
  if (failureIn(error) !== undefined) return false;
  const answer = answerOf(error);
  if (typeof answer === "string") return answer === "no-answer";
  return [408, 429].includes(answer.status) || answer.status >= 500;
}
