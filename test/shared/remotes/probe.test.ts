// Asks a remote whether it answers, over the wire: one object is asked for, and a refusal says what to mend.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { failureIn } from "../../../shared/failure.ts";
import { prober } from "../../../shared/remotes/probe.ts";
import type { Remote } from "../../../shared/settings.ts";
import { keyId, remote, type S3Harness, s3Harness, secret } from "../../local/s3/harness.ts";
import { storageHarness } from "../../local/storage/harness.ts";

let outside: S3Harness;
let google: Awaited<ReturnType<typeof storageHarness>>;
beforeAll(async () => {
  outside = await s3Harness();
  google = await storageHarness();
  const folder = join(google.folder, "remote");
  mkdirSync(folder, { recursive: true });
  for (const name of ["a", "b"]) writeFileSync(join(folder, name), name);
});
afterAll(async () => {
  await outside.close();
  await google.close();
});

const causeOf = async (of: Remote, keys = `pod ${keyId} ${secret}`): Promise<string | undefined> => {
  const probe = prober({ storage: google.operator, keys: async () => keys, s3Endpoint: outside.url });
  try {
    await probe("pod", of);
    return undefined;
  } catch (error) {
    return failureIn(error)?.cause;
  }
};

describe("a store outside", () => {
  test.each([
    ["its key", undefined, undefined],
    ["a key that it does not know", `pod other ${secret}`, "key-unknown"],
    ["another secret", `pod ${keyId} other`, "secret-wrong"],
    ["no key", "", "no-keys"],
  ])("with %s", async (_, keys, cause) => {
    expect(await causeOf(remote, keys)).toBe(cause);
  });

  test("that is out of service has not refused", async () => {
    outside.faults.add({ farEnd: "s3", match: "GET", times: 9, failure: { kind: "status", status: 503 } });
    const probe = prober({
      storage: google.operator,
      keys: async () => `pod ${keyId} ${secret}`,
      s3Endpoint: outside.url,
      s3Patience: { timeoutMs: 1000, retries: 0 },
    });
    await expect(probe("pod", remote)).rejects.toMatchObject({ failure: { lasts: "transient" } });
    outside.faults.clear();
  });
});

test("a bucket of Google's: one that is there, and one that is not", async () => {
  expect(await causeOf({ kind: "gcs", bucket: "remote" })).toBeUndefined();
  expect(await causeOf({ kind: "gcs", bucket: "none" })).toBe("no-bucket");
});
