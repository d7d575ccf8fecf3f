// Finds where a bucket of Cloud Storage lies: what moves between two places costs by them.
import type { Storage } from "@google-cloud/storage";
import * as z from "zod";
import { refused } from "../failure.ts";
import type { Remote } from "../settings.ts";
import { storageFailure } from "../storage-calls.ts";

/** A place in the vendor's words, such as US-CENTRAL1, NAM4 or US. `regions` are those of one or two; a multi-region names none. */
export type Location = { name: string; regions: readonly string[] };

/** Gives where a remote's bucket lies; undefined outside Google. */
export type Locate = (remote: Remote, path: string) => Promise<Location | undefined>;

/** Pairs that have a name of their own (https://cloud.google.com/storage/docs/locations#predefined). */
const pairs: Readonly<Record<string, readonly string[]>> = {
  ASIA1: ["ASIA-NORTHEAST1", "ASIA-NORTHEAST2"],
  EUR4: ["EUROPE-NORTH1", "EUROPE-WEST4"],
  EUR5: ["EUROPE-WEST1", "EUROPE-WEST2"],
  EUR7: ["EUROPE-WEST2", "EUROPE-WEST3"],
  EUR8: ["EUROPE-WEST3", "EUROPE-WEST6"],
  NAM4: ["US-CENTRAL1", "US-EAST1"],
};

/** https://cloud.google.com/storage/docs/json_api/v1/buckets/getStorageLayout */
const Layout = z.object({
  location: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  locationType: z.string(),
  customPlacementConfig: z.object({ dataLocations: z.array(z.string()) }).optional(),
});

/** Asks for a bucket's layout, which costs nothing and wants no right but the one to list objects. Throws a `Failure`. */
export function locator(deps: { storage: () => Promise<Storage> }): Locate {
  const what = "where a remote's bucket lies cannot be learnt";
  return async (remote, path) => {
    if (remote.kind !== "gcs") return undefined;
    const bucket = (await deps.storage()).bucket(remote.bucket);
    const qs = path === "" ? {} : { prefix: `${path}/` };
    const [raw] = await bucket.request({ uri: "/storageLayout", qs }).catch((error: unknown) => {
      throw storageFailure({ what, whose: "remote" }, error);
    });
    const layout = Layout.safeParse(raw);
    if (!layout.success) throw refused({ service: "storage", what }, "unreadable", []);
    return locationOf(layout.data);
  };
}

function locationOf({ location, locationType, customPlacementConfig }: z.infer<typeof Layout>): Location {
  const name = location.toUpperCase();
  const own = locationType === "multi-region" ? [] : [name];
  const regions = customPlacementConfig?.dataLocations.map((region) => region.toUpperCase());
  return { name, regions: regions ?? pairs[name] ?? own };
}
