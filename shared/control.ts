// The control API: what the console's door answers under /api, and the command line reads. Shapes only.
import * as z from "zod";
import { Explanation } from "./errors.ts";
import { PlanHash, TransferId, TransferMode } from "./events.ts";
import { Incident } from "./flow/incident-records.ts";
import { StoredPlan } from "./flow/plan.ts";
import { CurrentImagesState } from "./images/records.ts";
import { mostAskedAbout, WhyPerson } from "./members/answers.ts";
import { ClassLine, ClassRequest, ClassView } from "./members/class-answers.ts";
import { OccasionName } from "./members/mail-templates.ts";
import { MailPreview } from "./members/mails.ts";
import { PersonStatus } from "./members/records.ts";
import { HomeStatus, QuotaState } from "./quota/records.ts";
import { CurrentHeldPlan, Outcome, Run, Undelivered, Verdict } from "./records.ts";
import { Dollars } from "./transfers/figures.ts";
import { TransferReceipt } from "./transfers/receipt-records.ts";
import { MachineFigures, TransferState } from "./transfers/records.ts";

/** A run in a list: what its object's metadata says, without reading it. The id is "<day>/<name>". */
export const RunLine = z.strictObject({
  id: z.string(),
  flow: z.string(),
  hub: z.string().optional(),
  event: z.string(),
  messageId: z.string(),
  attempt: z.number().int(),
  outcome: Outcome,
  title: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  effects: z.number().int(),
});
export type RunLine = z.infer<typeof RunLine>;

export const FlowCard = z.strictObject({
  flow: z.string(),
  mode: z.enum(["off", "plan", "apply"]),
  impact: z.string(),
  lastRun: RunLine.optional(),
  nextRun: z.string().optional(),
});
export type FlowCard = z.infer<typeof FlowCard>;

/** An incident: `key` is "<hub>/<flow>/<cause>", `runbook` the heading of docs/runbook.md that speaks of it. */
export const IncidentLine = Incident.extend({ hub: z.string(), key: z.string(), runbook: z.string() });
export type IncidentLine = z.infer<typeof IncidentLine>;

/** Something that ends by itself: whether that is near, in words. */
export const ExpiryLine = z.strictObject({
  what: z.string(),
  state: z.enum(["ok", "warn", "unchecked"]),
  says: z.string(),
  next: z.string().optional(),
});
export type ExpiryLine = z.infer<typeof ExpiryLine>;

/** Something that flows need, as it was found: `fail` is for a person to mend. */
export const CheckedLine = ExpiryLine.extend({ state: z.enum(["ok", "warn", "fail", "unchecked"]) });
export type CheckedLine = z.infer<typeof CheckedLine>;

/** Matters that need a person: those that wait for a word, and those that stand in the way. */
export const NeedsYou = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("approval"), hub: z.string(), hash: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal("incident"), hub: z.string(), text: z.string(), incident: IncidentLine }),
  /** Incidents that cannot be read: they hide what else may need somebody. */
  z.strictObject({ kind: z.literal("unreadable"), hub: z.string(), text: z.string() }),
]);
export type NeedsYou = z.infer<typeof NeedsYou>;

export const Home = z.strictObject({
  installation: z.string(),
  sample: z.boolean(),
  project: z.string(),
  hubs: z.array(z.strictObject({ hub: z.string(), organisation: z.string() })),
  now: z.string(),
  needsYou: z.array(NeedsYou),
  flows: z.array(FlowCard),
});
export type Home = z.infer<typeof Home>;

/** Status of somebody; "rejected" is a cell that cannot be used, "unmanaged" has access, or is invited, and stands in no row. */
export const MemberStatus = z.enum([...PersonStatus.options, "rejected", "unmanaged"]);
export type MemberStatus = z.infer<typeof MemberStatus>;

export const MemberLine = z.strictObject({
  /** As the sheet has it. */
  login: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
  tier: z.string().optional(),
  team: z.string().optional(),
  cell: z.string().optional(),
  status: MemberStatus,
  since: z.string().optional(),
  /** Reason why a cell cannot be used; `suggestion` is what was perhaps meant. */
  why: z.string().optional(),
  suggestion: z.string().optional(),
});
export type MemberLine = z.infer<typeof MemberLine>;

export const MemberList = z.strictObject({
  hub: z.string(),
  asOf: z.string(),
  counts: z.record(MemberStatus, z.number().int()),
  /** Number of people who fit the question; `people` is the part of them that was asked for. */
  total: z.number().int(),
  /** Changes that wait for a person's word: people who left the sheet are in no row of it. */
  onHold: z.number().int(),
  people: z.array(MemberLine),
});
export type MemberList = z.infer<typeof MemberList>;

/** `resolved` says what a person did about it. */
export const UndeliveredLine = Undelivered.extend({ resolved: z.string().optional() });
export type UndeliveredLine = z.infer<typeof UndeliveredLine>;

/** A plan of which something waits, or has waited, for a person's word. */
export const HeldPlanLine = CurrentHeldPlan.extend({
  /** Verdict on each held change that still waits, by its hash; null while nobody has said anything. */
  verdicts: z.record(z.string(), Verdict.nullable()),
  /** waiting: needs a word. approved or rejected: has one. over: the world has moved on. */
  state: z.enum(["waiting", "approved", "rejected", "over"]),
});
export type HeldPlanLine = z.infer<typeof HeldPlanLine>;

/** An event, as its runs tell of it: the newest attempt's outcome and title, of the function that ran last. */
export const EventLine = z.strictObject({
  messageId: z.string(),
  topic: z.string(),
  hub: z.string().optional(),
  firstAt: z.string(),
  attempts: z.number().int(),
  outcome: Outcome,
  title: z.string(),
});
export type EventLine = z.infer<typeof EventLine>;

/** An event to try: what a person may send as it is, or edit first. */
export const SampleEvent = z.strictObject({ topic: z.string(), name: z.string(), payload: z.unknown() });
export type SampleEvent = z.infer<typeof SampleEvent>;

export const ScheduleLine = z.strictObject({
  schedule: z.string(),
  what: z.string(),
  publishes: z.string(),
  cron: z.string(),
  each: z.enum(["hub", "stack"]),
  flow: z.string().optional(),
  /** Absent while its flow is off. */
  next: z.string().optional(),
  /** The tick that was fired last; known on a sample hub. */
  lastFired: z.string().optional(),
  /** The newest run of the event that it publishes, whoever published it. */
  lastRun: RunLine.optional(),
});
export type ScheduleLine = z.infer<typeof ScheduleLine>;

/** The homes of a hub as the last scan left them; the largest first. */
export const QuotaStatus = z.strictObject({
  hub: z.string(),
  scan: QuotaState.shape.scan,
  volume: QuotaState.shape.volume,
  /** In bytes. */
  limits: z.strictObject({ advice: z.number(), limit: z.number(), enforced: z.number().optional() }),
  homes: z.array(
    z.strictObject({
      directory: z.string(),
      login: z.string().optional(),
      bytes: z.number(),
      complete: z.boolean(),
      status: HomeStatus,
      since: z.string(),
      missing: z.number().int(),
      disputed: z.boolean(),
      measuredAt: z.string(),
      /** Too old to change where the home stands. */
      old: z.boolean(),
      /** Bytes that the server enforces of it, where that is another limit than the hub's. */
      limit: z.number().optional(),
      entries: z.number().optional(),
      lastTouched: z.string().optional(),
    }),
  ),
  days: QuotaState.shape.volumeDays,
  /** Bytes a day over the next 30 days: `perDay` is the middle of what may come, and 5 and 95 % of it stay below `low` and `high`. */
  forecast: z.strictObject({
    words: z.string(),
    perDay: z.number().optional(),
    low: z.number().optional(),
    high: z.number().optional(),
  }),
  trouble: QuotaState.shape.trouble,
  /** Nothing was done about these figures, for the flow only plans. */
  planned: z.literal(true).optional(),
  /** The plan of which something waits. */
  waiting: z.strictObject({ plan: z.string() }).optional(),
});
export type QuotaStatus = z.infer<typeof QuotaStatus>;
/** A transfer as it stands, with what its machines have said last. */
export const TransferLine = z.strictObject({
  head: TransferState,
  /** Last words of machines that copy now, of the lists that they have in hand. */
  progress: z.array(
    z.strictObject({
      shard: z.number().int(),
      list: z.string().optional(),
      bytes: z.number(),
      objects: z.number(),
      ops: MachineFigures.optional(),
    }),
  ),
  cancelled: z.boolean(),
  /** Dollars so far of one that runs, with what is in flight. */
  spent: Dollars.optional(),
  receipt: TransferReceipt.optional(),
});
export type TransferLine = z.infer<typeof TransferLine>;

/** Something that happened to a transfer; last words of machines have no time. */
const TransferLogLine = z.strictObject({ at: z.string().optional(), what: z.string() });
export type TransferLogLine = z.infer<typeof TransferLogLine>;

/** Mails to members that would go out, as of the last look, and the texts that they are made of. */
export const MailList = z.strictObject({
  hub: z.string(),
  asOf: z.string(),
  mails: z.array(MailPreview),
  templates: z.array(
    z.strictObject({
      occasion: OccasionName,
      subject: z.string(),
      text: z.string(),
      /** Setting that it comes from, or "Groundcrew's own". */
      from: z.string(),
      /** Names that the text may use in braces. */
      placeholders: z.array(z.strictObject({ name: z.string(), means: z.string() })),
    }),
  ),
});
export type MailList = z.infer<typeof MailList>;

/** Requests that the control API takes, by what they do. */
export const requests = {
  sendEvent: z.strictObject({ topic: z.string(), payload: z.unknown() }),
  /** The held changes that are meant, by their hashes or by whom or what they are about; without them, all. */
  decide: z.strictObject({ only: z.array(z.string().min(1).max(1200)).max(10_000).optional() }),
  replay: z.strictObject({ payload: z.unknown().optional() }),
  transfer: z.strictObject({
    hub: z.string().optional(),
    id: TransferId.optional(),
    from: z.string().max(1200),
    to: z.string().max(1200),
    by: z.string().max(200).optional(),
    mode: TransferMode.optional(),
    dryRun: z.boolean().optional(),
  }),
  /** In a body, for addresses are logged. */
  why: z.strictObject({
    who: z
      .array(z.string().trim().min(1, "give a name, a login or an e-mail address").max(320))
      .min(1, "name somebody")
      .max(mostAskedAbout, `ask about ${mostAskedAbout} people at most`),
  }),
  /** In a body, for it may have been made of what somebody typed. */
  incident: z.strictObject({ key: z.string().max(200) }),
  giveClass: ClassRequest,
  /** In a body, as every name. */
  forget: z.strictObject({
    login: z.string().trim().min(1, "give a login").max(100),
    also: z.array(z.string().trim().min(3).max(320)).max(20).optional(),
    dryRun: z.boolean().optional(),
  }),
  undo: z.strictObject({ dryRun: z.boolean().optional() }),
  runFlow: z.strictObject({
    hub: z.string().optional(),
    dryRun: z.boolean().optional(),
    /** Of sync-members alone. */
    adopt: z.boolean().optional(),
    /** Of sync-members alone: this plan and no other, by its exact hash. */
    plan: PlanHash.optional(),
  }),
} as const;

/** An error of the control API, in the answer's body. */
export const ControlError = z.strictObject({ error: Explanation });

/** A hub's images, as the last run saw them; `behind` counts the releases that a reference has let pass. */
export const ImagesLine = z.strictObject({
  hub: z.string(),
  upstream: z.string(),
  files: z.string(),
  seen: CurrentImagesState.omit({ v: true, branch: true, refs: true })
    .extend({
      refs: z.array(CurrentImagesState.shape.refs.element.extend({ behind: z.number().int().optional() })),
    })
    .optional(),
  unreadable: Explanation.optional(),
});
export type ImagesLine = z.infer<typeof ImagesLine>;

/** The address that opens a session in a browser. What stands behind the # goes to no server and into no log. */
export const sessionLink = ({ origin, token }: { origin: string; token: string }): string =>
  `${origin}/session#token=${token}`;

export const answers = {
  images: z.strictObject({ hubs: z.array(ImagesLine) }),
  home: Home,
  expiries: z.strictObject({ expiries: z.array(ExpiryLine) }),
  checks: z.strictObject({ checks: z.array(CheckedLine) }),
  runs: z.strictObject({ runs: z.array(RunLine), next: z.string().optional() }),
  run: Run,
  /** A published event: the id by which its runs are found; where several hubs were meant, the first, and all of them. */
  published: z.strictObject({
    messageId: z.string(),
    all: z.array(z.strictObject({ hub: z.string(), messageId: z.string() })).optional(),
  }),
  events: z.strictObject({ events: z.array(EventLine) }),
  samples: z.strictObject({ samples: z.array(SampleEvent) }),
  schedules: z.strictObject({ schedules: z.array(ScheduleLine) }),
  incidents: z.strictObject({ open: z.array(IncidentLine), over: z.array(IncidentLine) }),
  undelivered: z.strictObject({ undelivered: z.array(UndeliveredLine) }),
  plans: z.strictObject({ plans: z.array(HeldPlanLine) }),
  plan: StoredPlan,
  members: MemberList,
  mails: MailList,
  quota: QuotaStatus,
  /** Those first who need something. */
  why: z.strictObject({ summary: z.string(), people: z.array(WhyPerson) }),
  classes: z.strictObject({ classes: z.array(ClassLine) }),
  class: ClassView,
  classGiven: z.strictObject({ said: z.string(), view: ClassView }),
  /** A page of its own, as HTML, without addresses. */
  classPage: z.strictObject({ html: z.string() }),
  transfers: z.strictObject({ transfers: z.array(TransferLine) }),
  transfer: TransferLine,
  receipt: z.strictObject({ receipt: TransferReceipt }),
  transferLog: z.strictObject({ lines: z.array(TransferLogLine) }),
  transferAsked: z.strictObject({ hub: z.string(), id: z.string(), messageId: z.string() }),
  done: z.strictObject({ ok: z.literal(true), said: z.string() }),
} as const;
