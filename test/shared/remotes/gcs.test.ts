// Objects of a Cloud Storage remote, over the wire: every page, every name as it is, with size and MD5.
import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { remoteLister } from "../../../shared/remotes/list.ts";
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
  const asked: unknown[] = [];
  const request = async ({ qs }: { qs: object }) => {
    asked.push(qs);
    return [{ kind: "storage#objects" }];
  };
  const bucket = Object.assign(storage.bucket("remote"), { request });
  const spied = remoteLister({ storage: async () => Object.assign(storage, { bucket: () => bucket }), keys });
  await Array.fromAsync(spied(...place, { path: "beside" }));
  expect(JSON.stringify(asked)).not.toContain("metadata");
});

test("a colder class is told of each object that is in one, and of no other", async () => {
  const storage = await store.operator();
  const kinds = ["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "a new one"];
  const items = kinds.map((storageClass, n) => ({
    name: `set/${n}`,
    size: "1",
    generation: "7",
    storageClass,
  }));
  const request = async () => [{ kind: "storage#objects", items }];
  const bucket = Object.assign(storage.bucket("remote"), { request });
  const list = wholeOf(
    remoteLister({ storage: async () => Object.assign(storage, { bucket: () => bucket }), keys }),
  );
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
  const storage = await store.operator();
  const request = async () => [
    {
      kind: "storage#objects",
      items: [
        { name: "set/a", size: "1", generation: "7" },
        { name: "set/b", size: "1" },
      ],
    },
  ];
  const bucket = Object.assign(storage.bucket("remote"), { request });
  const list = wholeOf(
    remoteLister({ storage: async () => Object.assign(storage, { bucket: () => bucket }), keys }),
  );
  expect(await list("scratch", { kind: "gcs", bucket: "remote" }, "set")).toEqual([
    { name: "a", size: 1, generation: "7" },
    { name: "b", size: 1 },
  ]);
});
