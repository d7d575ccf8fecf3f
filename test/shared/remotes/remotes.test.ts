// Objects of an S3 remote, over the wire: every page, every name as it is, or nothing at all.
import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { remoteLister } from "../../../shared/remotes/list.ts";
import { keyId, remote, type S3Harness, s3Harness, secret } from "../../local/s3/harness.ts";
import { ledgerHarness } from "../ledger-harness.ts";
import { wholeOf } from "./whole.ts";

const odd = ["a big+one.nc", "100%.nc", "ä & <b>.nc", '"quoted"\'.nc'];
const names = [...odd, ...Array.from({ length: 1001 }, (_, index) => `chunk/${index}`)].sort();
let store: S3Harness;
let served: Awaited<ReturnType<typeof ledgerHarness>>;

beforeAll(async () => {
  served = await ledgerHarness();
  store = await s3Harness();
  mkdirSync(join(store.folder, "set", "chunk"), { recursive: true });
  for (const name of names) writeFileSync(join(store.folder, "set", name), name);
  writeFileSync(join(store.folder, "settled"), "of another folder");
});
afterAll(async () => {
  await served.close();
  await store.close();
});

const list = (keys = `pod ${keyId} ${secret}`) =>
  wholeOf(
    remoteLister({
      storage: () => Promise.reject(new Error("no Cloud Storage is asked")),
      keys: async () => keys,
      s3Endpoint: store.url,
    }),
  )("pod", remote, "set");

test("every object below the path, with its size and ETag, over two pages", async () => {
  const found = await list();
  expect(found.map(({ name }) => name).sort()).toEqual(names);
  expect(found.find(({ name }) => name === odd[0])).toEqual({
    name: odd[0],
    size: odd[0]?.length,
    etag: hash("md5", odd[0] ?? ""),
  });
});

test("of a bucket in Google Cloud too, with or without a path", async () => {
  const { storage, name: bucket } = served.operator;
  const lister = wholeOf(remoteLister({ storage: async () => storage, keys: async () => "" }));
  for (const name of ["transfers/a/one", "transfers/a/two", "transfers/ab"]) await served.plant(name, name);
  const found = (path: string) => lister("bucket", { kind: "gcs", bucket }, path);
  const of = (name: string, whole = name) => ({ name, size: whole.length, md5: hash("md5", whole) });
  expect(await found("transfers/a")).toEqual([of("one", "transfers/a/one"), of("two", "transfers/a/two")]);
  expect(await found("")).toEqual(
    ["transfers/a/one", "transfers/a/two", "transfers/ab"].map((name) => of(name)),
  );
});

test("a page that is refused is no shorter list", async () => {
  store.faults.add({ farEnd: "s3", match: "GET", at: 2, failure: { kind: "status", status: 403 } });
  await expect(list()).rejects.toMatchObject({ failure: { service: "s3", cause: "403", lasts: "lasting" } });
});

test("a page that ends too early is no shorter list, wherever it ends", async () => {
  const body = "<ListBucketResult><IsTruncated>false</IsTruncated>";
  store.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "status", status: 200, body } });
  await expect(list()).rejects.toMatchObject({ failure: { cause: "unreadable" } });
  store.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "truncated" } });
  await expect(list()).rejects.toMatchObject({ failure: { service: "s3", lasts: "transient" } });
});

test("a class of which nothing can be read is told of each object that is in one", async () => {
  const of = (key: string, words: string) =>
    `<Contents><Key>set/${key}</Key><Size>1</Size><ETag>"x"</ETag>${words}</Contents>`;
  const classes = ["STANDARD", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR"].map((word) =>
    of(word, `<StorageClass>${word}</StorageClass>`),
  );
  const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${classes.join("")}${of("none", "")}</ListBucketResult>`;
  store.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "status", status: 200, body } });
  expect(await list()).toEqual([
    { name: "STANDARD", size: 1 },
    { name: "GLACIER", size: 1, storageClass: "glacier" },
    { name: "DEEP_ARCHIVE", size: 1, storageClass: "deep archive" },
    { name: "GLACIER_IR", size: 1 },
    { name: "none", size: 1 },
  ]);
});

describe("names are read as the answer says that they are written", () => {
  /** A listing of one object, by a store of that habit. */
  const listed = (key: string, encoding: string) =>
    `<ListBucketResult><IsTruncated>false</IsTruncated>${encoding}<Contents><Key>${key}</Key><Size>1</Size><ETag>"x"</ETag></Contents></ListBucketResult>`;
  const answer = (body: string) =>
    store.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "status", status: 200, body } });
  const url = "<EncodingType>url</EncodingType>";

  test.each([
    // As versitygw answers, which leaves the question's encoding-type aside (versitygw#2201).
    ["set/a+b.txt", "", "a+b.txt"],
    ["set/100%.txt", "", "100%.txt"],
    ["set/a%2Bb.txt", "", "a%2Bb.txt"],
    ["set/a &amp; b.txt", "", "a & b.txt"],
    // As AWS writes a space, and as Ceph does.
    ["set/a%2B+b.txt", url, "a+ b.txt"],
    ["set/a%2B%20b.txt", url, "a+ b.txt"],
    ["set%2F100%25.txt", url, "100%.txt"],
  ])("%s %s is %s", async (key, encoding, name) => {
    answer(listed(key, encoding));
    expect(await list()).toEqual([{ name, size: 1 }]);
  });

  test("whatever a name is, a store that encodes and one that does not mean the same", async () => {
    const names = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .filter((one) => !/\p{C}/u.test(one));
    const raw = (text: string) => text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), async (name, encodes) => {
        const key = `set/${name}`;
        answer(encodes ? listed(encodeURIComponent(key), url) : listed(raw(key), ""));
        expect(await list()).toEqual([{ name, size: 1 }]);
      }),
      { numRuns: 50 },
    );
  });

  test("one that is not written as the answer says is no name, and no crash", async () => {
    answer(listed("set/100%.txt", url));
    await expect(list()).rejects.toMatchObject({ failure: { service: "s3", cause: "unreadable" } });
  });
});

describe("what the answer says counts, and not what was asked for", () => {
  const object = (key: string, size: string) =>
    `<Contents><Key>${key}</Key><Size>${size}</Size><ETag>"x"</ETag></Contents>`;
  test.each([
    ["that another page follows, in other letters", `<IsTruncated>TRUE</IsTruncated>${object("set/a", "1")}`],
    ["that another page follows, as XML may", `<IsTruncated>1</IsTruncated>${object("set/a", "1")}`],
    [
      "another page, by the first version's mark",
      `<IsTruncated>true</IsTruncated><NextMarker>set/a</NextMarker>${object("set/a", "1")}`,
    ],
    ["a name outside the path", `<IsTruncated>false</IsTruncated>${object("else/a", "1")}`],
    ["no size", `<IsTruncated>false</IsTruncated>${object("set/a", "")}`],
    ["a size below nothing", `<IsTruncated>false</IsTruncated>${object("set/a", "-1")}`],
  ])("%s: no list", async (_, inner) => {
    const body = `<ListBucketResult>${inner}</ListBucketResult>`;
    store.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "status", status: 200, body } });
    await expect(list()).rejects.toMatchObject({ failure: { service: "s3", cause: "unreadable" } });
  });
});

test("a listing that goes in a circle ends", async () => {
  const body =
    "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>";
  store.faults.add({ farEnd: "s3", match: "GET", times: 2, failure: { kind: "status", status: 200, body } });
  await expect(list()).rejects.toMatchObject({ failure: { cause: "unreadable" } });
});

test("a remote without keys is told, and what to add", async () => {
  await expect(list("other key secret")).rejects.toMatchObject({
    name: "Permanent",
    explanation: { why: "the secret transfer-keys has no line for it" },
  });
});
