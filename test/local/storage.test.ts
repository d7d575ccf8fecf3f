// The real client against the served far end: what is put is got, what is refused is refused in the vendor's numbers.

import type { Bucket } from "@google-cloud/storage";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { codeOf, ledger, servedStorage } from "./storage-served.ts";

let served: Awaited<ReturnType<typeof servedStorage>>;
let bucket: Bucket;

beforeAll(async () => {
  served = await servedStorage();
  bucket = (await served.operator()).bucket(ledger);
});
afterAll(async () => {
  expect(served.farEnd.violations).toEqual([]);
  await served.close();
});

const once = { preconditionOpts: { ifGenerationMatch: 0 }, resumable: false };

test("put, get, list, delete", async () => {
  const file = bucket.file("runs/a/1.json");
  await file.save('{"ä":1}', {
    ...once,
    contentType: "application/json",
    metadata: { metadata: { flow: "sync" } },
  });
  const [bytes] = await file.download();
  expect(bytes.toString()).toBe('{"ä":1}');
  const [files] = await bucket.getFiles({ prefix: "runs/a/" });
  expect(
    files.map(({ name, metadata }) => [name, metadata.size, metadata.contentType, metadata.metadata]),
  ).toEqual([["runs/a/1.json", "8", "application/json", { flow: "sync" }]]);
  await file.delete();
  expect(await file.exists()).toEqual([false]);
  expect(await codeOf(file.download())).toBe(404);
  expect(await codeOf(file.delete())).toBe(404);
});

test("compare and swap on the generation", async () => {
  const file = bucket.file("head/members");
  await file.save("one", once);
  expect(await codeOf(file.save("two", once))).toBe(412);
  const first = file.metadata.generation;
  await bucket
    .file("head/members")
    .save("two", { resumable: false, preconditionOpts: { ifGenerationMatch: Number(first) } });
  expect(
    await codeOf(
      bucket
        .file("head/members")
        .save("three", { resumable: false, preconditionOpts: { ifGenerationMatch: Number(first) } }),
    ),
  ).toBe(412);
  expect((await bucket.file("head/members").download())[0].toString()).toBe("two");
});
