// The ledger's bucket: nobody outside, nothing lost for a week after it was deleted or replaced, and no end for what keeps
// a mail from being sent twice.
import * as gcp from "@pulumi/gcp";
import { ledgerBucket } from "../shared/functions.ts";
import type { Ground } from "./ground.ts";

export type Ledger = {
  bucket: gcp.storage.Bucket;
  /** A managed folder, made at its first use. */
  folder: (name: string) => gcp.storage.ManagedFolder;
};

const weekSeconds = 7 * 86_400;
/** Days for which runs and plans are kept. They have names in them, and are not kept for ever. */
const daysOfRuns = 90;

export function ledger({ project, region, after }: Ground): Ledger {
  const bucket = new gcp.storage.Bucket(
    "ledger",
    {
      project,
      name: ledgerBucket(project),
      location: region.toUpperCase(),
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      softDeletePolicy: { retentionDurationSeconds: weekSeconds },
      lifecycleRules: [
        {
          action: { type: "Delete" },
          condition: { age: daysOfRuns, matchesPrefixes: ["runs/", "plans/"] },
        },
      ],
      forceDestroy: false,
    },
    { ...after, protect: true },
  );
  const folders = new Map<string, gcp.storage.ManagedFolder>();
  return {
    bucket,
    folder(name) {
      const word = name.replace(/\/$/, "").replaceAll("/", "-");
      const folder =
        folders.get(name) ?? new gcp.storage.ManagedFolder(`ledger-${word}`, { bucket: bucket.name, name });
      folders.set(name, folder);
      return folder;
    },
  };
}
