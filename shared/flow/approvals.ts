// A person's word on what is on hold: records under approvals/, the newest of which counts for some hours.
import type { Ledger } from "../ledger.ts";
import { Approval } from "../records.ts";

/** What the team is told of a plan that waits for its word. */
export type Waiting = {
  hub: string;
  hash: string;
  /** Since when it waits, YYYY-MM-DD: the same may have to be held again another day. */
  day: string;
  count: number;
  because: string;
};

/** The newest word on a plan that waits, while it counts and if it was given since the plan began to wait. */
export async function wordOn(
  hub: string,
  waiting: { hash: string; since: string },
  options: { ledger: Ledger; now: Date; hours: number },
): Promise<Approval["verdict"] | undefined> {
  const newest = (await options.ledger.list(`approvals/${hub}/${waiting.hash}/`)).at(-1);
  const word = newest === undefined ? undefined : await options.ledger.read(newest.name, Approval);
  // The same plan, held once more after it was carried out, needs another word.
  if (word === undefined || word.value.at < waiting.since) return undefined;
  const ageMs = options.now.getTime() - Date.parse(word.value.at);
  return ageMs <= options.hours * 3600 * 1000 ? word.value.verdict : undefined;
}
