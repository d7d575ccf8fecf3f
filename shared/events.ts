// Every message that crosses a topic. The key is the topic's name, in the cloud, on the laptop and in the tests alike.
// Events are hints: a worker reads the truth again, so a payload says where to look, never what to do.
import * as z from "zod";
import { keysOf } from "./closed.ts";

/** A hub's key in the settings: part of event, ledger key and VM name, hence short and plain. */
export const HubName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,19}$/, "a hub's name is 1 to 20 of a-z, 0-9 and -");

const version = z.literal(1);

/** Reason why a worker was woken. `dryRun` asks for the plan alone. */
const why = z.enum(["edit", "push", "schedule", "person", "continue", "approval", "report", "release"]);

/** Name of a transfer: part of VM names, labels and ledger keys. */
export const TransferId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,26}[a-z0-9])?$/, "a transfer's id is 1 to 28 of a-z, 0-9 and -");

/** Name of who asks for a transfer, as it was typed: nothing proves it. Of letters, digits and a few marks, none of which begins a mention. */
export const AskerName = z
  .string()
  .trim()
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .'’_+-]|(?<=[\p{L}\p{N}_+-])@(?=[\p{L}\p{N}])){0,79}$/u,
    "a name is 1 to 80 letters, digits, spaces and . ' _ + -, or an address",
  );

/** Modes of a transfer by which the target loses something; without one, objects are only added. */
export const TransferMode = z.enum(["update", "sync"]);
export type TransferMode = z.infer<typeof TransferMode>;

/**
 * A request to copy one place to another, each "<remote>:<path>"; or, with an id alone, to look again how it stands; or,
 * without one, how all of the hub's stand. Ends are checked by the worker, so that a bad one is answered in words.
 */
const TransferRequest = z.strictObject({
  v: version,
  hub: HubName,
  id: TransferId.optional(),
  from: z.string().max(1200).optional(),
  to: z.string().max(1200).optional(),
  by: AskerName.optional(),
  mode: TransferMode.optional(),
  why: z.enum([...why.options, "cancel"]),
  dryRun: z.boolean().optional(),
});

/** Time to look for machines that nobody needs any more. */
const SweepDue = z.strictObject({ v: version });

/** Id of a run: its day, and its name on that day. It becomes part of an object's name. */
export const RunId = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d\/[\w-]{1,150}$/, "a run's id is its day, / and its name, as `runs ls` prints it");

/** Hash of a plan, as `exactHashOf` gives it. */
export const PlanHash = z
  .string()
  .regex(/^[0-9a-f]{16}$/, "a plan's hash is 16 of 0-9 and a-f, as `members plan` prints it");

const SheetChanged = z.strictObject({
  v: version,
  hub: HubName,
  why,
  dryRun: z.boolean().optional(),
  /** A person asks for a plan that marks whom the sheet lists, and who stand in the right team, as let in by us. */
  adopt: z.boolean().optional(),
  /** A person wants this plan carried out and no other, by its exact hash. */
  plan: PlanHash.optional(),
  /** A person asks to take back what this run of sync-members did; by the run's id. */
  undo: RunId.optional(),
});

/** Look at the homes of a hub. `report` names the object that has just arrived: a hint, for the newest one counts. */
const QuotaScanDue = z.strictObject({
  v: version,
  hub: HubName,
  why,
  dryRun: z.boolean().optional(),
  report: z.string().max(300).optional(),
});

/**
 * Cloud Storage's own message about a new object, a report about homes or of a machine: the object's resource, which has no
 * version of ours. https://cloud.google.com/storage/docs/pubsub-notifications#payload
 */
const NewObject = z.object({
  kind: z.literal("storage#object"),
  bucket: z.string(),
  name: z.string().max(1024),
});

/** Look whether there is a newer release of the hub's images. The tag is what the caller said: it is read again. */
const ReleasePublished = z.strictObject({
  v: version,
  hub: HubName,
  why,
  tag: z
    .string()
    .regex(/^[\w][\w.-]{0,127}$/)
    .optional(),
  dryRun: z.boolean().optional(),
});

/** One message to people. `key` says what it is about: a key is attempted at most once, ever. */
export const Notice = z.strictObject({
  v: version,
  hub: HubName,
  key: z.string().regex(/^[a-z][a-z0-9./:_-]{0,199}$/, "a key is up to 200 of a-z, 0-9 and . / : _ -"),
  to: z.union([z.strictObject({ mail: z.array(z.email()).min(1).max(50) }), z.literal("team")]),
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(20_000),
  /** An address of ours that stands in the text, made by the program alone: where it can, it becomes a link. */
  link: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
  /** The way it takes where that is not the usual one: it tells of a trouble with the other. */
  by: z.enum(["mail", "slack"]).optional(),
  /** A person's request to send it once more: 1 for the first time again, and so on. */
  again: z.number().int().min(1).max(100).optional(),
});

/** The minute's tick: publish again whatever asked to go on at a time that has come. */
const ContinueDue = z.strictObject({ v: version });

/** Time to open a new Drive push channel for the hub's sheet, before the old one lapses. */
const WatchDue = z.strictObject({ v: version, hub: HubName });

/** Time to ask whether Google still signs the mail account in. */
const ConsentDue = z.strictObject({ v: version });

/** Time to look whether a transfer of the hub could run: its remotes, its network, its quotas. */
const TransferCheckDue = z.strictObject({ v: version, hub: HubName });

/** Somebody wants people forgotten who have left; who they are stands in the ledger alone. */
const ForgetDue = z.strictObject({ v: version, hub: HubName });

export const events = {
  "sheet-changed": SheetChanged,
  "quota-scan-due": QuotaScanDue,
  "report-arrived": NewObject,
  "release-published": ReleasePublished,
  notice: Notice,
  "continue-due": ContinueDue,
  "watch-due": WatchDue,
  "transfer-request": TransferRequest,
  "transfer-reported": NewObject,
  "sweep-due": SweepDue,
  "forget-due": ForgetDue,
  "consent-due": ConsentDue,
  "transfer-check-due": TransferCheckDue,
} as const;

/** Reason why a worker was woken. */
export type Why = z.infer<typeof TransferRequest>["why"];

export type EventName = keyof typeof events;
export type EventOf<N extends EventName> = z.infer<(typeof events)[N]>;
export const eventNames = keysOf(events);

/** Topic where the platform puts a message whose attempts are used up. It carries any event, as it was. */
export const deadLetterTopic = "undelivered";

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(events, name);
}
