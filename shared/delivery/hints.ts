// Which events only say "look again": losing one, or taking two for one, loses nothing, for the next look sees the same.
import type { EventName } from "../events.ts";

/** Reasons that come from a person. They make no hint: a person waits for the answer to their own question. */
const byPeople: readonly unknown[] = ["person", "approval", "cancel"];

/** Tells whether an event, which fits its schema, is a hint; else it carries something that is nowhere else. */
export function isHint(topic: EventName, event: object): boolean {
  if (topic === "notice") return false;
  if ("why" in event && byPeople.includes(event.why)) return false;
  return topic !== "transfer-request" || !("from" in event || "to" in event);
}
