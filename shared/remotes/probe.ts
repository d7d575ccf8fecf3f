// Asks whether a remote answers at all, with the rights or the keys that a transfer has: by the listing of one object.
import type { Storage } from "@google-cloud/storage";
import type { Remote } from "../settings.ts";
import { listed } from "../storage-pages.ts";
import { listingOf, refusedBy, type S3Deps, s3Of } from "./s3.ts";

/** Settles where the remote may be listed; throws a `Failure` where it refuses, or does not answer. */
export type Probe = (name: string, remote: Remote) => Promise<void>;

/** Makes what asks remotes. Nothing is written, so whether a remote may be written to shows with a transfer alone. */
export const prober =
  (deps: S3Deps & { storage: () => Promise<Storage> }): Probe =>
  async (name, remote) => {
    switch (remote.kind) {
      case "gcs": {
        const asked = { what: `the remote ${name} cannot be listed`, whose: "remote" } as const;
        const query = { prefix: "", fields: "items(name),nextPageToken", maxResults: "1" };
        await listed((await deps.storage()).bucket(remote.bucket), asked, () => true, query).next();
        return;
      }
      case "s3": {
        const s3 = await s3Of(deps, name, remote);
        const said = await listingOf(s3, { "list-type": "2", "max-keys": "1" });
        if ("answer" in said) throw refusedBy(s3, said.answer);
        return;
      }
      default:
        remote satisfies never;
    }
  };
