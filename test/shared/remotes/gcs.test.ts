// Objects of a Cloud Storage remote, over the wire: every page, every name as it is, with size and MD5.
import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { listen } from "../../../local/wire/listen.ts";
import { failureIn } from "../../../shared/failure.ts";
import { remoteLister } from "../../../shared/remotes/list.ts";
import { type Recorded, vendor } from "../../atlas/entry.ts";
import { storageHarness } from "../../local/storage/harness.ts";
import { wholeOf } from "./whole.ts";

const odd = ["a big+one.nc", "100%.nc", "ä & <b>.nc"];
const names = [...odd, ...Array.from({ length: 1001 }, (_, index) => `chunk/${index}`)].sort();
let store: Awaited<ReturnType<typeof storageHarness>>;

beforeAll(async () => {
  store = await storageHarness();
  const folder = join(store.folder, "remote");
  mkdirSync(join(folder, "set", "chunk"), { recursive: true });
  for (const name of names) writeFileSync(join(folder, "set", name), name);
  writeFileSync(join(folder, "settled"), "of another folder");
});
afterAll(() => store.close());

let far: Awaited<ReturnType<typeof vendor>> | undefined;
afterEach(() => far?.close());

/** A lister of a Cloud Storage that has these answers in turn, and then one page of these items; and what it was asked. */
async function answering(items: unknown[], first: Recorded[] = []) {
  const asked: string[] = [];
  const page = { status: 200, body: JSON.stringify({ kind: "storage#objects", items }) };
  far = await vendor((path) => {
    asked.push(path);
    return first[asked.length - 1] ?? page;
  });
  const storage = Object.assign(await store.operator(), { baseUrl: far.url });
  Object.assign(storage.retryOptions, { maxRetries: 4, maxRetryDelay: 0 });
  return { asked, lister: remoteLister({ storage: async () => storage, keys }) };
}

const keys = () => Promise.reject(new Error("no key is asked"));

test("every object below the path, with its size and MD5, over two pages", async () => {
  const list = wholeOf(remoteLister({ storage: store.operator, keys }));
  const found = await list("scratch", { kind: "gcs", bucket: "remote" }, "set");
  expect(found.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
    names.map((name) => ({ name, size: Buffer.byteLength(name), md5: hash("md5", name) })),
  );
});

test("what stands beside the bytes is told to whoever asks for it, and to nobody else", async () => {
  const storage = await store.operator();
  const file = storage.bucket("remote").file("beside/one");
  await file.save("{}", {
    resumable: false,
    metadata: { contentEncoding: "identity", metadata: { a: "b" } },
  });
  await storage.bucket("remote").file("beside/two").save("{}", { resumable: false });
  const list = remoteLister({ storage: async () => storage, keys });
  const place = ["scratch", { kind: "gcs", bucket: "remote" }] as const;
  const seen = await Array.fromAsync(list(...place, { path: "beside", beside: true }));
  expect(seen.flat()).toMatchObject([
    { name: "one", beside: ["content encoding", "own metadata"] },
    { name: "two", beside: [] },
  ]);
  const { lister, asked } = await answering([]);
  await Array.fromAsync(lister(...place, { path: "beside" }));
  expect([asked.length, asked.join()]).toEqual([1, expect.not.stringContaining("metadata")]);
});

test("a colder class is told of each object that is in one, and of no other", async () => {
  const kinds = ["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "a new one"];
  const items = kinds.map((storageClass, n) => ({
    name: `set/${n}`,
    size: "1",
    generation: "7",
    storageClass,
  }));
  const list = wholeOf((await answering(items)).lister);
  const of = { size: 1, generation: "7" };
  expect(await list("scratch", { kind: "gcs", bucket: "remote" }, "set")).toEqual([
    { name: "0", ...of },
    { name: "1", ...of, storageClass: "nearline" },
    { name: "2", ...of, storageClass: "coldline" },
    { name: "3", ...of, storageClass: "archive" },
    { name: "4", ...of },
    { name: "5", ...of },
  ]);
});

test("an object that was composed of others has no MD5, and is known by its generation", async () => {
  const items = [
    { name: "set/a", size: "1", generation: "7" },
    { name: "set/b", size: "1" },
  ];
  const list = wholeOf((await answering(items)).lister);
  expect(await list("scratch", { kind: "gcs", bucket: "remote" }, "set")).toEqual([
    { name: "a", size: 1, generation: "7" },
    { name: "b", size: 1 },
  ]);
});

describe("a page that does not come at once", () => {
  const passing = [408, 429, 500, 503].map((status) => ({ status, body: "" }));

  test.each(passing)("is asked for again after $status", async (refused) => {
    const { lister, asked } = await answering([{ name: "set/a", size: "1" }], Array(4).fill(refused));
    expect(await wholeOf(lister)("scratch", { kind: "gcs", bucket: "remote" }, "set")).toEqual([
      { name: "a", size: 1 },
    ]);
    expect(asked).toHaveLength(5);
  });

  test.each([
    { tries: 5, refused: { status: 503, body: "" } },
    { tries: 1, refused: { status: 403, body: "" } },
    { tries: 1, refused: { status: 302, headers: { location: "http://127.0.0.1:1/" }, body: "" } },
  ])("is given up after $tries tries of $refused.status", async ({ tries, refused }) => {
    const { lister, asked } = await answering([], Array(9).fill(refused));
    const thrown = await wholeOf(lister)("scratch", { kind: "gcs", bucket: "remote" }, "set").catch(
      (error: unknown) => error,
    );
    expect([failureIn(thrown)?.service, asked.length]).toEqual(["storage", tries]);
  });

  test("is asked for again where the connection was closed", async () => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else response.end('{"kind":"storage#objects"}');
    });
    const baseUrl = `http://127.0.0.1:${await listen(server)}`;
    const storage = Object.assign(await store.operator(), { baseUrl });
    Object.assign(storage.retryOptions, { maxRetries: 1, maxRetryDelay: 0 });
    const list = wholeOf(remoteLister({ storage: async () => storage, keys }));
    expect(await list("scratch", { kind: "gcs", bucket: "remote" }, "set")).toEqual([]);
    expect(asked).toBe(2);
    server.close();
  });
});
