// Questions that foreign clients ask of the store and our own never do: sums that come back, listings that say what was asked for, parts of a body.
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
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
    const tag = (
      await ask(
        "PUT",
        `a%20b?partNumber=1&uploadId=${id}`,
        { "x-amz-checksum-sha256": sha256("part") },
        "part",
      )
    ).headers.get("etag");
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

describe("what is not served is said before anything else", () => {
  test.each([
    ["a bucket that is to be made", "PUT", "/fresh", {}],
    ["a bucket that is not there, asked for more", "GET", "/fresh?acl", {}],
    ["a signature by the second version", "GET", "/inbox/k", { authorization: "AWS key:c2lnbmF0dXJl" }],
    [
      "an address signed by the second version",
      "GET",
      "/inbox/k?AWSAccessKeyId=key&Expires=1&Signature=x",
      {},
    ],
    ["a form", "POST", "/inbox", {}],
    ["metadata beyond ASCII", "PUT", "/inbox/k", { "x-amz-meta-a": "\u00e9" }],
  ])("%s", async (_, method, path, headers: Record<string, string>) => {
    const answer = await fetch(`${store.url}${path}`, { method, headers });
    expect([answer.status, await codeOf(answer)]).toEqual([501, "NotImplemented"]);
    expect(takeViolations()).toHaveLength(1);
  });
});

describe("sums of parts are by the algorithm with which the upload was begun", () => {
  const begin = async (headers: Record<string, string>) => {
    const answer = await ask("POST", "k?uploads=", headers);
    return { answer, id: ids(await answer.text(), "UploadId") };
  };
  const crc32 = { "x-amz-checksum-crc32": "vdf5Yg==" };
  const sum = { "x-amz-checksum-sha256": sha256("part") };
  test.each([
    [{ "x-amz-checksum-algorithm": "SHA256" }, {}, "InvalidRequest"],
    [{ "x-amz-checksum-algorithm": "SHA256" }, crc32, "InvalidRequest"],
    [{}, sum, undefined],
    [{ "x-amz-checksum-algorithm": "SHA256" }, sum, undefined],
    [{}, {}, undefined],
  ])(
    "begun with %j, brought with %j: %s",
    async (first: Record<string, string>, second: Record<string, string>, code) => {
      const { id } = await begin(first);
      expect(await codeOf(await ask("PUT", `k?partNumber=1&uploadId=${id}`, second, "part"))).toBe(code);
    },
  );
  test("who begins and who completes one are told of it, and a completion without the parts' sums is refused", async () => {
    const { answer, id } = await begin({ "x-amz-checksum-algorithm": "SHA256" });
    const told = ["x-amz-checksum-algorithm", "x-amz-checksum-type"];
    expect(told.map((name) => answer.headers.get(name))).toEqual(["SHA256", "COMPOSITE"]);
    const tag = (await ask("PUT", `k?partNumber=1&uploadId=${id}`, sum, "part")).headers.get("etag");
    const complete = (sums: string) => {
      const part = `<Part><PartNumber>1</PartNumber><ETag>${tag}</ETag>${sums}</Part>`;
      return ask(
        "POST",
        `k?uploadId=${id}`,
        {},
        `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`,
      );
    };
    expect(await codeOf(await complete(""))).toBe("InvalidRequest");
    const done = await complete(`<ChecksumSHA256>${sha256("part")}</ChecksumSHA256>`);
    expect(ids(await done.text(), "ChecksumType")).toBe("COMPOSITE");
    const listed = await (await ask("GET", "?list-type=2")).text();
    expect(["ChecksumAlgorithm", "ChecksumType"].map((name) => ids(listed, name))).toEqual([
      "SHA256",
      "COMPOSITE",
    ]);
  });
  test("a type of sums without an algorithm is refused", async () => {
    const { answer } = await begin({ "x-amz-checksum-type": "COMPOSITE" });
    expect(answer.status).toBe(400);
  });
});

test.each([
  [{ "x-amz-sdk-checksum-algorithm": "CRC32" }, "InvalidRequest"],
  [{ "x-amz-sdk-checksum-algorithm": "CRC32", "x-amz-checksum-sha256": sha256("bytes") }, "BadDigest"],
  [
    { "x-amz-checksum-sha256": sha256("bytes"), "x-amz-checksum-sha1": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
    "InvalidRequest",
  ],
])("sums announced or given by %j are refused with %s", async (headers: Record<string, string>, code) => {
  expect(await codeOf(await put("k", "bytes", headers))).toBe(code);
  expect((await ask("GET", "k")).status).toBe(404);
});

test("a completion whose body is not the signed one is refused", async () => {
  const id = ids(await (await ask("POST", "k?uploads=")).text(), "UploadId");
  const tag = (await ask("PUT", `k?partNumber=1&uploadId=${id}`, {}, "part")).headers.get("etag");
  const bodyOf = (number: number) =>
    `<CompleteMultipartUpload><Part><PartNumber>${number}</PartNumber><ETag>${tag}</ETag></Part></CompleteMultipartUpload>`;
  const hash = createHash("sha256").update(bodyOf(2)).digest("hex");
  const signed = await ask("POST", `k?uploadId=${id}`, { "x-amz-content-sha256": hash }, bodyOf(1));
  expect(await codeOf(signed)).toBe("XAmzContentSHA256Mismatch");
  expect((await ask("GET", "k")).status).toBe(404);
});

test("encoded names are as S3 encodes them", async () => {
  const key = "a b/(c)~*+\u00e9";
  await put(key.split("/").map(encodeURIComponent).join("/"), "bytes");
  const text = await (await ask("GET", "?list-type=2&encoding-type=url")).text();
  expect(ids(text, "Key")).toBe("a+b/%28c%29%7E*%2B%C3%A9");
});

test("the first version of a listing says whose an object is, and one of uploads what was asked for", async () => {
  await put("k", "bytes");
  expect(ids(await (await ask("GET", "")).text(), "ID")).toBe("key");
  const uploads = await (await ask("GET", "?uploads=&max-uploads=7&prefix=p&key-marker=m")).text();
  expect(["MaxUploads", "Prefix", "KeyMarker"].map((name) => ids(uploads, name))).toEqual(["7", "p", "m"]);
});
