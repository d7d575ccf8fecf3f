// Records of a transfer, below transfers/: what was asked, its plan, its machines' reports, its receipt.
import * as z from "zod";
import { HubName, TransferMode } from "../events.ts";
import { Time, version, Waiting } from "../records.ts";
import { StorageClass } from "../remotes/classes.ts";
import { wordOr } from "../unknown-fields.ts";
import { Figures } from "./figures.ts";
import { paceLine } from "./pace.ts";
import { Point } from "./rate.ts";

/**
 * Object of a remote, under the remote's own name. `md5` in hex; absent where the store does not say it. `etag` of an S3 store: most
 * often an MD5, of the bytes or of the MD5s of parts, and neither where the store encrypts
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html).
 */
export const RemoteObject = z.object({
  name: z.string(),
  size: z.number(),
  md5: z.string().optional(),
  etag: z.string().optional(),
  /** Generation in Cloud Storage, of an object of which it knows no MD5. */
  generation: z.string().optional(),
  /** Absent where it is read at once and without a fee. */
  storageClass: StorageClass.optional(),
});
export type RemoteObject = z.infer<typeof RemoteObject>;

/** transfers/<hub>/<id>/request.json: what was asked for, once. `by`: a name that was typed. */
export const TransferAsked = z.strictObject({
  v: version,
  from: z.string(),
  to: z.string(),
  at: Time,
  by: z.string().optional(),
  mode: TransferMode.optional(),
});
export type TransferAsked = z.infer<typeof TransferAsked>;

/** transfers/<hub>/<id>/cancel.json: a person's word that it is to end. */
export const TransferCancelled = z.strictObject({ v: version, by: z.string(), at: Time });
export type TransferCancelled = z.infer<typeof TransferCancelled>;

/** Flags that rclone is run with for a list: bounded by the machine's memory. */
export const RcloneFlags = z.strictObject({
  transfers: z.number().int(),
  checkers: z.number().int(),
  uploadConcurrency: z.number().int(),
  chunkMiB: z.number().int(),
  bufferMiB: z.number().int(),
});
export type RcloneFlags = z.infer<typeof RcloneFlags>;

/** A file of the ledger with a line an object, and its lines. */
const Names = z.strictObject({ file: z.string(), lines: z.number().int() });

/** Kinds of what a copy leaves behind beside the bytes, as far as objects were looked at. */
export const LeftBehind = z.strictObject({
  looked: z.number().int(),
  kinds: z.array(
    z.strictObject({ kind: z.string(), objects: z.number().int(), examples: z.array(z.string()) }),
  ),
});
export type LeftBehind = z.infer<typeof LeftBehind>;

/** Objects, and their bytes; `copyBytes` are those that leave a store: absent where it is all, and nothing is only read back. */
const Size = z.strictObject({
  objects: z.number().int(),
  bytes: z.number(),
  copyBytes: z.number().optional(),
});
export type Size = z.infer<typeof Size>;

/** Objects and bytes that machines have sent, those with them that they sent in vain. */
export const Sent = z.strictObject({ objects: z.number().int(), bytes: z.number() });
export type Sent = z.infer<typeof Sent>;

/** Objects that the target loses, their bytes, and at most 1,000 names. */
export const Losses = z.strictObject({
  objects: z.number().int(),
  bytes: z.number(),
  names: z.array(z.string()),
});
export type Losses = z.infer<typeof Losses>;

/** Objects of the source whose names follow each other, as a listing found them, and how they were at the target by then. */
export const Part = z.strictObject({
  n: z.number().int(),
  /** The ledger's object that lists them, and its SHA-256. */
  manifest: z.string(),
  sha256: z.string(),
  /** Names between which they lie: after one, and through another; as far as there are any where one is absent. */
  after: z.string().optional(),
  through: z.string().optional(),
  objects: z.number().int(),
  bytes: z.number(),
  /** There already, with the same content. */
  already: z.number().int(),
  /** There already, with another content: left alone. */
  conflicts: z.number().int(),
  /** Of a name that rclone would change or lose. */
  unmovable: z.number().int(),
});
export type Part = z.infer<typeof Part>;

/** Work that a machine takes whole: some of a part's objects. */
export const WorkList = z.strictObject({
  n: z.number().int(),
  part: z.number().int(),
  ...Size.shape,
  left: Size,
  /** Sum of what machines have sent that are gone, or have ended with an attempt, as far as they said so or it was seen to arrive. */
  sent: Sent.optional(),
  /** open: a machine may take it, or has. */
  state: z.enum(["open", "done", "failed"]),
  /** Counts, from 1, how often what was left of it was listed anew. */
  attempt: z.number().int(),
  errors: z.number().int(),
  flags: RcloneFlags,
  /** Objects of the target are deleted: it is taken when all others are done. */
  deletes: z.literal(true).optional(),
  /** Names that rclone copies in this attempt, and those that it reads back at an end; absent where there are none. */
  copy: Names.optional(),
  /** Objects that the mover carries, a line of JSON each. */
  move: Names.optional(),
  source: Names.optional(),
  target: Names.optional(),
});
export type WorkList = z.infer<typeof WorkList>;

const Megabytes = z.number().int().min(0);

/** Memory, network and disk of a machine, as its system counts them. */
export const MachineFigures = z.object({
  memoryMB: Megabytes,
  memoryUsedMB: Megabytes,
  receivedMB: Megabytes,
  sentMB: Megabytes,
  diskFreeMB: Megabytes,
});
export type MachineFigures = z.infer<typeof MachineFigures>;

/** A machine's place: of its name there is one machine at a time, which takes list after list. */
export const Shard = z.strictObject({
  n: z.number().int(),
  /** waiting: needs a machine. starting: one was asked for. running: one was made. done: its last one found nothing more to take. */
  state: z.enum(["waiting", "starting", "running", "done", "failed"]),
  /** Counts machines, from 1: the fencing number of reports. */
  attempt: z.number().int(),
  /** Counts, from 0, the times that this attempt was asked for in vain: a new one asks by new request ids. */
  round: z.number().int().default(0),
  /** Place of the current machine; without a type it is of the first one, without `standard` it is Spot. */
  zone: z.string().optional(),
  type: z.string().optional(),
  standard: z.literal(true).optional(),
  /** Places that had no room in this round. */
  full: z.array(z.string()),
  preemptions: z.number().int(),
  errors: z.number().int(),
  /** Time at which the current machine was asked for. */
  since: Time.optional(),
  /** Time at which it was known to be there. */
  made: Time.optional(),
  /** Time of the first look that did not see it, of those after the last that did. */
  missed: Time.optional(),
  notBefore: Time.optional(),
  /** Figures of its last machine, by its last word. */
  ops: MachineFigures.optional(),
});
export type Shard = z.infer<typeof Shard>;

/** head/transfers/<hub>/<id>.json: how a transfer stands. */
export const TransferState = z.strictObject({
  v: version,
  hub: HubName,
  id: z.string(),
  from: z.string(),
  to: z.string(),
  /** Name of who asked, as it was typed. */
  by: z.string().optional(),
  /** planned: only a plan was asked for. waiting: nothing has begun yet. not-begun: nothing will. */
  state: z.enum(["planned", "waiting", "running", "done", "incomplete", "failed", "cancelled", "not-begun"]),
  /** Names the plan. */
  hash: z.string(),
  /** SHA-256 of all that is to be there in the end: of its parts' sums, one after the other. */
  sha256: z.string(),
  objects: z.number().int(),
  bytes: z.number(),
  /** There already, with the same content. */
  already: z.number().int(),
  /** There already, with another content: left alone. */
  conflicts: z.number().int(),
  /** Of a name that rclone would change or lose. */
  unmovable: z.number().int(),
  leftBehind: LeftBehind.optional(),
  machineType: z.string(),
  /** Figures of the plan; absent in states of before. */
  figures: Figures.optional(),
  /** Dollars and hours that were expected beforehand, and their bounds. */
  dollars: z.number(),
  limitDollars: z.number(),
  hours: z.number(),
  limitHours: z.number(),
  /** Absent in a transfer that an earlier version began: it had none. */
  parts: z.array(Part).optional(),
  lists: z.array(WorkList).optional(),
  /** update: what differs at the target is replaced. sync: what the target alone has is deleted too. Absent: objects are only added. */
  mode: TransferMode.optional(),
  /** Objects of the target that the plan has named, to be replaced and to be deleted. */
  replaces: Losses.optional(),
  deletes: Losses.optional(),
  /** The source is one object, and no folder. */
  single: z.literal(true).optional(),
  /** A store lists names in no order: it is asked for all of them at once. */
  unordered: z.literal(true).optional(),
  shards: z.array(Shard),
  machines: z.number().int(),
  machineSeconds: z.number(),
  /** Machines whose lists were counted and that may be there still, as <shard>-<attempt>: the times until which they are counted. */
  ending: z.record(z.string(), Time).optional(),
  startedAt: Time,
  endedAt: Time.optional(),
  /** Kind of what machines are short of, and since when: a round through all places gave none. Gone with the next one made. */
  short: z.strictObject({ of: wordOr(z.enum(["room", "quota"]), "room"), since: Time }).optional(),
  /** Dollars that machines which are over have cost beyond the price of a Spot one of the first type. */
  dearer: z.number().optional(),
  /** Times of the last machines that Google took away. */
  takenAway: z.array(Time).optional(),
  /** Reason why it is being stopped. */
  stopping: z.string().optional(),
  /** Something that it waits for with no machine of its own, in words; it is looked at again then. */
  waits: z
    .strictObject({
      for: z.string(),
      since: Time,
      until: Time,
      /** Something that people can do about it. */
      next: z.string().optional(),
      /** It does not begin any more then. */
      ends: z.literal(true).optional(),
      /** Only a person helps. */
      lasting: z.literal(true).optional(),
      /** A store refuses everything for now. */
      refused: z.literal(true).optional(),
      /** The team has had a message about it. */
      told: z.literal(true).optional(),
    })
    .optional(),
  /** Time at which none of its machines was there any more. */
  quietSince: Time.optional(),
  /** Plan that waits for a person. */
  waiting: Waiting.optional(),
  /** Seconds that it waited so before: they are none of its hours. */
  waitedSeconds: z.number().optional(),
  /** Progress at looks, from the first to the last one. */
  history: z.array(Point).optional(),
  /** Percent of it that the team was told of last; 0: that it has begun. */
  told: z.number().int().optional(),
  /** One sentence for people on how it stands or ended. */
  said: z.string(),
});
export type TransferState = z.infer<typeof TransferState>;

/** Gives what a list of transfers shows, as the state's metadata; of one that is done, its pace as well. */
export const lineOf = (transfer: TransferState): Record<string, string> => ({
  state: transfer.state,
  startedAt: transfer.startedAt,
  ...paceLine(transfer),
});

/**
 * transfers/<hub>/<id>/reports/<shard>-<attempt>-<what>.json, and list-<list>-<attempt>-<what>.json, written by a machine when it or a list
 * has ended; leases/<hub>/<id>/machine-<shard>-<attempt>.json, which it replaces while it copies.
 */
export const MachineReport = z.object({
  v: version,
  state: z.enum(["progress", "done", "failed", "preempted"]),
  exit: z.number().int().optional(),
  /** List in hand, of which the numbers are. */
  list: z.string().max(30).optional(),
  bytes: z.number().optional(),
  objects: z.number().optional(),
  rclone: z.string().max(60).optional(),
  why: z.string().max(60).optional(),
  /** Absent where its system does not tell. */
  ops: MachineFigures.optional(),
  /** Objects that could not be copied, by why. */
  causes: z.record(z.string().max(20), z.number().int()).optional(),
});
export type MachineReport = z.infer<typeof MachineReport>;
