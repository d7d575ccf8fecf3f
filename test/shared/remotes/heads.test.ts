// MD5s that an S3 store says of one object and not in its listing: of those put in parts, the one that their sender left with them.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { sumsAsker } from "../../../shared/remotes/heads.ts";
import { keyId, remote, type S3Harness, s3Harness, secret } from "../../local/s3/harness.ts";
import { md5Of as md5, putInParts, rcloneSum } from "../../local/s3/parts.ts";

let store: S3Harness;
beforeAll(async () => {
  store = await s3Harness();
});
afterAll(() => store.close());

const sumsOf = (...names: string[]) =>
  sumsAsker({
    keys: async () => `pod ${keyId} ${secret}`,
    s3Endpoint: store.url,
    s3Patience: { timeoutMs: 30_000, retries: 0 },
  })("pod", remote, { path: "set", names });

const addressOf = (name: string): string => `${store.url}/inbox/set/${encodeURIComponent(name)}`;
const put = (name: string, body: string, headers: Record<string, string> = {}) =>
  store.client.fetch(addressOf(name), { method: "PUT", body, headers });

const whole = Buffer.alloc(5 * 1024 * 1024 + 1, "x");
const putBy = (name: string, headers: Record<string, string>) =>
  putInParts(store.client, addressOf(name), { whole, headers });

test("of an object in parts it is what its sender left with it, of one in one piece its ETag; who has none is left out", async () => {
  await put("whole, ä+b (1)", "text");
  await putBy("parts", rcloneSum(md5("all")));
  await putBy("parts of another sender", {});
  await putBy("parts with a word", { "x-amz-meta-md5chksum": "checked" });
  const names = ["whole, ä+b (1)", "parts", "parts of another sender", "parts with a word", "gone"];
  expect(await sumsOf(...names)).toEqual(
    new Map([
      ["whole, ä+b (1)", md5("text")],
      ["parts", md5("all")],
    ]),
  );
});

test("hundreds are each asked for once", async () => {
  const names = Array.from({ length: 300 }, (_, index) => `many-${index}`);
  await Promise.all(names.map((name) => put(name, name)));
  expect(await sumsOf(...names)).toEqual(new Map(names.map((name) => [name, md5(name)])));
});

describe("the ETag of an object that its owner's key encrypts is no MD5", () => {
  const etag = `"${"a".repeat(32)}"`;
  test.each<[string, Record<string, string>, boolean]>([
    ["by nobody", {}, true],
    ["by the store's own key", { "x-amz-server-side-encryption": "AES256" }, true],
    ["by a key of its key store", { "x-amz-server-side-encryption": "aws:kms" }, false],
    ["by two of them", { "x-amz-server-side-encryption": "aws:kms:dsse" }, false],
    ["by the caller's", { "x-amz-server-side-encryption-customer-algorithm": "AES256" }, false],
  ])("encrypted %s", async (_, headers, counts) => {
    const failure = { kind: "status", status: 200, headers: { ...headers, etag } } as const;
    store.faults.add({ farEnd: "s3", match: "HEAD", failure });
    expect((await sumsOf("one")).has("one")).toBe(counts);
  });
});

test.each([403, 404, 405, 501])("by an answer of %d nothing is known of an object", async (status) => {
  store.faults.add({ farEnd: "s3", match: "HEAD", failure: { kind: "status", status } });
  expect(await sumsOf("whole, ä+b (1)")).toEqual(new Map());
});

test("a store that refuses is no store without sums", async () => {
  store.faults.add({ farEnd: "s3", match: "HEAD", failure: { kind: "status", status: 400 } });
  await expect(sumsOf("one")).rejects.toMatchObject({ failure: { service: "s3" } });
  store.faults.add({ farEnd: "s3", match: "HEAD", failure: { kind: "status", status: 503 } });
  await expect(sumsOf("one")).rejects.toMatchObject({ failure: { service: "s3", lasts: "transient" } });
});

test("Cloud Storage is not asked: its listing says what it knows", async () => {
  const ask = sumsAsker({ keys: () => Promise.reject(new Error("no keys are needed")) });
  expect(await ask("scratch", { kind: "gcs", bucket: "scratch" }, { path: "", names: ["one"] })).toEqual(
    new Map(),
  );
});
