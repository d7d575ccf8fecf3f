// The ledger, listings of remotes and secrets by their production adapters: recorded answers, and answers that are none. What
// is not there, and a page that is no listing, are kept apart: records would be made anew, and transfers done twice.
import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { failureIn } from "../../shared/failure.ts";
import { ledger } from "../../shared/ledger.ts";
import { remoteLister } from "../../shared/remotes/list.ts";
import { secrets } from "../../shared/secrets.ts";
import { storageClient } from "../../shared/storage-client.ts";
import { wholeOf } from "../shared/remotes/whole.ts";
import { atlas, cutAnywhere, type Entry, type Recorded } from "./entry.ts";
import { apiary, errorPage, google, html, json, silence, thrown } from "./google-bodies.ts";
import { secretEntries } from "./google-secrets.ts";
import { type StorageCall, storageEntries } from "./google-storage.ts";

let far: Awaited<ReturnType<typeof google>>;
let noToken: Recorded | undefined;
beforeAll(async () => {
  far = await google(() => noToken);
});
afterEach(() => {
  noToken = undefined;
});
afterAll(() => far.close());

/** The production client; its repetitions would wait on the real clock. */
async function storage(at: { url: string; timeoutMs?: number } = { url: far.url }) {
  const { url, ...patience } = at;
  const client = await storageClient({ project: "p", endpoints: { storage: url }, ...patience })();
  client.retryOptions.autoRetry = false;
  client.retryOptions.maxRetries = 0;
  return client;
}
const records = () => ledger({ project: "p", storage: () => storage() });
const list = wholeOf(
  remoteLister({
    storage: () => storage(),
    keys: async () => "",
  }),
);
const calls: Record<StorageCall, () => Promise<unknown>> = {
  create: () => records().create("head/a.json", { v: 1 }),
  read: () => records().read("head/a.json", z.unknown()),
  list: () => records().list("runs/"),
  remote: () => list("archive", { kind: "gcs", bucket: "a-bucket" }, ""),
};

async function send({ call, ...recorded }: { call: StorageCall } & Recorded) {
  far.answers(recorded);
  return thrown(calls[call]());
}

async function sendSecret({ call: _, ...recorded }: Pick<Entry<"secret">, "call"> & Recorded) {
  far.answers(recorded);
  return thrown(secrets({ project: "example-hub-ops", endpoints: { secrets: far.url } }).read("gmail-oauth"));
}

atlas(storageEntries, send);
atlas(secretEntries, sendSecret);
cutAnywhere(storageEntries, send, 40);
cutAnywhere(secretEntries, sendSecret, 20);

describe("what is not there", () => {
  test.each([
    ["told as text, as downloads are", html(404, "No such object: p-ledger/head/a.json")],
    ["told as JSON", apiary(404, "notFound", "No such object: p-ledger/head/a.json")],
  ])("is no failure, %s", async (_, recorded) => {
    far.answers(recorded);
    expect(await calls.read()).toBeUndefined();
  });

  test.each<[string, Recorded, string]>([
    ["a bucket that is gone", html(404, "The specified bucket does not exist."), "no-bucket"],
    ["a page of somebody else's", errorPage(404, "Not Found"), "404"],
  ])("is not %s", async (_, recorded, cause) => {
    expect(failureIn(await send({ call: "read", ...recorded }))).toMatchObject({ service: "storage", cause });
  });

  test("is not a function without a token", async () => {
    noToken = { ...errorPage(404, "Not Found"), headers: { "metadata-flavor": "Google" } };
    const error = await send({ call: "read", ...html(404, "No such object: p-ledger/head/a.json") });
    expect(failureIn(error)).toMatchObject({ service: "metadata", cause: "no-identity", lasts: "settling" });
  });
});

test("a record without its generation is none that can be changed", async () => {
  expect(failureIn(await send({ call: "read", ...json(200, { v: 1 }) }))).toMatchObject({
    service: "storage",
    cause: "unreadable",
  });
});

describe("a listing", () => {
  test.each<[string, Recorded]>([
    ["a page of HTML", html(200, "<html>")],
    ["nothing", { status: 200, body: "" }],
    ["half of a page", { ...json(200, {}), body: '{"items":[{"name":"a"' }],
    ["a list", json(200, [])],
    ["an object of another kind", json(200, {})],
    ["a mark and no more", { ...json(200, {}), body: "\ufeff{}" }],
    ["items that are none", json(200, { kind: "storage#objects", items: [{ x: 1 }] })],
  ])("that is %s is none, and never an empty one", async (_, recorded) => {
    for (const call of ["list", "remote"] as const)
      expect(failureIn(await send({ call, ...recorded }))).toMatchObject({
        cause: "unreadable",
        lasts: "transient",
      });
  });

  test("with nothing in it is empty", async () => {
    far.answers(json(200, { kind: "storage#objects" }));
    expect([await calls.list(), await calls.remote()]).toEqual([[], []]);
  });
});

test("a policy of the organisation is not taken for somebody who was quicker", async () => {
  far.answers(
    apiary(
      412,
      "conditionNotMet",
      "Request violates constraint 'constraints/storage.uniformBucketLevelAccess'",
    ),
  );
  const error = await thrown(records().remove("head/a.json", "1"));
  expect(failureIn(error)).toMatchObject({ cause: "organisation-policy", lasts: "lasting" });
  far.answers(
    apiary(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold."),
  );
  expect(await records().remove("head/a.json", "1")).toBe("changed");
});

test("a record that lost its answer on the way is no record", async () => {
  for (const recorded of [html(200, "<html>"), { status: 200, body: "" }])
    expect(failureIn(await send({ call: "read", ...recorded }))).toMatchObject({ cause: "unreadable" });
});

test("a secret that is no secret is none, and its words are not told", async () => {
  for (const recorded of [html(200, "<html>hunter2"), { status: 200, body: "" }, json(200, { payload: 1 })]) {
    const error = await sendSecret({ call: "secret", ...recorded });
    expect(failureIn(error)).toMatchObject({
      service: "secret-manager",
      cause: "unreadable",
      lasts: "transient",
    });
    expect(JSON.stringify(error)).not.toContain("hunter2");
  }
});

test.each([
  ["never answers", ""],
  [
    "falls silent in the midst of an answer",
    "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nx-goog-generation: 1\r\n\r\n{",
  ],
])("a Cloud Storage that %s is given up on, by name", async (_, head) => {
  const silent = createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => socket.write(head));
  });
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const { port } = silent.address() as AddressInfo;
  const patient = () => storage({ url: `http://127.0.0.1:${port}`, timeoutMs: 50 });
  const records = ledger({ project: "p", storage: patient });
  for (const call of [
    () => records.create("head/a.json", { v: 1 }),
    () => records.read("head/a.json", z.unknown()),
    () => records.list("runs/"),
    () => records.remove("head/a.json", "1"),
  ])
    expect(failureIn(await thrown(call()))).toMatchObject({ service: "storage", lasts: "transient" });
  silent.close();
});

test("a Secret Manager that never answers is given up on, by name", async () => {
  const silent = await silence();
  const error = await thrown(
    secrets({ project: "p", endpoints: { secrets: silent.url }, timeoutMs: 100 }).read("gmail-oauth"),
  );
  silent.close();
  expect(failureIn(error)).toMatchObject({
    service: "secret-manager",
    cause: "no-answer",
    lasts: "transient",
  });
});
