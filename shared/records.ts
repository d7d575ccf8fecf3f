// Records that are kept in the ledger, by folder. Every record carries `v`; a record of a newer version is refused with a
// sentence rather than misread. The records hold people's names: they stay in the bucket and on the console's pages.
import * as z from "zod";
import { Explanation } from "./errors.ts";
import { HubName } from "./events.ts";
import { serviceNames } from "./failure.ts";
import { OldPlan, planOfOld } from "./flow/old-plan.ts";
import { StoredPlan } from "./flow/plan.ts";
import { wordOr } from "./unknown-fields.ts";

/** Of every record. */
export const version = z.literal(1);
export const Time = z.iso.datetime();

/** A change outside ledger and history. `do` names it; the rest says on what. */
export const Effect = z.looseObject({ do: z.string() });
export type Effect = z.infer<typeof Effect>;

/** done: all is as it should be. held: something waits for a person. blocked: something outside is missing. failed: will be tried again, or is undelivered. */
export const Outcome = z.enum(["done", "held", "blocked", "failed"]);
export type Outcome = z.infer<typeof Outcome>;

/** runs/<day>/<time>-<function>-<message id>-<attempt>.json: one delivery of one event to one function. */
export const Run = z.strictObject({
  v: version,
  id: z.string(),
  flow: z.string(),
  hub: HubName.optional(),
  event: z.string(),
  messageId: z.string(),
  attempt: z.number().int().min(1),
  payload: z.unknown(),
  outcome: Outcome,
  /** One line for a list: "3 invited, 1 cell rejected". */
  title: z.string(),
  steps: z.array(z.strictObject({ at: Time, what: z.string() })),
  effects: z.array(Effect),
  /** Plan of what the flow would do, or did. Runs of before are read in today's shape. */
  plan: z.union([StoredPlan, OldPlan.transform((plan) => planOfOld(plan, ""))]).optional(),
  /** Number of changes that a plan would make: runs of before had no list of them. */
  pending: z.number().int().optional(),
  error: Explanation.optional(),
  startedAt: Time,
  durationMs: z.number(),
});
export type Run = z.infer<typeof Run>;

/**
 * undelivered/<id>.json: an event that no attempt could finish, or a mail whose outcome nobody knows. The id is the message's;
 * of events that only say "look again" one a function, hub, cause and day is kept.
 */
export const Undelivered = z.strictObject({
  v: version,
  id: z.string(),
  topic: z.string(),
  function: z.string(),
  hub: HubName.optional(),
  /** The event as it came: JSON where it was JSON, else its text. */
  payload: z.unknown(),
  attempts: z.number().int(),
  reason: Explanation,
  /** Time at which the event was first published; records of before do not say. */
  firstAt: Time.optional(),
  at: Time,
});
export type Undelivered = z.infer<typeof Undelivered>;

/** resolved/<message id>.json: what a person did about it. */
export const Resolved = z.strictObject({
  v: version,
  how: z.enum(["replayed", "edited", "dropped"]),
  by: z.string(),
  at: Time,
});
export type Resolved = z.infer<typeof Resolved>;

/** Today's form of a plan that waits. */
export const CurrentHeldPlan = z.strictObject({
  v: z.literal(2),
  hub: HubName,
  flow: z.string(),
  plan: StoredPlan,
  madeAt: Time,
});

/** plans/<hub>/<hash>.json: a plan of which something waits for a person's word, whole. */
export const HeldPlan = z.union([
  CurrentHeldPlan,
  z
    .strictObject({
      v: version,
      hub: HubName,
      flow: z.string(),
      reason: z.string(),
      plan: OldPlan,
      madeAt: Time,
    })
    .transform(({ reason, plan, ...rest }) => ({ ...rest, v: 2 as const, plan: planOfOld(plan, reason) })),
]);
export type HeldPlan = z.infer<typeof HeldPlan>;

/** A person's word. "accepted" is said of access that would be taken away: they keep it, and nobody is asked again. */
export const Verdict = z.enum(["approved", "rejected", "accepted"]);
export type Verdict = z.infer<typeof Verdict>;

/**
 * approvals/<hub>/<flow>/<time>.json: a person's word on held actions of a plan, by their hashes. The newest on each counts, for
 * as long as the settings say.
 */
export const Approval = z.strictObject({
  v: version,
  verdict: wordOr(Verdict, "rejected"),
  by: z.string(),
  at: Time,
  /** The plan that was shown. */
  plan: z.string(),
  items: z.array(z.string()),
});
export type Approval = z.infer<typeof Approval>;

/** Part of a plan that waits for a person: the plan that was shown, and since when, by the hashes of its held actions. */
const WaitingActions = z.strictObject({
  plan: z.string(),
  since: z.record(z.string(), Time),
  /** Since when actions wait of which nobody was told yet: a run that dies before it tells leaves their times to the next one. */
  untold: z.record(z.string(), Time).optional(),
  /** Since when a plan waited of which each action had no hash yet. */
  old: z.strictObject({ since: Time }).optional(),
});
export const Waiting = z.union([
  WaitingActions,
  z
    .strictObject({ hash: z.string(), held: z.number().int(), since: Time, because: z.string().optional() })
    .transform(
      ({ hash, since }): z.infer<typeof WaitingActions> => ({ plan: hash, since: {}, old: { since } }),
    ),
]);
export type Waiting = z.infer<typeof Waiting>;

/** approvals/<hub>/<hash>/<time>.json: a person's word on a plan. The newest counts, for as long as the settings say. */
export const OldApproval = Approval.omit({ plan: true, items: true });
export type OldApproval = z.infer<typeof OldApproval>;

/** Reads a record whose field `status` had another name before. */
export const statusRenamed = <S extends z.ZodType>(record: S) =>
  z.preprocess((given) => {
    if (!(given instanceof Object) || !("standing" in given) || "status" in given) return given;
    const { standing: status, ...rest } = given;
    return { ...rest, status };
  }, record);

/** head/lease/<function>/<hub>.json */
export const Lease = z.strictObject({
  v: version,
  /** Counts up with each holder: the fencing number. */
  epoch: z.number().int(),
  holder: z.string(),
  until: Time,
  /** Somebody came while it was held: the holder looks again before it lets go. */
  dirty: z.boolean(),
});
export type Lease = z.infer<typeof Lease>;

/**
 * head/continue/<function>/<hub>.json: work that goes on later. head/continue/<function>/<hub>/_<key>.json: one event that waits
 * for a service, or edits that wait until it is quiet; it goes away when it is published.
 */
export const Continue = z.strictObject({
  v: version,
  at: Time,
  topic: z.string(),
  payload: z.unknown(),
  /** Already published again; kept so that a crash in between is harmless. */
  published: z.boolean(),
  /** The message's: what it comes from. */
  attributes: z.record(z.string(), z.string()).optional(),
  /** Goes away when it is published. */
  once: z.literal(true).optional(),
  /** Service whose time it waits for. */
  service: z.enum(serviceNames).optional(),
  /** Being published now, or served: whoever asks to go on meanwhile asks for something later. */
  publishing: z.boolean().optional(),
  /** Time beyond which `at` is not moved on. */
  latest: Time.optional(),
});
export type Continue = z.infer<typeof Continue>;

/** head/watch/<hub>.json: the Drive channel that is open now. */
export const Watch = z.strictObject({
  v: version,
  channelId: z.string(),
  resourceId: z.string(),
  /** Address that it calls: a door that has moved needs a new channel. */
  address: z.url(),
  expires: Time,
});
export type Watch = z.infer<typeof Watch>;

/** head/consent/gmail.json: the last time that Google signed the mail account in, and when that ends, where Google says it. */
export const Consent = z.strictObject({ v: version, at: Time, ends: Time.optional() });
export type Consent = z.infer<typeof Consent>;
export const consentName = "head/consent/gmail.json";
/** Days ahead in which people are told that it ends. */
export const consentAheadDays = 7;

/** notices/<hub>/<key>/<n>-claim.json and <n>-outcome.json */
export const NoticeClaim = z.strictObject({ v: version, messageId: z.string(), at: Time });
export type NoticeClaim = z.infer<typeof NoticeClaim>;
export const NoticeOutcome = z.strictObject({
  v: version,
  outcome: wordOr(z.enum(["sent", "not-sent", "unknown"]), "unknown"),
  at: Time,
});
export type NoticeOutcome = z.infer<typeof NoticeOutcome>;
