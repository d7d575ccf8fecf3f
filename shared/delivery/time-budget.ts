// Budget of an event before people are asked, in time and not in attempts: what becomes of a delivery that failed. Pure.
import type { EventName } from "../events.ts";
import { type Lasts, settlingMinutes } from "../failure.ts";

/** The most that a subscription may have: https://cloud.google.com/pubsub/docs/dead-letter-topics#set_a_dead_letter_topic */
export const maximumAttempts = 100;

/** From this attempt on an event that is still young is published again: the few that are left are for that to succeed. */
export const publishAgainFrom = 90;

/** A transient trouble of most services is over within a day; nothing brings a message to people back, so it has a weekend. */
const dayHours = 24;
const longer: Partial<Record<EventName, number>> = { notice: 3 * dayHours };

/** For how many hours after it was first published an event is tried. */
export const hoursOf = (topic: EventName): number => longer[topic] ?? dayHours;

/**
 * `lasting`: only a person helps. `too-old`: time has not helped. Both are kept as undelivered. `wait`: it goes on when the
 * service that asked for it may be called again. `publish-again`: before the subscription gives it up. `again`: Pub/Sub's pause.
 */
export type Verdict = "lasting" | "too-old" | "wait" | "publish-again" | "again";

/** Decides what becomes of a delivery that failed. */
export function verdictOn(failed: {
  topic: EventName;
  lasts: Lasts;
  /** Since the event was first published. */
  ageSeconds: number;
  /** Of this message, which may be a copy of the first. */
  attempt: number;
  /** The service has asked to be left alone. */
  waits: boolean;
}): Verdict {
  const { topic, lasts, ageSeconds, attempt, waits } = failed;
  if (lasts === "lasting" || (lasts === "settling" && ageSeconds >= settlingMinutes * 60)) return "lasting";
  if (ageSeconds >= hoursOf(topic) * 3600) return "too-old";
  if (waits) return "wait";
  return attempt >= publishAgainFrom ? "publish-again" : "again";
}
