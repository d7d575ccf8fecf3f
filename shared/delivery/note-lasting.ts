// Tells the team of what no attempt can finish: it is an incident of its hub and flow, which is told at once.
import type { Publish } from "../bus/publish.ts";
import type { Clock } from "../clock.ts";
import type { Service } from "../failure.ts";
import type { IncidentDeps } from "../flow/incident-stage.ts";
import { reachOf } from "../flow/incident-text.ts";
import type { Ledger } from "../ledger.ts";
import { meet } from "./incidents.ts";
import type { Trouble } from "./undelivered.ts";

/**
 * Opens the incident and publishes its notice; gives false where nobody may be told. Throws when that was not possible; twice
 * is harmless.
 * @param trouble `needs` are the services that the event's handler calls; `payload` is the event; `waits` says that it waits
 * for a person under Undelivered.
 */
export async function noteLasting(
  trouble: Trouble & { payload: unknown; needs?: readonly Service[]; waits?: boolean },
  deps: { ledger: Ledger; publish: Publish; now: Clock; knownIncidents?: IncidentDeps["knownIncidents"] },
): Promise<boolean> {
  await meet({ ...trouble, kind: "undelivered", lasting: true }, deps);
  return reachOf(trouble) !== "nobody";
}
