// S3's words that the store serves, and what it says to all others: nothing is passed over, and nothing of what is refused is done.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AwsClient } from "aws4fetch";
import { takeViolations } from "../../../local/wire/called-routes.ts";
import { type S3Harness, s3Harness } from "./harness.ts";

let store: S3Harness;
let client: AwsClient;
beforeEach(async () => {
  store = await s3Harness();
  client = store.client;
});
afterEach(() => store.close());

const url = (path: string): string => `${store.url}/inbox/${path}`;
const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  client.fetch(url(path), { method, headers, ...(body !== undefined && { body }) });
const codeOf = async (answer: Response): Promise<string> =>
  /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1] ?? "";
const bytes = async (): Promise<string> => (await ask("GET", "k")).text();

describe("what is not served", () => {
  const requests: [string, string, Record<string, string>?][] = [
    ...[
      "tagging",
      "acl",
      "legal-hold",
      "retention",
      "torrent",
      "partNumber=1",
      "versionId=nope",
      "nosuch",
    ].flatMap((word): [string, string][] => [
      ["PUT", `k?${word}`],
      ["GET", `k?${word}`],
      ["DELETE", `k?${word}`],
      ["HEAD", `k?${word}`],
    ]),
    ...["policy", "versions", "location", "acl", "fetch-owner=true", "list-type=2&marker=a"].map(
      (word): [string, string] => ["GET", `?${word}`],
    ),
    ["GET", "k?uploadId=nope"],
    ["POST", "k?restore"],
    ["POST", "?delete"],
    ["PUT", ""],
    ["PATCH", "k"],
    ...[
      { "x-amz-copy-source": "/inbox/other" },
      { "x-amz-server-side-encryption-customer-algorithm": "AES256" },
      { "x-amz-storage-class": "GLACIER" },
      { "x-amz-tagging": "a=b" },
      { "x-amz-acl": "public-read" },
      { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" },
      { "x-amz-object-lock-mode": "GOVERNANCE" },
      { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "content-encoding": "aws-chunked" },
      { "if-none-match": '"abc"' },
    ].map((headers): [string, string, Record<string, string>] => ["PUT", "k", headers]),
  ];

  test.each(requests)("%s %s %j: 501, and nothing is changed", async (method, path, headers = {}) => {
    expect((await ask("PUT", "k", {}, "as it was")).status).toBe(200);
    const body = method === "PUT" || method === "POST" ? "something else" : undefined;
    const answer = await ask(method, path, headers, body);
    expect(answer.status).toBe(501);
    if (method !== "HEAD") expect(await codeOf(answer)).toBe("NotImplemented");
    const noted = takeViolations();
    // S3 itself knows the star alone.
    expect(noted).toHaveLength("if-none-match" in headers ? 0 : 1);
    expect(await bytes()).toBe("as it was");
  });
});

describe("what came beside a signature", () => {
  /** Sends a signed request with headers that nobody has signed. */
  async function sendWith(
    path: string,
    headers: Record<string, string>,
    signQuery: boolean,
  ): Promise<unknown> {
    const { url: signed, headers: own } = await client.sign(url(path), {
      method: "PUT",
      body: "hello",
      aws: { signQuery },
    });
    for (const [name, value] of Object.entries(headers)) own.set(name, value);
    const answer = await fetch(signed, { method: "PUT", headers: own, body: "hello" });
    return [answer.status, await codeOf(answer)];
  }

  test.each([
    ["metadata", { "x-amz-meta-a": "b" }, false, [403, "AccessDenied"]],
    ["metadata beside an address", { "x-amz-meta-a": "b" }, true, [403, "AccessDenied"]],
    ["a sum beside an address", { "x-amz-content-sha256": "0".repeat(64) }, true, [403, "AccessDenied"]],
    ["another proof", { authorization: "AWS4-HMAC-SHA256 x" }, true, [400, "InvalidArgument"]],
    ["a client's name", { "x-amz-user-agent": "x" }, true, [200, ""]],
  ])("%s", async (_, headers, signQuery, answered) => {
    expect(await sendWith("k?X-Amz-Expires=60", headers, signQuery === true)).toEqual(answered);
    expect((await ask("GET", "k")).status).toBe(answered[0] === 200 ? 200 : 404);
  });
});

test("parts are counted in digits, and completed by what names them alone", async () => {
  const begun = await (await ask("POST", "k?uploads=")).text();
  const id = /<UploadId>(.*?)</.exec(begun)?.[1] ?? "";
  for (const number of ["0x1", "1e0", "1.0", ""])
    expect((await ask("PUT", `k?partNumber=${number}&uploadId=${id}`, {}, "abc")).status).toBe(400);
  expect((await ask("PUT", `k?partNumber=1&uploadId=${id}`, {}, "abc")).status).toBe(200);
  const part = '<Part><PartNumber>1</PartNumber><ETag>"900150983cd24fb0d6963f7d28e17f72"</ETag></Part>';
  const complete = (body: string) => ask("POST", `k?uploadId=${id}`, {}, body);
  for (const wrong of [part, `<CompleteMultipartUpload><!--${part}--></CompleteMultipartUpload>`])
    expect((await complete(wrong)).status).toBe(400);
  expect((await complete(`<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`)).status).toBe(200);
  expect(await bytes()).toBe("abc");
});

describe("what is wrong", () => {
  test.each([
    ["GET", "?max-keys=abc", "InvalidArgument"],
    ["GET", "?max-keys=-1", "InvalidArgument"],
    ["GET", "?max-keys=1e400", "InvalidArgument"],
    ["GET", "?list-type=3", "InvalidArgument"],
    ["GET", "?encoding-type=xml", "InvalidArgument"],
    ["GET", "?list-type=2&continuation-token=%21%21", "InvalidArgument"],
    ["GET", "?uploads=&max-uploads=x", "InvalidArgument"],
    ["GET", "%FF", "InvalidURI"],
    ["GET", "x".repeat(1025), "KeyTooLongError"],
  ])("%s %s: %s", async (method, path, code) => {
    const answer = await ask(method, path);
    expect([answer.status, await codeOf(answer)]).toEqual([400, code]);
  });

  test.each([
    ["content-md5", "AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"],
    ["x-amz-checksum-crc32", "AAAAAA==", "BadDigest"],
    ["x-amz-checksum-crc32c", "AAAAAA==", "BadDigest"],
    ["x-amz-checksum-sha1", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "BadDigest"],
    ["x-amz-checksum-sha256", `${"A".repeat(43)}=`, "BadDigest"],
    ["x-amz-content-sha256", "0".repeat(64), "XAmzContentSHA256Mismatch"],
  ])("a body whose %s is another's", async (header, sum, code) => {
    const answer = await ask("PUT", "k", { [header]: sum }, "hello");
    expect([answer.status, await codeOf(answer)]).toEqual([400, code]);
    expect((await ask("GET", "k")).status).toBe(404);
  });

  test.each([
    ["crc32", "NhCmhg=="],
    ["crc32c", "mnG7TA=="],
    ["sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="],
  ])("a body's true %s is taken", async (algorithm, sum) => {
    const answer = await ask("PUT", "k", { [`x-amz-checksum-${algorithm}`]: sum }, "hello");
    expect(answer.status).toBe(200);
  });
});

describe("conditions", () => {
  const etag = '"5d41402abc4b2a76b9719d911017c592"';
  beforeEach(async () => {
    await ask("PUT", "k", {}, "hello");
  });

  test.each([
    [{ "if-none-match": "*" }, "k", 412],
    [{ "if-none-match": "*" }, "new", 200],
    [{ "if-match": etag }, "k", 200],
    [{ "if-match": '"other"' }, "k", 412],
    [{ "if-match": etag }, "new", 404],
  ])("PUT %j of %s: %i", async (headers, key, status) => {
    expect((await ask("PUT", key, headers, "other")).status).toBe(status);
    expect(await bytes()).toBe(status === 200 && key === "k" ? "other" : "hello");
  });

  test.each([
    [{}, "k", 204],
    [{}, "new", 204],
    [{ "if-match": etag }, "k", 204],
    [{ "if-match": "*" }, "k", 204],
    [{ "if-match": '"other"' }, "k", 412],
    [{ "if-match": "*" }, "new", 404],
  ])("DELETE %j of %s: %i", async (headers, key, status) => {
    expect((await ask("DELETE", key, headers)).status).toBe(status);
    expect((await ask("HEAD", "k")).status).toBe(status === 204 && key === "k" ? 404 : 200);
  });

  test.each([
    [{ "if-match": etag }, 200],
    [{ "if-match": `"other", ${etag}` }, 200],
    [{ "if-match": '"other"' }, 412],
    [{ "if-none-match": etag }, 304],
    [{ "if-none-match": '"other"' }, 200],
    [{ "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" }, 304],
    [{ "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT" }, 200],
    [{ "if-unmodified-since": "Thu, 01 Jan 1970 00:00:00 GMT" }, 412],
    [{ "if-modified-since": "yesterday" }, 200],
    [{ range: "bytes=1-2" }, 206],
    [{ range: "bytes=9-" }, 416],
  ])("GET %j: %i", async (headers, status) => {
    for (const method of ["GET", "HEAD"]) expect((await ask(method, "k", headers)).status).toBe(status);
  });
});

test("an object comes back with the headers that it was given", async () => {
  const given = {
    "content-type": "text/csv",
    "cache-control": "no-store",
    "content-disposition": "attachment",
    "content-encoding": "gzip",
    "content-language": "de",
    expires: "Thu, 01 Jan 2032 00:00:00 GMT",
    "x-amz-meta-mtime": "1.5",
  };
  await ask("PUT", "k", given, "hello");
  const answer = await ask("HEAD", "k");
  expect(Object.fromEntries(Object.keys(given).map((name) => [name, answer.headers.get(name)]))).toEqual(
    given,
  );
});

test("a key may have what Cloud Storage forbids, and is listed as it is", async () => {
  for (const key of ["a%0Ab", "a%0D", ".well-known/acme-challenge/x"]) {
    expect((await ask("PUT", key, {}, "x")).status).toBe(200);
    expect(await (await ask("GET", key)).text()).toBe("x");
  }
  const listed = await (await ask("GET", "?encoding-type=url")).text();
  expect([...listed.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key)).toEqual([
    ".well-known/acme-challenge/x",
    "a%0Ab",
    "a%0D",
  ]);
});

describe("parts", () => {
  const five = "x".repeat(5 * 1024 * 1024);
  const complete = (id: string, ...parts: [number, string][]) =>
    ask(
      "POST",
      `k?uploadId=${id}`,
      {},
      `<CompleteMultipartUpload>${parts
        .map(([n, tag]) => `<Part><PartNumber>${n}</PartNumber><ETag>${tag}</ETag></Part>`)
        .join("")}</CompleteMultipartUpload>`,
    );
  async function two(first: string): Promise<{ id: string; tags: [string, string] }> {
    const begun = await (await ask("POST", "k?uploads=")).text();
    const id = /<UploadId>(.*)<\/UploadId>/.exec(begun)?.[1] ?? "";
    const tag = async (n: number, body: string): Promise<string> =>
      (await ask("PUT", `k?partNumber=${n}&uploadId=${id}`, {}, body)).headers.get("etag") ?? "";
    return { id, tags: [await tag(1, first), await tag(2, "end")] };
  }

  test("in order, with their tags: one object", async () => {
    const { id, tags } = await two(five);
    expect((await complete(id, [1, tags[0]], [2, tags[1]])).status).toBe(200);
    expect(await bytes()).toBe(`${five}end`);
  });

  test("out of order, with another's tag, missing, or too small: none", async () => {
    const { id, tags } = await two(five);
    expect(await codeOf(await complete(id, [2, tags[1]], [1, tags[0]]))).toBe("InvalidPartOrder");
    expect(await codeOf(await complete(id, [1, tags[1]], [2, tags[1]]))).toBe("InvalidPart");
    expect(await codeOf(await complete(id, [1, tags[0]], [3, tags[1]]))).toBe("InvalidPart");
    expect(await codeOf(await complete(id))).toBe("MalformedXML");
    const small = await two("small");
    expect(await codeOf(await complete(small.id, [1, small.tags[0]], [2, small.tags[1]]))).toBe(
      "EntityTooSmall",
    );
    expect((await ask("GET", "k")).status).toBe(404);
  });
});

test("an address that is its own proof opens for as long as it says", async () => {
  await ask("PUT", "k", {}, "hello");
  const signed = async (seconds: number, ago: number): Promise<number> => {
    const at = new Date(Date.now() - ago * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
    const request = await client.sign(`${url("k")}?X-Amz-Expires=${seconds}`, {
      aws: { signQuery: true, datetime: at },
    });
    return (await fetch(request)).status;
  };
  expect(await signed(60, 0)).toBe(200);
  expect(await signed(60, 120)).toBe(403);
  expect(await signed(604_801, 0)).toBe(400);
});
