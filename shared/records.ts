// What is kept in the ledger, by folder. Every record carries `v`; a record of a newer version is refused with a sentence
// rather than misread. The records hold people's names: they stay in the bucket and on the console's pages.
import { z } from "zod";
import { HubName, Notice } from "./events.ts";

const version = z.literal(1);
const Time = z.iso.datetime();

export const Explained = z.strictObject({ what: z.string(), why: z.string(), next: z.string() });

/** A change outside ledger and history. `do` names it; the rest says on what. */
export const Effect = z.looseObject({ do: z.string() });
export type Effect = z.infer<typeof Effect>;

/** A change to a team. `why` is for people. */
export const MemberAction = z.strictObject({
  do: z.enum(["invite", "add", "remove", "cancel-invitation"]),
  login: z.string(),
  team: z.string(),
  why: z.string(),
});
export type MemberAction = z.infer<typeof MemberAction>;

export const Rejected = z.strictObject({
  /** A1 address, "C12". */
  cell: z.string(),
  value: z.string(),
  why: z.string(),
  suggestion: z.string().optional(),
});
export type Rejected = z.infer<typeof Rejected>;

export const MembersPlan = z.strictObject({
  /** Names what is held: an approval counts for this hash and no other. */
  hash: z.string(),
  actions: z.array(MemberAction),
  held: z.array(MemberAction),
  rejected: z.array(Rejected),
});
export type MembersPlan = z.infer<typeof MembersPlan>;

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
  plan: MembersPlan.optional(),
  /** How many changes a plan would make, where it is no list of its own. */
  pending: z.number().int().optional(),
  error: Explained.optional(),
  startedAt: Time,
  durationMs: z.number(),
});
export type Run = z.infer<typeof Run>;

/** undelivered/<message id>.json: an event that no attempt could finish, or a mail whose outcome nobody knows. */
export const Undelivered = z.strictObject({
  v: version,
  id: z.string(),
  topic: z.string(),
  function: z.string(),
  hub: HubName.optional(),
  /** The event as it came: JSON where it was JSON, else its text. */
  payload: z.unknown(),
  attempts: z.number().int(),
  reason: Explained,
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

/** plans/<hub>/<hash>.json: what waits for a person's word. */
export const HeldPlan = z.strictObject({
  v: version,
  hub: HubName,
  flow: z.string(),
  reason: z.string(),
  plan: MembersPlan,
  madeAt: Time,
});
export type HeldPlan = z.infer<typeof HeldPlan>;

/** approvals/<hub>/<hash>/<time>.json: a person's word on a plan. The newest counts, for as long as the settings say. */
export const Approval = z.strictObject({
  v: version,
  verdict: z.enum(["approved", "rejected"]),
  by: z.string(),
  at: Time,
});
export type Approval = z.infer<typeof Approval>;

/** Where a person of the sheet stands. */
export const Standing = z.enum([
  "in-team",
  "invited",
  "to-invite",
  "expired",
  "no-such-user",
  "failed-invitation",
  "held",
]);

/** head/members/<hub>.json: what the last run of sync-members saw, and what it still has to tell people. */
export const MembersHead = z.strictObject({
  v: version,
  at: Time,
  /** Of the relevant cells: an edit that changes none of them needs no look at GitHub. Absent after an unfinished run. */
  digest: z.string().optional(),
  goodRows: z.number().int(),
  people: z.array(
    z.strictObject({
      login: z.string(),
      email: z.string(),
      name: z.string(),
      tier: z.string(),
      team: z.string(),
      cell: z.string(),
      standing: Standing,
      since: Time,
    }),
  ),
  rejected: z.array(Rejected),
  /** Lower-case logins that the sheet has named: only they are ever removed. */
  known: z.record(
    z.string(),
    z.strictObject({
      id: z.number().int().optional(),
      /** How often invited, and when last: nobody is asked for ever. */
      invitations: z.number().int(),
      invitedAt: Time.optional(),
    }),
  ),
  /** People to be told that they were invited or added, written before the act: by login. */
  announce: z.record(z.string(), z.strictObject({ key: z.string(), email: z.string(), team: z.string() })),
  /** Members of managed teams that the sheet has never named: reported, left alone. */
  unmanaged: z.array(z.strictObject({ login: z.string(), team: z.string() })),
  /** The plan that waits for a person now. */
  waiting: z.strictObject({ hash: z.string(), held: z.number().int(), since: Time }).optional(),
});
export type MembersHead = z.infer<typeof MembersHead>;

/** Nobody is asked for ever: so many invitations to one person, and days between two of them. */
export const invitationBudget = { times: 3, daysBetween: 7 };

const Bytes = z.number().min(0);
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

/** Where a home stands: above nothing, the advice, the limit, or close to what is enforced. */
export const QuotaStanding = z.enum(["ok", "advised", "warned", "urgent"]);
export type QuotaStanding = z.infer<typeof QuotaStanding>;

const VolumeDay = z.strictObject({ day: Day, used: Bytes, size: Bytes });

/** What is remembered of one home. */
export const QuotaHome = z.strictObject({
  bytes: Bytes,
  complete: z.boolean(),
  measuredAt: Time,
  entries: Bytes.optional(),
  lastTouched: Time.optional(),
  /** Of a day each, oldest first: for the growth in a mail. */
  past: z.array(z.strictObject({ day: Day, bytes: Bytes })),
  /** The person, where the sheet tells one. */
  login: z.string().optional(),
  standing: QuotaStanding,
  since: Time,
  /** Standings of which the person was told since the home was last within the advice. */
  told: z.array(QuotaStanding),
  /** Counts how often it came back under: a key of a message is of one time above. */
  episode: z.number().int(),
  /** Found above where it stands, by how many scans so far. */
  rising: z.strictObject({ to: QuotaStanding, scans: z.number().int(), at: Time }).optional(),
  /** In how many complete scans in a row it was not there. */
  missing: z.number().int(),
});
export type QuotaHome = z.infer<typeof QuotaHome>;

/** head/quota/<hub>.json: what the last scan of the homes said, and what is still to be told. */
export const QuotaHead = z.strictObject({
  v: version,
  at: Time,
  scan: z
    .strictObject({
      source: z.enum(["prometheus", "report"]),
      kind: z.enum(["allocated", "apparent"]),
      measuredAt: Time,
      complete: z.boolean(),
      notes: z.array(z.string()),
    })
    .optional(),
  /** The newest report that was read. */
  report: z.string().optional(),
  volume: z.strictObject({ bytes: Bytes, free: Bytes }).optional(),
  /** The team was told that little is free, and how often so far. */
  volumeLow: z.boolean(),
  volumeEpisode: z.number().int(),
  /** A day each, oldest first. */
  volumeDays: z.array(VolumeDay),
  homes: z.record(z.string(), QuotaHome),
  /** Homes that two logins could have. */
  disputed: z.array(z.string()),
  /** Homes above a limit of which the team was told that nobody is known to them. */
  nobodyTold: z.array(z.string()),
  /** Notices written down before they are published: whoever dies in between leaves them to the next. */
  toTell: z.array(Notice),
  /** Too many homes changed at once: nobody is told until a person says so. */
  waiting: z
    .strictObject({ hash: z.string(), held: z.number().int(), since: Time, because: z.string() })
    .optional(),
  /** Why the figures cannot be had, since when: said to the team once. */
  trouble: z.strictObject({ kind: z.string(), since: Time, what: z.string(), next: z.string() }).optional(),
});
export type QuotaHead = z.infer<typeof QuotaHead>;

/** history/quota/<hub>/<day>/<time>.json: one scan as it was. */
export const QuotaHistory = z.strictObject({
  v: version,
  hub: HubName,
  measuredAt: Time,
  source: z.string(),
  kind: z.string(),
  complete: z.boolean(),
  volume: z.strictObject({ bytes: Bytes, free: Bytes }).optional(),
  homes: z.array(z.strictObject({ directory: z.string(), bytes: Bytes, complete: z.boolean() })),
});
export type QuotaHistory = z.infer<typeof QuotaHistory>;
/** Whether a release's image is what its commit built: the digests of its tag and of its build. */
export const ImageEvidence = z.strictObject({
  image: z.string(),
  tag: z.string(),
  /** The tag that names the build: the first letters of the commit. */
  build: z.string(),
  tagDigest: z.string().optional(),
  buildDigest: z.string().optional(),
});
export type ImageEvidence = z.infer<typeof ImageEvidence>;

/** head/images/<hub>.json: what the last run of bump-image saw, and what it has pushed. */
export const ImagesHead = z.strictObject({
  v: version,
  at: Time,
  /** current: nothing to move. proposed: a pull request or a branch waits. waiting: images are not there yet. */
  standing: z.enum(["current", "planned", "proposed", "waiting", "held", "ignored", "hands-off"]),
  /** One line for people. */
  sentence: z.string(),
  /** The newest release, and those before it, newest first. */
  releases: z.array(z.string()),
  refs: z.array(
    z.strictObject({
      file: z.string(),
      line: z.number().int(),
      image: z.string(),
      tag: z.string(),
      /** Why it is left where it is, if it is. */
      left: z.string().optional(),
    }),
  ),
  /** Files that could not be read, and why. */
  unread: z.array(z.strictObject({ file: z.string(), why: z.string() })),
  evidence: z.array(ImageEvidence),
  /** What stands on our branch: its commit, what it changes, and a commit that we were about to put there. */
  branch: z.strictObject({ sha: z.string(), edit: z.string(), pushing: z.string().optional() }).optional(),
  proposal: z
    .strictObject({ tag: z.string(), url: z.string(), number: z.number().int().optional() })
    .optional(),
  /** A release whose images are not as they should be: since when, and how often they were looked at. */
  waiting: z.strictObject({ tag: z.string(), since: Time, looks: z.number().int() }).optional(),
});
export type ImagesHead = z.infer<typeof ImagesHead>;

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

/** head/continue/<function>/<hub>.json: work that goes on later. */
export const Continue = z.strictObject({
  v: version,
  at: Time,
  topic: z.string(),
  payload: z.unknown(),
  /** Already published again; kept so that a crash in between is harmless. */
  published: z.boolean(),
  /** Being published now: whoever wishes to go on meanwhile wishes for something later. */
  publishing: z.boolean().optional(),
});
export type Continue = z.infer<typeof Continue>;

/** head/watch/<hub>.json: the Drive channel that is open now. */
export const Watch = z.strictObject({
  v: version,
  channelId: z.string(),
  resourceId: z.string(),
  /** Where it calls: a door that has moved needs a new channel. */
  address: z.url(),
  expires: Time,
});
export type Watch = z.infer<typeof Watch>;

/** notices/<hub>/<key>/<n>-claim.json and <n>-outcome.json */
export const NoticeClaim = z.strictObject({ v: version, messageId: z.string(), at: Time });
export type NoticeClaim = z.infer<typeof NoticeClaim>;
export const NoticeOutcome = z.strictObject({
  v: version,
  outcome: z.enum(["sent", "not-sent", "unknown"]),
  at: Time,
});
export type NoticeOutcome = z.infer<typeof NoticeOutcome>;

/** What a remote calls one of its objects. `md5` in hex; absent where the store does not know it. */
export const RemoteObject = z.object({ name: z.string(), size: z.number(), md5: z.string().optional() });
export type RemoteObject = z.infer<typeof RemoteObject>;

/** transfers/<hub>/<id>/request.json: what was asked for, once. */
export const TransferAsked = z.strictObject({ v: version, from: z.string(), to: z.string(), at: Time });
export type TransferAsked = z.infer<typeof TransferAsked>;

/** transfers/<hub>/<id>/cancel.json: a person's word that it is to end. */
export const TransferCancelled = z.strictObject({ v: version, by: z.string(), at: Time });
export type TransferCancelled = z.infer<typeof TransferCancelled>;

/** How rclone is run: bounded by the machine's memory. */
export const RcloneFlags = z.strictObject({
  transfers: z.number().int(),
  checkers: z.number().int(),
  uploadConcurrency: z.number().int(),
  chunkMiB: z.number().int(),
  bufferMiB: z.number().int(),
});
export type RcloneFlags = z.infer<typeof RcloneFlags>;

/** A part of a transfer: what one machine at a time copies. */
export const Shard = z.strictObject({
  n: z.number().int(),
  objects: z.number().int(),
  bytes: z.number(),
  /** waiting: needs a machine. starting: one was asked for. running: one was made. */
  state: z.enum(["waiting", "starting", "running", "done", "failed"]),
  /** Counts machines, from 1: the fencing number of reports. */
  attempt: z.number().int(),
  zone: z.string().optional(),
  /** Zones that had no room since the last machine was made. */
  full: z.array(z.string()),
  preemptions: z.number().int(),
  errors: z.number().int(),
  /** The ledger's object that lists what this attempt copies. */
  list: z.string(),
  left: z.strictObject({ objects: z.number().int(), bytes: z.number() }),
  /** When the current machine was asked for. */
  since: Time.optional(),
  notBefore: Time.optional(),
});
export type Shard = z.infer<typeof Shard>;

/** head/transfers/<hub>/<id>.json: how a transfer stands. */
export const TransferHead = z.strictObject({
  v: version,
  hub: HubName,
  id: z.string(),
  from: z.string(),
  to: z.string(),
  state: z.enum(["running", "done", "incomplete", "failed", "cancelled"]),
  /** Names the plan: of manifest, flags and limits. */
  hash: z.string(),
  /** The ledger's object that lists everything to be there in the end, and its SHA-256. */
  manifest: z.string(),
  sha256: z.string(),
  objects: z.number().int(),
  bytes: z.number(),
  /** There already, with the same content. */
  already: z.number().int(),
  /** There already, with another content: left alone. */
  conflicts: z.number().int(),
  /** Of a name that rclone would change or lose. */
  unmovable: z.number().int(),
  flags: RcloneFlags,
  machineType: z.string(),
  /** What was expected beforehand, and the bound. */
  dollars: z.number(),
  limitDollars: z.number(),
  hours: z.number(),
  limitHours: z.number(),
  shards: z.array(Shard),
  machines: z.number().int(),
  machineSeconds: z.number(),
  startedAt: Time,
  endedAt: Time.optional(),
  /** Why it is being stopped. */
  stopping: z.string().optional(),
  /** One sentence for people on how it stands or ended. */
  said: z.string(),
});
export type TransferHead = z.infer<typeof TransferHead>;

/** transfers/<hub>/<id>/reports/<shard>-<attempt>-<what>.json, written by a machine. */
export const MachineReport = z.object({
  v: version,
  state: z.enum(["progress", "done", "failed", "preempted"]),
  exit: z.number().int().optional(),
  bytes: z.number().optional(),
  objects: z.number().optional(),
  rclone: z.string().max(60).optional(),
  why: z.string().max(60).optional(),
});
export type MachineReport = z.infer<typeof MachineReport>;

/** transfers/<hub>/<id>/receipt.json: what came of it. */
export const TransferReceipt = z.strictObject({
  v: version,
  id: z.string(),
  from: z.string(),
  to: z.string(),
  state: z.enum(["done", "incomplete", "failed", "cancelled"]),
  said: z.string(),
  objects: z.number().int(),
  bytes: z.number(),
  copied: z.number().int(),
  already: z.number().int(),
  missing: z.number().int(),
  /** Objects by how they were compared: content by MD5 at both ends, or size alone. */
  verified: z.strictObject({ md5: z.number().int(), size: z.number().int() }),
  manifestSha256: z.string(),
  flags: RcloneFlags,
  rclone: z.array(z.string()),
  machines: z.number().int(),
  preemptions: z.number().int(),
  errors: z.number().int(),
  machineHours: z.number(),
  dollars: z.number(),
  startedAt: Time,
  endedAt: Time,
  /** At most 1,000 names each. */
  notThere: z.array(z.string()),
  conflicts: z.array(z.string()),
  unmovable: z.array(z.string()),
  /** Uploads in parts that machines had left open at the target; absent where it does not show them. */
  uploadsEnded: z.number().int().optional(),
  note: z.string().optional(),
});
export type TransferReceipt = z.infer<typeof TransferReceipt>;
