// Both kinds of stores, served by us on loopback, as a real rclone is told of them; and a folder for what a test keeps beside them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { type S3Harness, s3Harness } from "../local/s3/harness.ts";
import { project, storageHarness } from "../local/storage/harness.ts";

/** Serves them while the tests of a file run; its name begins that of the folder. */
export function rcloneEnds(name: string) {
  const here = mkdtempSync(join(tmpdir(), `${name}-`));
  let s3: S3Harness;
  let gcs: Awaited<ReturnType<typeof storageHarness>>;
  beforeAll(async () => {
    [s3, gcs] = [await s3Harness(), await storageHarness()];
  });
  afterAll(async () => {
    await s3.close();
    await gcs.close();
    rmSync(here, { recursive: true, force: true });
  });
  return {
    here,
    s3: () => s3,
    /** Folder of Cloud Storage's one bucket, "remote". */
    gcsFolder: (): string => join(gcs.folder, "remote"),
    /** Address and token of Cloud Storage for the remote of that name, in place of Google's and of a person's own. */
    gcsEnv: (remote: string): Record<string, string> => ({
      [`RCLONE_CONFIG_${remote}_ENDPOINT`]: `${gcs.url}/storage/v1/`,
      [`RCLONE_CONFIG_${remote}_TOKEN`]: JSON.stringify({
        access_token: gcs.tokenOf(operatorIdentity(project)).replace("Bearer ", ""),
        expiry: "2100-01-01T00:00:00Z",
      }),
    }),
  };
}
