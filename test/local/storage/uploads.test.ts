// The three ways in, byte by byte: what the real client's own upload session sends, and what only a broken client does.
import { existsSync, readdirSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import type { Bucket } from "@google-cloud/storage";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { operatorIdentity } from "../../../local/wire/identity.ts";
import { codeOf, ledger, project, storageHarness } from "./harness.ts";

const operator = operatorIdentity(project);

let served: Awaited<ReturnType<typeof storageHarness>>;
let bucket: Bucket;
let disk: "fine" | "full" = "fine";

beforeAll(async () => {
  served = await storageHarness({
    append: async (file, bytes) => {
      if (disk === "full") throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      await appendFile(file, bytes);
    },
  });
  bucket = (await served.operator()).bucket(ledger);
});
afterAll(async () => {
  expect(served.farEnd.violations).toEqual([]);
  await served.close();
});

const chunk = 256 * 1024;
const upload = () => `${served.url}/upload/storage/v1/b/${ledger}/o`;
const bytesOf = async (name: string): Promise<Buffer> => (await bucket.file(name).download())[0];
const waiting = (): string[] => readdirSync(join(served.folder, "ledger/.groundcrew/incoming"));

async function session(name: string, query = ""): Promise<string> {
  const answer = await fetch(`${upload()}?uploadType=resumable&name=${name}${query}`, {
    method: "POST",
    headers: { authorization: served.tokenOf(operator) },
  });
  return answer.headers.get("location") ?? "";
}

async function send(
  address: string,
  range: string,
  body = Buffer.alloc(0),
  headers: Record<string, string> = {},
) {
  const answer = await fetch(address, {
    method: "PUT",
    headers: { "content-range": range, ...headers },
    body: new Uint8Array(body),
    redirect: "manual",
  });
  return [answer.status, answer.headers.get("range")];
}

describe("resumable", () => {
  test("the client's own session, in chunks", async () => {
    const [uri] = await bucket
      .file("chunks")
      .createResumableUpload({ preconditionOpts: { ifGenerationMatch: 0 } });
    const bytes = Buffer.alloc(chunk * 2 + 77, "abc");
    await bucket.file("chunks").save(bytes, { resumable: true, uri, chunkSize: chunk });
    expect((await bytesOf("chunks")).equals(bytes)).toBe(true);
    expect(waiting()).toEqual([]);
    expect(
      await codeOf(
        bucket.file("chunks").createResumableUpload({ preconditionOpts: { ifGenerationMatch: 0 } }),
      ),
    ).toBe(412);
  });

  test("the client's own session, in one stream whose answer is lost: it asks, and is told the object", async () => {
    const [uri] = await bucket.file("stream").createResumableUpload();
    served.faults.add({ farEnd: "storage", match: "PUT", failure: { kind: "lost-answer" } });
    await bucket.file("stream").save("all of it", { resumable: true, uri });
    expect((await bytesOf("stream")).toString()).toBe("all of it");
  });

  test("a chunk of more or fewer bytes than it says is none", async () => {
    const address = await session("lengths");
    expect(await send(address, "bytes 0-4/10", Buffer.from("0123456789"))).toEqual([400, null]);
    expect(await send(address, "bytes 0-9/5", Buffer.from("01234"))).toEqual([400, null]);
    expect(await send(address, "bytes 0-4/5", Buffer.from("01234"))).toEqual([200, null]);
    expect((await bytesOf("lengths")).toString()).toBe("01234");
  });

  test("what is not a multiple of 256 KiB is not kept before the end; what comes twice counts once", async () => {
    const address = await session("pieces");
    const bytes = Buffer.from(Array.from({ length: chunk + 100 }, (_, index) => index % 251));
    expect(await send(address, "bytes */*")).toEqual([308, null]);
    expect(await send(address, `bytes 0-${chunk + 9}/*`, bytes.subarray(0, chunk + 10))).toEqual([
      308,
      `bytes=0-${chunk - 1}`,
    ]);
    expect(await send(address, `bytes */${bytes.length}`)).toEqual([308, `bytes=0-${chunk - 1}`]);
    expect(
      await send(address, `bytes ${chunk + 50}-${chunk + 99}/${bytes.length}`, bytes.subarray(chunk + 50)),
    ).toEqual([308, `bytes=0-${chunk - 1}`]);
    expect(await send(address, `bytes 10-${bytes.length - 1}/${bytes.length}`, bytes.subarray(10))).toEqual([
      200,
      null,
    ]);
    expect((await bytesOf("pieces")).equals(bytes)).toBe(true);
    expect(await send(address, "bytes */*")).toEqual([200, null]);
  });

  test("a client that cannot read 308 gets it in a header", async () => {
    const address = await session("no-308");
    const answer = await fetch(address, {
      method: "PUT",
      headers: { "content-range": "bytes */*", "x-guploader-no-308": "yes" },
    });
    expect([answer.status, answer.headers.get("x-http-status-code-override")]).toEqual([200, "308"]);
  });

  test("the condition counts at the end, too", async () => {
    const address = await session("late", "&ifGenerationMatch=0");
    await bucket.file("late").save("first", { resumable: false });
    expect(await send(address, "bytes 0-5/6", Buffer.from("second"))).toEqual([412, null]);
    expect((await bytesOf("late")).toString()).toBe("first");
    expect(await send(address, "bytes */*")).toEqual([404, null]);
    expect(await send(`${upload()}?upload_id=unknown`, "bytes */*")).toEqual([404, null]);
  });

  test("an empty object", async () => {
    expect(await send(await session("nothing"), "bytes */0")).toEqual([200, null]);
    expect((await bytesOf("nothing")).length).toBe(0);
  });
});

describe("what must not become an object", () => {
  const post = (query: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${upload()}?${query}`, {
      method: "POST",
      body,
      headers: { authorization: served.tokenOf(operator), ...headers },
    });

  test.each([
    ["a wrong checksum", { name: "bad", crc32c: "AAAAAA==" }, "Provided CRC32C"],
    ["an unknown field", { name: "bad", colour: "red" }, "unknown field colour"],
    ["a number where a string belongs", { name: "bad", metadata: { a: 1 } }, "metadata.a must be string"],
    ["an access list", { name: "bad", acl: [] }, "uniform bucket-level access"],
    ["another bucket", { name: "bad", bucket: "other" }, "is not the bucket in the address"],
  ])("%s", async (what, resource, words) => {
    const body = `--x\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(resource)}\r\n--x\r\nContent-Type: text/plain\r\n\r\nbytes\r\n--x--`;
    const answer = await post("uploadType=multipart", body, {
      "content-type": 'multipart/related; boundary="x"',
    });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
    expect((await bucket.file("bad").exists())[0]).toBe(false);
    expect(waiting()).toEqual([]);
    const isUnknown = what === "an unknown field" || what === "a number where a string belongs";
    expect(served.farEnd.violations.splice(0)).toHaveLength(isUnknown ? 1 : 0);
  });

  test.each(["", "--x\r\n", "--x\r\n\r\n{}\r\n--x--", "--x\r\n\r\n{\r\n--x\r\n\r\nb\r\n--x--"])(
    "a malformed body %j",
    async (body) => {
      const answer = await post("uploadType=multipart&name=bad", body, {
        "content-type": "multipart/related; boundary=x",
      });
      expect(answer.status).toBe(400);
    },
  );

  test("a body that breaks off", async () => {
    const { port } = new URL(served.url);
    await new Promise<void>((resolve) => {
      const broken = request({
        port,
        method: "POST",
        path: `/upload/storage/v1/b/${ledger}/o?uploadType=media&name=broken`,
        headers: { authorization: served.tokenOf(operator), "content-length": "1000000" },
      });
      broken.on("error", () => resolve());
      broken.write("x".repeat(100_000), () => broken.destroy());
    });
    // Each answer is a turn of the far end: first it takes the bytes in, then it sees that the connection is broken.
    for (let tries = 0; tries < 200 && (tries < 20 || waiting().length > 0); tries += 1)
      await bucket.file("broken").exists();
    expect((await bucket.file("broken").exists())[0]).toBe(false);
    expect(waiting()).toEqual([]);
  });

  test("a full disk: 507, and what was there stays", async () => {
    await bucket.file("precious").save("kept", { resumable: false });
    disk = "full";
    expect(await codeOf(bucket.file("precious").save("lost?", { resumable: false }))).toBe(507);
    const address = await session("also-full");
    expect(await send(address, "bytes 0-3/4", Buffer.from("four"))).toEqual([507, null]);
    disk = "fine";
    expect((await bytesOf("precious")).toString()).toBe("kept");
    expect(await send(address, "bytes 0-3/4", Buffer.from("four"))).toEqual([200, null]);
    expect(existsSync(join(served.folder, "ledger"))).toBe(true);
  });
});
