// Cloud Storage's words that the far end serves, and what it says to all others; `fields`, which cuts an answer down.
import { type IncomingHttpHeaders, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { operatorIdentity } from "../../../local/wire/identity.ts";
import { ledger, project, storageHarness } from "./harness.ts";

let served: Awaited<ReturnType<typeof storageHarness>>;
let authorization: string;
beforeEach(async () => {
  served = await storageHarness();
  authorization = served.tokenOf(operatorIdentity(project));
  await ask("POST", upload("media", "name=k"), {}, "as it was");
  await ask("POST", upload("media", "name=folder/l"), {}, "other");
});
afterEach(() => served.close());

const objects = `/storage/v1/b/${ledger}/o`;
const upload = (type: string, query: string): string => `/upload${objects}?uploadType=${type}&${query}`;
const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(`${served.url}${path}`, {
    method,
    headers: { authorization, ...headers },
    ...(body !== undefined && { body }),
  });

describe("what is not served", () => {
  const json = (fields: object): string => JSON.stringify({ name: "k", ...fields });
  const parts = (fields: object): string =>
    `--b\r\ncontent-type: application/json\r\n\r\n${json(fields)}\r\n--b\r\ncontent-type: text/plain\r\n\r\nother\r\n--b--`;
  const related = { "content-type": "multipart/related; boundary=b" };
  const requests: [string, string, Record<string, string>?, string?][] = [
    ["GET", `${objects}?versions=true`],
    ["GET", `${objects}?softDeleted=true`],
    ["GET", `${objects}?matchGlob=**`],
    ["GET", `${objects}?userProject=p`],
    ["GET", `${objects}/k`, { "if-none-match": '"abc"' }],
    ["GET", `${objects}/k?alt=media`, { "x-goog-encryption-algorithm": "AES256" }],
    ["DELETE", `${objects}/k`, { "if-match": '"abc"' }],
    ["PATCH", `${objects}/k`, { "content-type": "application/json" }, "{}"],
    ["POST", `${objects}/k/rewriteTo/b/${ledger}/o/l`],
    ["POST", `${objects}/k/compose`],
    ["GET", `${objects}/k/acl`],
    ["GET", `/storage/v1/b?project=${project}`],
    ["GET", `/${ledger}/k`],
    ["POST", upload("media", "name=k&kmsKeyName=x"), {}, "other"],
    ["POST", upload("media", "name=k&predefinedAcl=private"), {}, "other"],
    ["POST", upload("media", "name=k"), { "x-goog-encryption-key": "x" }, "other"],
    ["POST", upload("media", "name=k"), { "content-encoding": "gzip" }, "other"],
    ["POST", upload("multipart", ""), related, parts({ storageClass: "NEARLINE" })],
    ["POST", upload("multipart", ""), related, parts({ temporaryHold: true })],
    ["POST", upload("resumable", ""), {}, json({ eventBasedHold: true })],
    ["PUT", upload("resumable", "upload_id=x&ifGenerationMatch=0"), {}, "other"],
    ["PUT", upload("resumable", "upload_id=x"), { "x-goog-encryption-key": "x" }, "other"],
    ["GET", `${objects}?alt=media`],
    ["GET", `/download${objects}/k`],
    ["GET", `${objects}/k`, { range: "bytes=0-1" }],
    ["POST", upload("media", "name=k"), { "content-range": "bytes 0-4/100" }, "other"],
    ["POST", upload("media", "name=k"), { "x-upload-content-length": "99" }, "other"],
    ["POST", upload("resumable", "name=k"), { "content-range": "bytes 0-4/100" }, "{}"],
  ];

  test.each(requests)("%s %s %j: 501, and nothing is changed", async (method, path, headers = {}, body) => {
    const answer = await ask(method, path, headers, body);
    expect([answer.status, await answer.text()]).toEqual([
      501,
      expect.stringContaining("is not served here"),
    ]);
    expect(served.farEnd.violations.splice(0)).toHaveLength(1);
    expect(await (await ask("GET", `${objects}/k?alt=media`)).text()).toBe("as it was");
  });
});

describe("sums in a header are held against the bytes, whichever way they come", () => {
  const hash = { "x-goog-hash": "md5=AAAAAAAAAAAAAAAAAAAAAA==" };
  const part = '--b\r\ncontent-type: application/json\r\n\r\n{"name":"k"}\r\n--b\r\n\r\nother\r\n--b--';
  test.each([
    ["media", "name=k", {}, "other"],
    ["multipart", "", { "content-type": "multipart/related; boundary=b" }, part],
  ])("%s", async (way, query, headers: Record<string, string>, body) => {
    expect((await ask("POST", upload(way, query), { ...headers, ...hash }, body)).status).toBe(400);
    expect(await (await ask("GET", `${objects}/k?alt=media`)).text()).toBe("as it was");
  });
  test("resumable, said at the beginning", async () => {
    const begun = await ask("POST", upload("resumable", "name=k"), hash);
    const sent = await fetch(begun.headers.get("location") ?? "", { method: "PUT", body: "other" });
    expect(sent.status).toBe(400);
    expect(await (await ask("GET", `${objects}/k?alt=media`)).text()).toBe("as it was");
  });
});

test("an upload of another length than it said is not kept", async () => {
  const announced = { "x-upload-content-length": "99" };
  const begun = await ask("POST", upload("resumable", "name=k"), announced);
  const sent = await fetch(begun.headers.get("location") ?? "", { method: "PUT", body: "other" });
  expect(sent.status).toBe(501);
  expect(served.farEnd.violations.splice(0)).toHaveLength(1);
  expect(await (await ask("GET", `${objects}/k?alt=media`)).text()).toBe("as it was");
});

test("a listing whose glob is empty is a plain one", async () => {
  expect((await ask("GET", `${objects}?matchGlob=`)).status).toBe(200);
});

describe("fields", () => {
  test.each([
    ["items/name", { items: [{ name: "folder/l" }, { name: "k" }] }],
    [
      "items(name,size),nextPageToken",
      {
        items: [
          { name: "folder/l", size: "5" },
          { name: "k", size: "9" },
        ],
      },
    ],
    ["items(metadata)", { items: [{}, {}] }],
    ["kind,prefixes", { kind: "storage#objects" }],
    ["*(name)", { kind: "storage#objects", items: [{ name: "folder/l" }, { name: "k" }] }],
  ])("%s", async (fields, expected) => {
    expect(await (await ask("GET", `${objects}?fields=${encodeURIComponent(fields)}`)).json()).toEqual(
      expected,
    );
  });

  test.each(["nosuch", "items(nosuch)", "items/name/x", "items(name", "items)", "", ",", "items()"])(
    "%j is none",
    async (fields) => {
      const answer = await ask("GET", `${objects}?fields=${encodeURIComponent(fields)}`);
      expect(answer.status).toBe(400);
    },
  );

  test("of one object, and of one that is made", async () => {
    const answer = await ask("GET", `${objects}/k?fields=name,size`);
    expect(await answer.json()).toEqual({ name: "k", size: "9" });
    const made = await ask("POST", upload("media", "name=k&fields=size"), {}, "as it was");
    expect(await made.json()).toEqual({ size: "9" });
  });
});

describe("what was packed", () => {
  const text = "packed ".repeat(100);
  const get = (name: string, headers: Record<string, string>) =>
    new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      // Node's fetch always says that it reads gzip, and unpacks.
      request(
        `${served.url}${objects}/${name}?alt=media`,
        { headers: { authorization, ...headers } },
        async (answer) => resolve({ headers: answer.headers, body: await buffer(answer) }),
      )
        .once("error", reject)
        .end();
    });
  beforeEach(async () => {
    const put = (name: string, fields: object) =>
      served.operator().then((client) =>
        client
          .bucket(ledger)
          .file(name)
          .save(gzipSync(text), { resumable: false, metadata: { contentEncoding: "gzip", ...fields } }),
      );
    await put("packed", {});
    await put("kept", { cacheControl: "no-transform" });
  });

  test("comes unpacked, whole and without a length, to whoever does not say that they read it", async () => {
    const { headers, body } = await get("packed", { range: "bytes=0-3" });
    expect(body.toString()).toBe(text);
    expect([
      headers["content-length"],
      headers["content-encoding"],
      headers["x-goog-stored-content-encoding"],
    ]).toEqual([undefined, undefined, "gzip"]);
  });

  test.each([
    ["packed", { "accept-encoding": "br, gzip;q=0.5" }],
    ["kept", {}],
  ])("%s comes as it lies with %j", async (name, asked) => {
    const { headers, body } = await get(name, asked);
    expect([gunzipSync(body).toString(), headers["content-encoding"]]).toEqual([text, "gzip"]);
  });
});
