// Records of the troubles of a hub: head/incidents/<hub>.json, one object, compared and swapped on its generation.
import * as z from "zod";
import { Explanation } from "../errors.ts";
import { serviceNames } from "../failure.ts";
import { Time, version } from "../records.ts";
import { wordOr } from "../unknown-fields.ts";

/**
 * Ways in which a trouble shows. undelivered: an event that no attempt could finish. failed: tried again. blocked: something
 * outside is missing. held: a plan waits for a person's word. refused: a cell or a file that cannot be understood. overdue:
 * nothing has succeeded for twice the time between two looks.
 */
export const incidentKinds = ["undelivered", "failed", "blocked", "held", "refused", "overdue"] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** Reach of a trouble: the team by its usual way, or by the one that still works. */
export const Reach = z.enum(["team", "mail", "slack", "nobody"]);
export type Reach = z.infer<typeof Reach>;

export const Incident = z.strictObject({
  flow: z.string(),
  /** Names the trouble for good: a-z, 0-9 and -. */
  cause: z.string(),
  kind: wordOr(z.enum(incidentKinds), "failed"),
  reason: Explanation,
  /** Part of the hub that it is about alone, such as one transfer: no good run of another ends it. */
  subject: z.string().optional(),
  /** The service that failed, where one did. */
  service: z.enum(serviceNames).optional(),
  /** The functions in which it stands: each leaves with its next good run. */
  workers: z.array(z.string()),
  /** Services that a good run must have used to count. */
  needs: z.array(z.string()),
  opened: Time,
  seen: Time,
  /** Only a person helps, as far as is known. */
  lasting: z.boolean(),
  /** An event that carries something waits under Undelivered: a good run does not bring it back. */
  waits: z.boolean(),
  /** Something beside the work of its functions, which goes on. */
  beside: z.literal(true).optional(),
  reach: wordOr(Reach, "team"),
  /** Number of times it was told from here; a flow may have told it by itself before. */
  told: z.number().int(),
  toldAt: Time.optional(),
  acknowledged: z.strictObject({ by: z.string(), at: Time }).optional(),
  closed: Time.optional(),
  /** Time at which it was told that it is over. */
  overAt: Time.optional(),
});
export type Incident = z.infer<typeof Incident>;

export const Incidents = z.strictObject({
  v: version,
  /** By "<flow>/<cause>". */
  incidents: z.record(z.string(), Incident),
  /** Time of each function's last success, by its name. */
  good: z.record(z.string(), Time),
});
export type Incidents = z.infer<typeof Incidents>;
