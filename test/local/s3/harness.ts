// An S3 store for tests, served on loopback: one bucket over a folder, and the remote of the settings that means it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { s3FarEnd } from "../../../local/s3/far-end.ts";
import { serveFarEnd } from "../../../local/wire/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { openState } from "../../../local/wire/state.ts";

export const remote = {
  kind: "s3" as const,
  bucket: "inbox",
  endpoint: "https://pod.example.org",
  provider: "Ceph" as const,
  region: "us-east-1",
};
export const [keyId, secret] = ["key", "secret"];

export type S3Harness = Awaited<ReturnType<typeof s3Harness>>;

export async function s3Harness() {
  const root = mkdtempSync(join(tmpdir(), "s3-"));
  const folder = join(root, "inbox");
  const state = openState(join(root, "state.db"));
  const faults = faultStore();
  const buckets = { inbox: { folder, keyId, secret } };
  const served = await serveFarEnd(s3FarEnd({ state, faults, now: () => new Date(), buckets }));
  return {
    url: served.url,
    client: new AwsClient({
      accessKeyId: keyId,
      secretAccessKey: secret,
      service: "s3",
      region: remote.region,
      retries: 0,
    }),
    /** The bucket's own; not there before its first object. */
    folder,
    faults,
    async close(): Promise<void> {
      await served.close();
      state.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
