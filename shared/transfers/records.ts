// Records of a transfer, below transfers/: what was asked, its plan, its machines' reports, its receipt.
import * as z from "zod";
import { HubName } from "../events.ts";
import { Time, version } from "../records.ts";

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
});
export type RemoteObject = z.infer<typeof RemoteObject>;

/** transfers/<hub>/<id>/request.json: what was asked for, once. */
export const TransferAsked = z.strictObject({ v: version, from: z.string(), to: z.string(), at: Time });
export type TransferAsked = z.infer<typeof TransferAsked>;

/** transfers/<hub>/<id>/cancel.json: a person's word that it is to end. */
export const TransferCancelled = z.strictObject({ v: version, by: z.string(), at: Time });
export type TransferCancelled = z.infer<typeof TransferCancelled>;

/** Flags that rclone is run with: bounded by the machine's memory. */
export const RcloneFlags = z.strictObject({
  transfers: z.number().int(),
  checkers: z.number().int(),
  uploadConcurrency: z.number().int(),
  chunkMiB: z.number().int(),
  bufferMiB: z.number().int(),
});
export type RcloneFlags = z.infer<typeof RcloneFlags>;

/** The ledger's object that lists what a machine reads back, and its lines. */
const ReadList = z.strictObject({ list: z.string(), lines: z.number().int() });

/** Kinds of what a copy leaves behind beside the bytes, as far as objects were looked at. */
export const LeftBehind = z.strictObject({
  looked: z.number().int(),
  kinds: z.array(
    z.strictObject({ kind: z.string(), objects: z.number().int(), examples: z.array(z.string()) }),
  ),
});
export type LeftBehind = z.infer<typeof LeftBehind>;

/** A part of a transfer: what one machine at a time copies. */
export const Shard = z.strictObject({
  n: z.number().int(),
  objects: z.number().int(),
  bytes: z.number(),
  /** Bytes of those that are to be copied; absent where it is all of them, and none is only read back. */
  copyBytes: z.number().optional(),
  /** waiting: needs a machine. starting: one was asked for. running: one was made. */
  state: z.enum(["waiting", "starting", "running", "done", "failed"]),
  /** Counts machines, from 1: the fencing number of reports. */
  attempt: z.number().int(),
  /** Counts, from 0, the times that this attempt was asked for in vain: a new one asks by new request ids. */
  round: z.number().int().default(0),
  zone: z.string().optional(),
  /** Zones that had no room in this round. */
  full: z.array(z.string()),
  preemptions: z.number().int(),
  errors: z.number().int(),
  /** The ledger's object that lists what this attempt copies. */
  list: z.string(),
  /** Its lines; absent where they are all that is left. */
  lines: z.number().int().optional(),
  /** Lists of what this attempt reads back at an end; absent where it is nothing. */
  readBack: z.strictObject({ source: ReadList.optional(), target: ReadList.optional() }).optional(),
  left: z.strictObject({ objects: z.number().int(), bytes: z.number(), copyBytes: z.number().optional() }),
  /** Time at which the current machine was asked for. */
  since: Time.optional(),
  /** Time at which it was known to be there. */
  made: Time.optional(),
  /** Time of the first look that did not see it, of those after the last that did. */
  missed: Time.optional(),
  notBefore: Time.optional(),
});
export type Shard = z.infer<typeof Shard>;

/** head/transfers/<hub>/<id>.json: how a transfer stands. */
export const TransferState = z.strictObject({
  v: version,
  hub: HubName,
  id: z.string(),
  from: z.string(),
  to: z.string(),
  /** planned: nothing has begun. */
  state: z.enum(["planned", "running", "done", "incomplete", "failed", "cancelled"]),
  /** Names the plan. */
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
  leftBehind: LeftBehind.optional(),
  flags: RcloneFlags,
  machineType: z.string(),
  /** Dollars and hours that were expected beforehand, and their bounds. */
  dollars: z.number(),
  limitDollars: z.number(),
  hours: z.number(),
  limitHours: z.number(),
  shards: z.array(Shard),
  machines: z.number().int(),
  machineSeconds: z.number(),
  /** Machines whose lists were counted and that may be there still, as <shard>-<attempt>: the times until which they are counted. */
  ending: z.record(z.string(), Time).optional(),
  startedAt: Time,
  endedAt: Time.optional(),
  /** Reason why it is being stopped. */
  stopping: z.string().optional(),
  /** Budget of its hub that it waits for with no machine of its own, in words; it is looked at again then. */
  waits: z.strictObject({ for: z.string(), since: Time, until: Time }).optional(),
  /** Seconds that it waited so before: they are none of its hours. */
  waitedSeconds: z.number().optional(),
  /** One sentence for people on how it stands or ended. */
  said: z.string(),
});
export type TransferState = z.infer<typeof TransferState>;

/** Gives what a list of transfers shows, as the state's metadata. */
export const lineOf = ({ state, startedAt }: TransferState): Record<string, string> => ({ state, startedAt });

/** transfers/<hub>/<id>/reports/<shard>-<attempt>-<what>.json, written by a machine. */
export const MachineReport = z.object({
  v: version,
  state: z.enum(["progress", "done", "failed", "preempted"]),
  exit: z.number().int().optional(),
  bytes: z.number().optional(),
  objects: z.number().optional(),
  rclone: z.string().max(60).optional(),
  why: z.string().max(60).optional(),
  /** Objects that could not be copied, by why. */
  causes: z.record(z.string().max(20), z.number().int()).optional(),
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
  /**
   * Objects by what proves that their content is the same: MD5s or ETags of both listings (`md5`), an MD5 that a store was asked for
   * (`asked`), or their bytes, read back by a machine (`read`). `size`: nothing does but their size, which proves nothing.
   */
  verified: z.strictObject({
    md5: z.number().int(),
    asked: z.number().int().optional(),
    read: z.number().int().optional(),
    size: z.number().int(),
  }),
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
  /** Copied, and of another content than the source had: changed since, or damaged on the way. */
  changed: z.array(z.string()).optional(),
  /** Copied or there before, and not proved. */
  unproved: z.array(z.string()).optional(),
  unmovable: z.array(z.string()),
  /** Uploads in parts that machines had left open at the target; absent where it does not show them. */
  uploadsEnded: z.number().int().optional(),
  note: z.string().optional(),
});
export type TransferReceipt = z.infer<typeof TransferReceipt>;
