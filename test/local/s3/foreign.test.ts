// Questions that foreign clients ask of the store and our own never do: sums that come back, listings that say what was asked for, parts of a body.
import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { takeViolations } from "../../../local/wire/called-routes.ts";
import { type S3Harness, s3Harness } from "./harness.ts";

let store: S3Harness;
beforeEach(async () => {
  store = await s3Harness();
});
afterEach(() => store.close());

const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  store.client.fetch(`${store.url}/inbox/${path}`, { method, headers, ...(body !== undefined && { body }) });
const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");
const put = (key: string, body: string, headers: Record<string, string> = {}) =>
  ask("PUT", key, headers, body);
const codeOf = async (answer: Response) => /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1];
const ids = (text: string, element: string) => new RegExp(`<${element}>(.*?)</${element}>`).exec(text)?.[1];

test("a sum that came with the bytes comes back, to whoever asks, and of the whole alone", async () => {
  const sum = sha256("bytes");
  const answer = await put("k", "bytes", { "x-amz-checksum-sha256": sum });
  expect(answer.headers.get("x-amz-checksum-sha256")).toBe(sum);
  const asked = await ask("GET", "k", { "x-amz-checksum-mode": "ENABLED" });
  expect(asked.headers.get("x-amz-checksum-sha256")).toBe(sum);
  expect((await ask("GET", "k")).headers.get("x-amz-checksum-sha256")).toBeNull();
  const part = await ask("GET", "k", { "x-amz-checksum-mode": "ENABLED", range: "bytes=0-1" });
  expect([await part.text(), part.headers.get("x-amz-checksum-sha256")]).toEqual(["by", null]);
});

test.each([
  [{ "content-md5": "none" }, "InvalidDigest"],
  [{ "x-amz-checksum-crc32": "AAAA" }, "InvalidRequest"],
  [{ "x-amz-meta-m": "x".repeat(2048) }, "MetadataTooLarge"],
])("%j is refused with %s, and nothing is there", async (headers: Record<string, string>, code) => {
  expect(await codeOf(await put("k", "bytes", headers))).toBe(code);
  expect((await ask("GET", "k")).status).toBe(404);
});

test("the sum of what came in parts is that of their sums, and a part by another sum is refused", async () => {
  const upload = async () => {
    const begun = await ask("POST", "a%20b?uploads=", { "x-amz-checksum-algorithm": "SHA256" });
    const text = await begun.text();
    expect(ids(text, "Key")).toBe("a b");
    return ids(text, "UploadId");
  };
  const complete = async (sum: string) => {
    const id = await upload();
    const tag = (await ask("PUT", `a%20b?partNumber=1&uploadId=${id}`, {}, "part")).headers.get("etag");
    const part = `<Part><PartNumber>1</PartNumber><ETag>${tag}</ETag><ChecksumSHA256>${sum}</ChecksumSHA256></Part>`;
    const body = `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`;
    return ask("POST", `a%20b?uploadId=${id}`, {}, body);
  };
  expect(await codeOf(await complete(sha256("other")))).toBe("InvalidPart");
  const whole = `${createHash("sha256")
    .update(Buffer.from(sha256("part"), "base64"))
    .digest("base64")}-1`;
  expect(ids(await (await complete(sha256("part"))).text(), "ChecksumSHA256")).toBe(whole);
  const head = await ask("HEAD", "a%20b", { "x-amz-checksum-mode": "ENABLED" });
  expect(head.headers.get("x-amz-checksum-sha256")).toBe(whole);
});

test("a listing says what was asked for, and how many entries it has", async () => {
  for (const key of ["a", "b", "c/1", "c/2"]) await put(key, key);
  const two = await (await ask("GET", "?list-type=2&start-after=a&delimiter=%2F&max-keys=1")).text();
  expect(["StartAfter", "KeyCount"].map((element) => ids(two, element))).toEqual(["a", "1"]);
  const token = ids(two, "NextContinuationToken") ?? "";
  const next = await (await ask("GET", `?list-type=2&continuation-token=${token}`)).text();
  expect(["ContinuationToken", "KeyCount"].map((element) => ids(next, element))).toEqual([token, "2"]);
  const one = await (await ask("GET", "?marker=a&max-keys=1")).text();
  expect(["Marker", "NextMarker"].map((element) => ids(one, element))).toEqual(["a", undefined]);
});

test("a part that ends before it begins is no part", async () => {
  await put("k", "0123456789");
  const answer = await ask("GET", "k", { range: "bytes=5-2" });
  expect([answer.status, await answer.text()]).toEqual([200, "0123456789"]);
});

test("all buckets are not listed, and a word is signed before one that goes on from it", async () => {
  const all = await store.client.fetch(`${store.url}/`);
  expect(all.status).toBe(501);
  expect((await ask("POST", "k?select&select-type=2", {}, "")).status).toBe(501);
  expect(takeViolations()).toHaveLength(2);
});
