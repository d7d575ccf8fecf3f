// The kinds of stores that transfers go between: what follows from a kind for costs, networks, rights and names.
import type { Remote } from "../settings.ts";

type Store = {
  /** Says whether it lies in Google Cloud: its buckets are granted by roles, a machine reaches it without an address of its own. */
  inGoogle: boolean;
};

export const stores = {
  gcs: { inGoogle: true },
  s3: { inGoogle: false },
} as const satisfies Record<Remote["kind"], Store>;

/** Tells whether a remote lies in Google Cloud. */
export const isInGoogle = ({ kind }: Remote): boolean => stores[kind].inGoogle;

/** Tells whether a copy leaves Google Cloud, which costs by the gigabyte (https://cloud.google.com/storage/pricing#network-egress). */
export const leavesGoogle = (from: Remote, to: Remote): boolean => isInGoogle(from) && !isInGoogle(to);

/** Names the bucket among those of all stores: two remotes may name one. */
export function bucketOf(remote: Remote): string {
  switch (remote.kind) {
    case "gcs":
      return ` ${remote.bucket}`;
    case "s3":
      return `${remote.endpoint} ${remote.bucket}`;
    default:
      return remote satisfies never;
  }
}

/**
 * Tells whether a store is known to list names in the order of their bytes. Others may list folder by folder, as the file system does that
 * they keep objects in (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html).
 */
export const isOrderKnown = (remote: Remote): boolean => remote.kind === "gcs" || remote.provider !== "Other";
