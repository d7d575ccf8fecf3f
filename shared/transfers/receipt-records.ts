// Records of what came of a transfer, below transfers/: its parts' checks and its receipt.
import * as z from "zod";
import { Time, version } from "../records.ts";
import { Dollars } from "./figures.ts";
import { ReceiptFile } from "./receipt-lines.ts";

/**
 * Objects by what proves that their content is the same: MD5s or ETags of both listings (`md5`), an MD5 that a store was asked for
 * (`asked`), or their bytes, read back by a machine (`read`). `size`: nothing does but their size, which proves nothing.
 */
const Verified = z.strictObject({
  md5: z.number().int(),
  asked: z.number().int().optional(),
  read: z.number().int().optional(),
  size: z.number().int(),
});

const Count = z.number().int();

const Left = z.record(z.string(), Count);

/** Objects, of which at most 1,000 are named. */
const Some = z.strictObject({ objects: Count, names: z.array(z.string()) });

/**
 * Objects that were deleted, changed or added at the source between the plan and the end, whatever came of them at the target; `unseen`: why nobody
 * knows of some.
 */
export const Since = z.strictObject({
  deleted: Some,
  changed: Some,
  added: Some,
  unseen: z.string().optional(),
});
export type Since = z.infer<typeof Since>;

/** transfers/<hub>/<id>/checks/<part>.json: what came of a part's objects. */
export const PartChecked = z.strictObject({
  v: version,
  copied: Count,
  already: Count,
  /** Not there, and nothing that was done at the source says why. */
  missing: Count,
  /** Copied, and of another content than the source had. */
  changed: Count,
  /** Of another content, and left alone. */
  conflicts: Count,
  unproved: z.strictObject({ copied: Count, already: Count }),
  unmovable: Count,
  /** Objects of the target that were replaced, those that were deleted, and those that were to be deleted and are still there. */
  replaced: Count.optional(),
  deleted: Count.optional(),
  kept: Count.optional(),
  /** Not there, as they were deleted at the source; and not there or another one, as they were changed at the source. */
  gone: Count.optional(),
  overtaken: Count.optional(),
  /** Absent where an earlier version has checked it. */
  since: Since.optional(),
  verified: Verified,
  /** Objects by the kinds beside their bytes that the target could not be told. */
  left: Left.optional(),
  /** Lines of its objects; absent where an earlier version has checked it. */
  whole: ReceiptFile.optional(),
  /** At most 1,000 names each. */
  names: z.strictObject({
    missing: z.array(z.string()),
    changed: z.array(z.string()),
    conflicts: z.array(z.string()),
    unproved: z.array(z.string()),
    unmovable: z.array(z.string()),
    kept: z.array(z.string()).optional(),
  }),
});
export type PartChecked = z.infer<typeof PartChecked>;

/** A folder of a bucket; `only`: one object in it. */
const Target = z.strictObject({
  kind: z.string(),
  bucket: z.string(),
  endpoint: z.string().optional(),
  region: z.string().optional(),
  /** Word of rclone for the kind of store. */
  provider: z.string().optional(),
  path: z.string(),
  only: z.string().optional(),
});

/** transfers/<hub>/<id>/receipt.json: what came of it. */
export const TransferReceipt = z.strictObject({
  v: version,
  id: z.string(),
  from: z.string(),
  to: z.string(),
  /** Name of who asked, as it was typed. */
  by: z.string().optional(),
  state: z.enum(["done", "incomplete", "failed", "cancelled"]),
  said: z.string(),
  objects: z.number().int(),
  bytes: z.number(),
  copied: z.number().int(),
  already: z.number().int(),
  missing: z.number().int(),
  verified: Verified,
  manifestSha256: z.string(),
  rclone: z.array(z.string()),
  machines: z.number().int(),
  preemptions: z.number().int(),
  errors: z.number().int(),
  machineHours: z.number(),
  dollars: z.number(),
  /** Those dollars by what took them; absent in receipts of before. */
  dollarsFor: Dollars.optional(),
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
  /** Objects of the target that were replaced, and those that were deleted. */
  replaced: z.number().int().optional(),
  deleted: z.number().int().optional(),
  /** Those that were to be deleted and are still there: at most 1,000 names. */
  kept: z.array(z.string()).optional(),
  /** Not there, or another one, as they were deleted or changed at the source. */
  gone: z.number().int().optional(),
  overtaken: z.number().int().optional(),
  /** Absent where nothing was done at the source, and in receipts of before. */
  since: Since.optional(),
  /** Uploads in parts that machines had left open at the target; absent where it does not show them. */
  uploadsEnded: z.number().int().optional(),
  /** Uploads of others below the target, which were left alone. */
  uploadsLeft: z.number().int().optional(),
  note: z.string().optional(),
  /** Place of the target, by which it is found when the settings have forgotten it. */
  target: Target.optional(),
  left: Left.optional(),
  /** Objects of which no more than 1,000 are named; absent in receipts of before. */
  others: z.strictObject({ changed: Count, conflicts: Count, unmovable: Count }).optional(),
  /** All objects, a line each, in the order of names; absent in receipts of before. */
  whole: z.array(ReceiptFile).optional(),
});
export type TransferReceipt = z.infer<typeof TransferReceipt>;
