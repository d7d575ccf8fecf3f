// What lies in an S3 remote, over the wire: every page, every name as it is, or nothing at all.
import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { remoteLister } from "../../shared/remotes/list.ts";
import { keyId, remote, type ServedS3, secret, servedS3 } from "../local/s3-served.ts";

const odd = ["a big+one.nc", "100%.nc", "ä & <b>.nc", '"quoted"\'.nc'];
const names = [...odd, ...Array.from({ length: 1001 }, (_, index) => `chunk/${index}`)].sort();
let store: ServedS3;

beforeAll(async () => {
  store = await servedS3();
  mkdirSync(join(store.folder, "set", "chunk"), { recursive: true });
  for (const name of names) writeFileSync(join(store.folder, "set", name), name);
  writeFileSync(join(store.folder, "settled"), "of another folder");
});
afterAll(() => store.close());

const list = (keys = `pod ${keyId} ${secret}`) =>
  remoteLister({
    storage: () => Promise.reject(new Error("no Cloud Storage is asked")),
    keys: async () => keys,
    s3Endpoint: store.url,
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
  store.faults.add({ farEnd: "s3", match: "GET", at: 2, failure: { kind: "status", status: 403 } });
  await expect(list()).rejects.toMatchObject({ code: 403 });
});

test("a page that ends too early is no shorter list, wherever it ends", async () => {
  const body = "<ListBucketResult><IsTruncated>false</IsTruncated>";
  store.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "status", status: 200, body } });
  await expect(list()).rejects.toThrow("the S3 store's listing is damaged");
  store.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "truncated" } });
  await expect(list()).rejects.toThrow();
});

test("a remote without keys is told, and what to add", async () => {
  await expect(list("other key secret")).rejects.toMatchObject({
    name: "Permanent",
    explanation: { why: "the secret transfer-keys has no line for it" },
  });
});
