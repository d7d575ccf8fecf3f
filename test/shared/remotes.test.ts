// What lies in an S3 remote, over the wire: every page, every name as it is, or nothing at all.
import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Served, serveFarEnd } from "../../local/far-end.ts";
import { faultBook } from "../../local/faults.ts";
import { s3FarEnd } from "../../local/s3/far-end.ts";
import { openState, type State } from "../../local/state.ts";
import { remoteLister } from "../../shared/remotes/list.ts";

const remote = {
  kind: "s3" as const,
  bucket: "inbox",
  endpoint: "https://pod.example.org",
  provider: "Ceph" as const,
  region: "us-east-1",
};
const odd = ["a big+one.nc", "100%.nc", "ä & <b>.nc", '"quoted"\'.nc'];
const names = [...odd, ...Array.from({ length: 1001 }, (_, index) => `chunk/${index}`)].sort();
const faults = faultBook();
let folder: string;
let state: State;
let served: Served;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "remotes-"));
  state = openState(join(folder, "state.db"));
  mkdirSync(join(folder, "inbox", "set", "chunk"), { recursive: true });
  for (const name of names) writeFileSync(join(folder, "inbox", "set", name), name);
  writeFileSync(join(folder, "inbox", "settled"), "of another folder");
  const buckets = { inbox: { folder: join(folder, "inbox"), keyId: "key", secret: "secret" } };
  served = await serveFarEnd(s3FarEnd({ state, faults, now: () => new Date(), buckets }));
});
afterAll(async () => {
  await served.close();
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

const list = (keys = "pod key secret") =>
  remoteLister({
    storage: () => Promise.reject(new Error("no Cloud Storage is asked")),
    keys: async () => keys,
    s3Endpoint: served.url,
  })("pod", remote, "set");

test("every object below the path, with its size and MD5, over two pages", async () => {
  const found = await list();
  expect(found.map(({ name }) => name).sort()).toEqual(names);
  expect(found.find(({ name }) => name === odd[0])).toEqual({
    name: odd[0],
    size: odd[0]?.length,
    md5: hash("md5", odd[0] ?? ""),
  });
});

test("a page that is refused is no shorter list", async () => {
  faults.add({ farEnd: "s3", match: "GET", at: 2, failure: { kind: "status", status: 403 } });
  await expect(list()).rejects.toMatchObject({ code: 403 });
});

test("a page that ends too early is no shorter list, wherever it ends", async () => {
  const body = "<ListBucketResult><IsTruncated>false</IsTruncated>";
  faults.add({ farEnd: "s3", match: "GET", failure: { kind: "status", status: 200, body } });
  await expect(list()).rejects.toThrow("the S3 store's listing is damaged");
  faults.add({ farEnd: "s3", match: "GET", failure: { kind: "truncated" } });
  await expect(list()).rejects.toThrow();
});

test("a remote without keys is told, and what to add", async () => {
  await expect(list("other key secret")).rejects.toMatchObject({
    name: "Permanent",
    explanation: { why: "the secret transfer-keys has no line for it" },
  });
});
