// Passing failures that nothing meets any more: what failed was over already, as a message that came twice, and no event comes again
// whose good run could say so. Pure.
import type { Incident, Incidents } from "./incident-records.ts";
import { minute, openIn, put, since } from "./incidents.ts";

/**
 * Minutes after which a failure that is still tried has been seen again: Pub/Sub waits ten for an answer that never comes
 * (https://docs.cloud.google.com/pubsub/docs/lease-management), then pauses for ten at most
 * (https://docs.cloud.google.com/pubsub/docs/handling-failures), and a sight may be ten older than the last one. Less than what a
 * failure lasts before it is told.
 */
export const unseenMinutes = 45;

type Keyed = Incident & { key: string };

/** Lists what stood in the way for a moment and has not been met since. What is blocked and names no service is met by the clock. */
const unseenIn = (state: Incidents, now: Date): Keyed[] =>
  openIn(state).filter(
    ({ kind, service, lasting, waits, seen }) =>
      (kind === "failed" || (kind === "blocked" && service !== undefined)) &&
      !lasting &&
      !waits &&
      isLongAgo(seen, now),
  );

const isLongAgo = (at: string, now: Date): boolean => since(at, now) >= unseenMinutes * minute;

const servicesOf = ({ service, needs }: Incident): string[] =>
  service === undefined ? needs : [...needs, service];

/** Lists the services that may have asked what is unseen to wait. */
export const awaitedBy = (state: Incidents, now: Date): Set<string> =>
  new Set(unseenIn(state, now).flatMap(servicesOf));

/** Ends what is unseen, unless a service that it needs was left alone until lately, or is not among those looked up. */
export function withoutUnseen(state: Incidents, leftAlone: ReadonlyMap<string, Date>, now: Date): Incidents {
  let next = state;
  for (const { key, ...incident } of unseenIn(state, now)) {
    const untils = servicesOf(incident).map((service) => leftAlone.get(service));
    if (untils.some((until) => until === undefined || !isLongAgo(until.toISOString(), now))) continue;
    next = put(next, key, { ...incident, workers: [], closed: now.toISOString() }, now);
  }
  return next;
}
