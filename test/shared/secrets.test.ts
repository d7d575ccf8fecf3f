// Tests of how long a secret's value is kept, what is not kept, and what people are told to do about one that is missing.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { identityAuth } from "../../shared/google-auth.ts";
import { secrets } from "../../shared/secrets.ts";
import { esf, google, json } from "../atlas/google-bodies.ts";

let far: Awaited<ReturnType<typeof google>>;
beforeAll(async () => {
  far = await google();
});
afterAll(() => far.close());

const valued = (value: string) => json(200, { payload: { data: Buffer.from(value).toString("base64") } });
const missing = esf(
  404,
  "NOT_FOUND",
  "Secret [projects/1/secrets/gmail-oauth] not found or has no versions.",
);
const project = "example-hub-ops";
const served = (real = Date.now) => secrets({ project, endpoints: { secrets: far.url }, real });

test("a value is kept for five minutes, each by its name", async () => {
  let now = 0;
  const { read } = served(() => now);
  far.answers(valued("old"));
  expect(await read("gmail-oauth")).toBe("old");
  far.answers(valued("new"));
  now = 299_999;
  expect([await read("gmail-oauth"), await read("slack-bot-token")]).toEqual(["old", "new"]);
  now = 300_000;
  expect(await read("gmail-oauth")).toBe("new");
});

test("a failure is not kept, and an answer without a value is one", async () => {
  const { read } = served();
  far.answers(json(200, {}));
  await expect(read("gmail-oauth")).rejects.toMatchObject({ failure: { cause: "unreadable" } });
  far.answers(valued("there"));
  expect(await read("gmail-oauth")).toBe("there");
});

test("who lacks a secret is told to add it: in the cloud, and on a sample hub", async () => {
  far.answers(missing);
  const next = (words: string) => ({ explanation: { next: expect.stringContaining(words) } });
  await expect(served().read("gmail-oauth")).rejects.toMatchObject(next("the file secrets/gmail-oauth/1"));
  // Calls Google's own address, and is led away from it on its way.
  const auth = async () => {
    const client = await identityAuth(["a-scope"]);
    client.transporter.interceptors.request.add({
      resolved: async (config) =>
        Object.assign(config, { url: new URL(String(config.url).replace(/^https:\/\/[^/]+/, far.url)) }),
    });
    return client;
  };
  const cloud = secrets({ project, endpoints: {}, auth });
  await expect(cloud.read("gmail-oauth")).rejects.toMatchObject(next(`--project ${project}`));
});
