// Objects that are read back: the sum of their bytes as they are stored, or no sum at all.
import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sumReader } from "../../../shared/remotes/read-back.ts";
import { keyId, remote, type S3Harness, s3Harness, secret } from "../../local/s3/harness.ts";
import { ledgerHarness } from "../ledger-harness.ts";

let s3: S3Harness;
let gcs: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  [s3, gcs] = [await s3Harness(), await ledgerHarness()];
});
afterAll(async () => {
  await s3.close();
  await gcs.close();
});

const reader = () =>
  sumReader({
    storage: async () => gcs.operator.storage,
    keys: async () => `pod ${keyId} ${secret}`,
    s3Endpoint: s3.url,
    s3Patience: { timeoutMs: 30_000, retries: 0 },
  });

test("of an S3 store, under a name as it is", async () => {
  mkdirSync(join(s3.folder, "set"), { recursive: true });
  const name = "a big+one 100% (é).nc";
  writeFileSync(join(s3.folder, "set", name), "bytes");
  expect(await reader()("pod", remote, { path: "set", name })).toBe(hash("md5", "bytes"));
  await expect(reader()("pod", remote, { path: "set", name: "none" })).rejects.toMatchObject({
    failure: { service: "s3", lasts: "lasting" },
  });
});

test("of Cloud Storage: packed bytes stay packed", async () => {
  const packed = gzipSync("text");
  const file = gcs.operator.file("transfers/set/packed");
  await file.save(packed, {
    resumable: false,
    metadata: { contentEncoding: "gzip", contentType: "text/plain" },
  });
  const bucket = { kind: "gcs", bucket: gcs.operator.name } as const;
  expect(await reader()("bucket", bucket, { path: "transfers/set", name: "packed" })).toBe(
    hash("md5", packed),
  );
  await expect(reader()("bucket", bucket, { path: "transfers/set", name: "none" })).rejects.toThrow();
});

test("an answer that breaks off gives no sum", async () => {
  s3.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "truncated" } });
  writeFileSync(join(s3.folder, "set", "long"), "x".repeat(100_000));
  await expect(reader()("pod", remote, { path: "set", name: "long" })).rejects.toThrow();
});
