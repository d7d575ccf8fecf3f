// Consequences of a kind of store: what costs, and which remotes are one bucket.
import { expect, test } from "@jest/globals";
import { bucketOf, leavesGoogle } from "../../../shared/remotes/stores.ts";
import type { Remote } from "../../../shared/settings.ts";

const gcs = { kind: "gcs", bucket: "scratch" } as const;
const s3 = (endpoint: string): Remote => ({
  kind: "s3",
  bucket: "scratch",
  endpoint,
  region: "us-east-1",
  provider: "Other",
});
const pod = s3("https://pod.example.org");

test("what leaves Google Cloud costs, and nothing else does", () => {
  expect(leavesGoogle(gcs, pod)).toBe(true);
  for (const [from, to] of [[gcs, gcs] as const, [pod, gcs] as const, [pod, pod] as const])
    expect(leavesGoogle(from, to)).toBe(false);
});

test("two remotes are one bucket by name and store", () => {
  const stores = [gcs, pod, s3("https://other.example.org"), { ...gcs, bucket: "other" }];
  expect(new Set([...stores, ...stores].map(bucketOf)).size).toBe(4);
});
