// The ledger's bucket: nobody outside, nothing lost for a week after it was deleted or replaced, and nothing kept for longer than
// the table of retention says.
import * as gcp from "@pulumi/gcp";
import { ledgerBucket } from "../shared/functions.ts";
import { retention } from "../shared/retention.ts";
import type { Ground } from "./ground.ts";

export type Ledger = {
  bucket: gcp.storage.Bucket;
  /** A managed folder, made at its first use. */
  folder: (name: string) => gcp.storage.ManagedFolder;
};

const weekSeconds = 7 * 86_400;

/** A rule for each number of days. */
const lifecycleRules = [...Map.groupBy(retention, ({ days }) => days)].flatMap(([age, rows]) =>
  age === "kept"
    ? []
    : [
        {
          action: { type: "Delete" },
          condition: { age, matchesPrefixes: rows.map(({ prefix }) => prefix) },
        },
      ],
);

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
      lifecycleRules,
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
