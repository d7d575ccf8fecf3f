// Records of the homes: the state of a hub, and each scan as it was.
import * as z from "zod";
import { HubName, Notice } from "../events.ts";
import { statusRenamed, Time, version, Waiting } from "../records.ts";
import { wordOr } from "../unknown-fields.ts";

const Bytes = z.number().min(0);
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

/** The status of a home: above nothing, the advice, the limit, or close to what is enforced. */
export const HomeStatus = z.enum(["ok", "advised", "warned", "urgent"]);
export type HomeStatus = z.infer<typeof HomeStatus>;
/** The worst stands for one that only a newer version knows: no person is told anew of a lesser one. */
const StoredStatus = wordOr(HomeStatus, "urgent");

/** Measure of a file that counts: the blocks that it takes, or its length. */
const SizeKind = z.enum(["allocated", "apparent"]);

const VolumeDay = z.strictObject({ day: Day, used: Bytes, size: Bytes });

/** Memory of one home. */
export const QuotaHome = statusRenamed(
  z.strictObject({
    bytes: Bytes,
    complete: z.boolean(),
    measuredAt: Time,
    entries: Bytes.optional(),
    lastTouched: Time.optional(),
    /** Bytes that the server enforces of it, where the source tells. */
    limit: Bytes.optional(),
    /** Of a day each, oldest first: for the growth in a mail. */
    past: z.array(z.strictObject({ day: Day, bytes: Bytes })),
    /** The person, where the sheet tells one. */
    login: z.string().optional(),
    status: StoredStatus,
    since: Time,
    /** Statuses of which the person was told since the home was last within the advice. */
    told: z.array(StoredStatus),
    /** Counts how often it came back under: a key of a message is of one time above. */
    episode: z.number().int(),
    /** Found above where it stands, by how many scans so far. */
    rising: z.strictObject({ to: StoredStatus, scans: z.number().int(), at: Time }).optional(),
    /** In how many complete scans in a row it was not there. */
    missing: z.number().int(),
  }),
);
export type QuotaHome = z.infer<typeof QuotaHome>;

/** Place of the volume among the marks of what is free. */
const VolumeLevel = z.strictObject({
  /** The lowest mark that it is below, as a share of its size; absent while there is room. */
  mark: z.number().min(0).max(1).optional(),
  since: Time,
  /** Counts how often it came below the first mark: a key of a message is of one time below. */
  episode: z.number().int(),
  /** Last message to the team. */
  toldAt: Time.optional(),
  /** Since when more is free than it takes to be above the mark again. */
  above: Time.optional(),
});
export type VolumeLevel = z.infer<typeof VolumeLevel>;

/** head/quota/<hub>.json: what the last scan of the homes said, and what is still to be told. */
export const QuotaState = z.strictObject({
  v: version,
  at: Time,
  scan: z
    .strictObject({
      source: wordOr(z.enum(["prometheus", "report"]), "report"),
      kind: wordOr(SizeKind, "apparent"),
      measuredAt: Time,
      complete: z.boolean(),
      notes: z.array(z.string()),
    })
    .optional(),
  /** The newest report that was read. */
  report: z.string().optional(),
  volume: z.strictObject({ bytes: Bytes, free: Bytes }).optional(),
  volumeLevel: VolumeLevel.optional(),
  /** A day each, oldest first. */
  volumeDays: z.array(VolumeDay),
  homes: z.record(z.string(), QuotaHome),
  /** Homes that two logins could have. */
  disputed: z.array(z.string()),
  /** Homes above a limit of which the team was told that nobody is known to them. */
  nobodyTold: z.array(z.string()),
  /** Notices written down before they are published: whoever dies in between leaves them to the next. */
  toTell: z.array(Notice),
  /** Homes that changed and wait for a person: nobody is told of them until one says so. */
  waiting: Waiting.optional(),
  /** The figures were only planned on: nothing was done about them yet. The homes stand by figures of this kind. */
  planned: z.strictObject({ kind: SizeKind.optional() }).optional(),
  /** Reason why the figures cannot be had, since when: said to the team once. */
  trouble: z
    .strictObject({
      kind: z.string(),
      since: Time,
      what: z.string(),
      next: z.string(),
      /** It was met by a plan, which tells nobody. */
      planned: z.literal(true).optional(),
    })
    .optional(),
});
export type QuotaState = z.infer<typeof QuotaState>;

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
