// Uploads in parts that nobody completed, at the S3 store: a transfer's own are ended, everybody else's are let be.
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { AwsClient } from "aws4fetch";
import { type EndUploads, uploadEnder } from "../../../shared/remotes/uploads.ts";
import { keyId, remote, type S3Harness, s3Harness, secret } from "./harness.ts";

const now = new Date();
let store: S3Harness;
let endUploads: EndUploads;
let client: AwsClient;

beforeEach(async () => {
  store = await s3Harness();
  endUploads = uploadEnder({ keys: async () => `pod ${keyId} ${secret}`, s3Endpoint: store.url });
  client = store.client;
});
afterEach(() => store.close());

/** Begins an upload and brings one part of it. */
async function begin(key: string): Promise<void> {
  const url = `${store.url}/inbox/${encodeURIComponent(key).replaceAll("%2F", "/")}`;
  const begun = await (await client.fetch(`${url}?uploads=`, { method: "POST" })).text();
  const id = /<UploadId>(.*)<\/UploadId>/.exec(begun)?.[1];
  const part = await client.fetch(`${url}?partNumber=1&uploadId=${id}`, {
    method: "PUT",
    body: "x".repeat(9),
  });
  expect(part.status).toBe(200);
}

async function openKeys(): Promise<string[]> {
  const answer = await client.fetch(`${store.url}/inbox?uploads=`);
  const text = await answer.text();
  return [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = ""]) => key).sort();
}

const ours = new Set(["a big+one.nc", "b.nc"]);
const later = (date: Date, ms: number): Date => new Date(date.getTime() + ms);
const of = (since: Date, until: Date = later(now, 3_600_000)) => ({
  path: "set",
  ...{ since, until },
  ours: async (names: readonly string[]) => new Set(names.filter((name) => ours.has(name))),
});

test("ends those of its names that were begun since, and their bytes are gone", async () => {
  const since = new Date(now.getTime() - 1000);
  await begin("set/a big+one.nc");
  await begin("set/a big+one.nc");
  await begin("set/b.nc");
  await begin("set/somebody-else.nc");
  await begin("settle/b.nc");
  expect(await endUploads("pod", remote, of(since))).toEqual({ ended: 3, left: 1 });
  expect(await openKeys()).toEqual(["set/somebody-else.nc", "settle/b.nc"]);
  expect(await endUploads("pod", remote, of(since))).toEqual({ ended: 0, left: 1 });
  const parts = readdirSync(store.folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(parts).toHaveLength(2);
});

test("lets one be that was begun before the transfer, and a Cloud Storage target", async () => {
  await begin("set/b.nc");
  expect(await endUploads("pod", remote, of(later(new Date(), 1000)))).toEqual({ ended: 0, left: 1 });
  expect(await openKeys()).toEqual(["set/b.nc"]);
  expect(await endUploads("scratch", { kind: "gcs", bucket: "scratch" }, of(now))).toEqual({
    ended: 0,
    left: 0,
  });
});

test("lets one be that was begun when the transfer had no machine any more, of a name of its own too", async () => {
  await begin("set/b.nc");
  expect(await endUploads("pod", remote, of(later(now, -3_600_000), later(now, -1)))).toEqual({
    ended: 0,
    left: 1,
  });
  expect(await openKeys()).toEqual(["set/b.nc"]);
});

test("reads more than one page, says when it may not look, and fails when the store does", async () => {
  for (let index = 0; index < 1003; index += 1)
    await client.fetch(`${store.url}/inbox/set/b.nc?uploads=`, { method: "POST" });
  expect(await endUploads("pod", remote, of(new Date(now.getTime() - 1000)))).toEqual({
    ended: 1003,
    left: 0,
  });
  store.faults.add({ farEnd: "s3", match: "GET", failure: { kind: "status", status: 403 } });
  expect(await endUploads("pod", remote, of(now))).toBe("refused");
  store.faults.add({ farEnd: "s3", match: "GET", times: 5, failure: { kind: "status", status: 503 } });
  await expect(endUploads("pod", remote, of(now))).rejects.toMatchObject({
    failure: { service: "s3", cause: "503" },
  });
});
