// The real client against the served far end: what is put is got, what is refused is refused in the vendor's numbers.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bucket } from "@google-cloud/storage";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { operatorIdentity } from "../../../local/wire/identity.ts";
import { codeOf, ledger, project, storageHarness } from "./harness.ts";

const operator = operatorIdentity(project);

let served: Awaited<ReturnType<typeof storageHarness>>;
let bucket: Bucket;

beforeAll(async () => {
  served = await storageHarness();
  bucket = (await served.operator()).bucket(ledger);
});
afterAll(async () => {
  expect(served.farEnd.violations).toEqual([]);
  await served.close();
});

const create = { preconditionOpts: { ifGenerationMatch: 0 }, resumable: false };
const swap = (generation: unknown) => ({
  preconditionOpts: { ifGenerationMatch: Number(generation) },
  resumable: false,
});
const textOf = async (name: string): Promise<string> => (await bucket.file(name).download())[0].toString();
const raw = (path: string, init: RequestInit = {}) => fetch(`${served.url}${path}`, init);

describe("objects", () => {
  test("put, get, list, delete", async () => {
    const file = bucket.file("runs/a/1.json");
    const about = { contentType: "application/json", metadata: { metadata: { flow: "sync" } } };
    await file.save('{"ä":1}', { ...create, ...about });
    expect(await textOf("runs/a/1.json")).toBe('{"ä":1}');
    const [files] = await bucket.getFiles({ prefix: "runs/a/" });
    expect(
      files.map(({ name, metadata }) => [name, metadata.size, metadata.contentType, metadata.metadata]),
    ).toEqual([["runs/a/1.json", "8", "application/json", { flow: "sync" }]]);
    expect(served.changes).toContain("runs/a/1.json");
    await file.delete();
    expect(await file.exists()).toEqual([false]);
    expect(await codeOf(file.download())).toBe(404);
    expect(await codeOf(file.delete())).toBe(404);
  });

  test("compare and swap on the generation", async () => {
    const file = bucket.file("head/members");
    await file.save("one", create);
    const first = file.metadata.generation;
    expect(await codeOf(bucket.file("head/members").save("two", create))).toBe(412);
    await bucket.file("head/members").save("two", swap(first));
    expect(await codeOf(bucket.file("head/members").save("three", swap(first)))).toBe(412);
    expect(await codeOf(bucket.file("head/members").delete({ ifGenerationMatch: Number(first) }))).toBe(412);
    expect(await textOf("head/members")).toBe("two");
    expect(await codeOf(bucket.file("head/nobody").save("x", swap(first)))).toBe(412);
    expect(await codeOf(bucket.file("head/members", { generation: String(first) }).download())).toBe(404);
  });

  test("of 200 that create the same name at once, exactly one wins, and its bytes are what is there", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => codeOf(bucket.file("race").save(`by ${index}`, create))),
    );
    expect(outcomes.filter((code) => code === 412)).toHaveLength(199);
    expect(await textOf("race")).toBe(`by ${outcomes.indexOf("no error")}`);
    expect(readdirSync(join(served.folder, "ledger/.groundcrew/incoming"))).toEqual([]);
    expect(
      readdirSync(join(served.folder, "ledger/.groundcrew/objects")).filter((name) =>
        name.startsWith("race~"),
      ),
    ).toHaveLength(1);
  });

  test.each(
    [
      "a//b",
      "a/../../b",
      "/leading",
      "trailing/",
      "é/ü 100%?#&=+.json",
      "a%2Fb",
      "...",
      "~",
      "nul\u0000byte",
      "日本".repeat(160),
      "x".repeat(1024),
    ].map((name) => [name.slice(0, 20), name]),
  )("an odd name is just a name: %j", async (_, name) => {
    await bucket.file(name).save(`this is ${name}`, create);
    expect(await textOf(name)).toBe(`this is ${name}`);
    const [files] = await bucket.getFiles({ prefix: name });
    expect(files.map((file) => file.name)).toContain(name);
    await bucket.file(name).delete();
    expect((await bucket.file(name).exists())[0]).toBe(false);
  });

  test("a name may be a folder and a file", async () => {
    await bucket.file("both").save("file", create);
    await bucket.file("both/inside").save("inside", create);
    expect([await textOf("both"), await textOf("both/inside")]).toEqual(["file", "inside"]);
  });

  test.each(
    ["x".repeat(1025), "..", "a\nb", ".well-known/acme-challenge/x"].map((name) => [name.slice(0, 30), name]),
  )("the name %j is refused", async (_, name) => {
    expect(await codeOf(bucket.file(name).save("x", create))).toBe(400);
  });

  test("a part of an object", async () => {
    await bucket.file("range").save("0123456789", create);
    const part = async (range: string) => {
      const answer = await raw(`/storage/v1/b/${ledger}/o/range?alt=media`, {
        headers: { range, authorization: served.tokenOf(operator) },
      });
      return [answer.status, answer.headers.get("content-range"), await answer.text()];
    };
    expect(await part("bytes=2-4")).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await part("bytes=7-")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await part("bytes=-3")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await part("bytes=0-99")).toEqual([206, "bytes 0-9/10", "0123456789"]);
    expect((await part("bytes=10-"))[0]).toBe(416);
    expect((await bucket.file("range").download({ start: 1, end: 2 }))[0].toString()).toBe("12");
  });

  test("an empty one and a large one", async () => {
    await bucket.file("empty").save("", create);
    expect(await textOf("empty")).toBe("");
    const large = Buffer.alloc(3_000_001, "0123456789");
    await bucket.file("large").save(large, create);
    expect((await bucket.file("large").download())[0].equals(large)).toBe(true);
  });

  test("a file that somebody has damaged is given as it is", async () => {
    await bucket.file("damaged").save('{"whole":true}', create);
    const folder = join(served.folder, "ledger/.groundcrew/objects");
    const [name = ""] = readdirSync(folder).filter((entry) => entry.startsWith("damaged~"));
    writeFileSync(join(folder, name), readFileSync(join(folder, name)).subarray(0, 5));
    expect(await textOf("damaged")).toBe('{"who');
  });
});

describe("who may", () => {
  test("no token, a forged one, no bucket", async () => {
    const list = (authorization?: string, name = ledger) =>
      raw(`/storage/v1/b/${name}/o`, authorization === undefined ? {} : { headers: { authorization } });
    const anonymous = await list();
    expect([anonymous.status, await anonymous.json()]).toEqual([
      401,
      {
        error: expect.objectContaining({
          code: 401,
          message: expect.stringMatching(/^Anonymous caller does not have storage\.objects\.list access/),
        }),
      },
    ]);
    expect((await list(`${served.tokenOf(operator)}x`)).status).toBe(401);
    const none = await list(served.tokenOf(operator), "no-such-bucket");
    expect([none.status, (await none.text()).includes("The specified bucket does not exist.")]).toEqual([
      404,
      true,
    ]);
  });

  test("a function does what its row grants, and no more", async () => {
    const client = (await served.client("sync-members")).bucket(ledger);
    await client.file("runs/mine").save("1", create);
    expect(await codeOf(client.file("runs/mine").save("2", { resumable: false }))).toBe(403);
    expect(await codeOf(client.file("runs/mine").save("2", create))).toBe(412);
    expect(await codeOf(client.file("runs/mine").delete())).toBe(403);
    expect(await codeOf(client.file("notices/x").save("1", create))).toBe(403);
    expect(await codeOf(client.file("notices/x").download())).toBe(403);
    expect(await codeOf(client.getFiles({ prefix: "" }))).toBe(403);
    await client.file("head/mine").save("1", create);
    await client.file("head/mine").save("2", { resumable: false });
    expect([await textOf("runs/mine"), await textOf("head/mine")]).toEqual(["1", "2"]);
    await expect(client.file("notices/x").save("1", create)).rejects.toThrow(
      "sync-members@sample-hub-1.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object. Permission 'storage.objects.create' denied on resource (or it may not exist).",
    );
  });
});

describe("what goes wrong", () => {
  test("a lost answer: the client's second try is told 412 though the first one did it", async () => {
    served.faults.add({ farEnd: "storage", match: "POST /upload", failure: { kind: "lost-answer" } });
    served.faults.forget();
    expect(await codeOf(bucket.file("lost").save("once", create))).toBe(412);
    expect(served.count("storage", "POST")).toBe(2);
    expect(await textOf("lost")).toBe("once");
  });

  test("503 is tried again, 400 is not", async () => {
    served.faults.add({ farEnd: "storage", match: "POST", failure: { kind: "status", status: 503 } });
    await bucket.file("tried-again").save("x", create);
    served.faults.add({
      farEnd: "storage",
      match: "POST",
      times: 5,
      failure: { kind: "status", status: 400 },
    });
    served.faults.forget();
    expect(await codeOf(bucket.file("not-tried-again").save("x", create))).toBe(400);
    expect(served.count("storage", "POST")).toBe(1);
    served.faults.clear();
  });

  test("a truncated download is an error, never half an object", async () => {
    await bucket.file("cut").save("x".repeat(10_000), create);
    served.faults.add({ farEnd: "storage", match: "GET", times: 9, failure: { kind: "truncated" } });
    await expect(textOf("cut")).rejects.toThrow();
    served.faults.clear();
  });

  test("what Google does not declare is refused by name", async () => {
    const headers = { authorization: served.tokenOf(operator) };
    for (const [query, status, words] of [
      ["colour=red", 501, "the query word colour"],
      ["maxResults=-1", 400, "must be at least 0"],
    ] as const) {
      const answer = await raw(`/storage/v1/b/${ledger}/o?${query}`, { headers });
      expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
    }
    expect(served.farEnd.violations.splice(0)).toHaveLength(2);
  });
});
