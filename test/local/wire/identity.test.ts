// Tests of who is calling and what they may: forged and old tokens speak for nobody, and a grant reaches as far as its prefix.
import { createHmac } from "node:crypto";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { identities, operatorIdentity } from "../../../local/wire/identity.ts";
import { openState } from "../../../local/wire/state.ts";
import { identityOf, rowOf } from "../../../shared/functions.ts";

const project = "sample-hub-1";
const state = openState(":memory:");
const known = identities({ state, project });
afterAll(() => state.close());

const email = identityOf("send-notice", project);
const good = known.mint(email, ["a", "b"]).token;
const [body = "", signature = ""] = good.slice("ya29.sample.".length).split(".");
const key = z
  .object({ key: z.instanceof(Uint8Array) })
  .parse(state.prepare("SELECT key FROM identity_key").get()).key;

/** A token that says this, signed with the sample hub's own key. */
function tokenOf(claims: unknown, signedWith: Uint8Array = key): string {
  const text = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `ya29.sample.${text}.${createHmac("sha256", signedWith).update(text).digest("base64url")}`;
}
const now = () => Math.floor(Date.now() / 1000);

describe("tokens", () => {
  test("speak for whom they were made, also after a restart", () => {
    expect(known.mint(email, []).expiresInSeconds).toBe(3600);
    expect(known.callerOf(`Bearer ${good}`)).toEqual({ email, scopes: ["a", "b"] });
    expect(identities({ state, project }).callerOf(`Bearer ${good}`)).toEqual({ email, scopes: ["a", "b"] });
  });

  test("of another sample hub speak for nobody", () => {
    const other = openState(":memory:");
    expect(identities({ state: other, project }).callerOf(`Bearer ${good}`)).toBeUndefined();
    other.close();
  });

  test("a second longer, and not a second more", () => {
    expect(known.callerOf(`Bearer ${tokenOf([email, now() + 2, []])}`)).toEqual({ email, scopes: [] });
    expect(known.callerOf(`Bearer ${tokenOf([email, now() - 1, []])}`)).toBeUndefined();
  });

  const operator = operatorIdentity(project);
  test.each<[string, string | null | undefined]>([
    ["nothing", undefined],
    ["null", null],
    ["an empty header", ""],
    ["no scheme", good],
    ["another scheme", `Basic ${good}`],
    ["a lower-case scheme", `bearer ${good}`],
    ["a real one of Google's", "Bearer ya29.a0AfH6SMB"],
    ["no signature", `Bearer ya29.sample.${body}`],
    ["an empty signature", `Bearer ya29.sample.${body}.`],
    ["half a signature", `Bearer ya29.sample.${body}.${signature.slice(0, 20)}`],
    ["a signature with more", `Bearer ${good}A`],
    ["a third part", `Bearer ${good}.x`],
    ["a blank behind", `Bearer ${good} `],
    ["twice", `Bearer ${good}, Bearer ${good}`],
    [
      "another's claims",
      `Bearer ${tokenOf([operator, now() + 60, []])
        .split(".")
        .slice(0, 3)
        .join(".")}.${signature}`,
    ],
    ["a guessed key", `Bearer ${tokenOf([operator, now() + 60, []], Buffer.alloc(32))}`],
    ["too old", `Bearer ${tokenOf([operator, now() - 3600, []])}`],
  ])("%s: nobody", (_, header) => {
    expect(known.callerOf(header)).toBeUndefined();
  });
});

describe("grants", () => {
  const object = (name: string, bucket = "sample-hub-1-ledger") => `buckets/${bucket}/objects/${name}`;
  const secret = (name: string, of = project) => `projects/${of}/secrets/${name}`;
  const topic = (name: string) => `projects/${project}/topics/${name}`;

  test.each<[string, string, boolean]>([
    ["storage.objects.create", object("runs/2026-11-21/x.json"), true],
    ["storage.objects.create", object("notices/prod/a/1-claim.json"), true],
    ["storage.objects.get", object("notices/prod/a/1-claim.json"), true],
    ["storage.objects.list", object("notices/"), true],
    ["storage.objects.delete", object("notices/prod/a/1-claim.json"), false],
    ["storage.objects.create", object("head/members/prod.json"), false],
    ["storage.objects.get", object("head/members/prod.json"), false],
    ["storage.objects.list", object(""), false],
    ["storage.objects.list", object("notice"), false],
    ["storage.objects.create", object("runsaway/x"), false],
    ["storage.objects.create", object("/runs/x"), false],
    ["storage.objects.create", object("runs/x", "other-ledger"), false],
    ["storage.buckets.get", "buckets/sample-hub-1-ledger", false],
    ["secretmanager.versions.access", secret("gmail-oauth"), true],
    ["secretmanager.versions.access", secret("gmail-oauth-2"), false],
    ["secretmanager.versions.access", secret("github-app-key"), false],
    ["secretmanager.versions.access", secret("gmail-oauth", "other-hub"), false],
    ["secretmanager.versions.add", secret("gmail-oauth"), false],
    // It publishes its own messages again, and what it cannot finish is told by one.
    ["pubsub.topics.publish", topic("notice"), true],
    ["pubsub.topics.publish", topic("sheet-changed"), false],
  ])("send-notice, %s on %s: %s", (permission, resource, may) => {
    expect(known.may(email, permission, resource)).toBe(may);
  });

  test("a function publishes to its own topics alone", () => {
    const sync = identityOf("sync-members", project);
    expect(known.may(sync, "pubsub.topics.publish", topic("notice"))).toBe(true);
    expect(known.may(sync, "pubsub.topics.publish", topic("notice-2"))).toBe(false);
    expect(known.may(sync, "pubsub.topics.publish", topic("undelivered"))).toBe(false);
  });

  test("the operator may do everything; strangers, namesakes and other projects' nothing", () => {
    const resource = object("head/x");
    expect(known.may(operatorIdentity(project), "storage.objects.delete", resource)).toBe(true);
    for (const other of [
      "",
      "mallory@example.org",
      operatorIdentity("other-hub"),
      identityOf("console", "other-hub"),
    ])
      expect(known.may(other, "storage.objects.get", resource)).toBe(false);
  });

  test("a table of a test's own counts, and no other", () => {
    const rows = { "send-notice": { ...rowOf("send-notice"), secrets: [], ledger: [] } };
    const poor = identities({ state, project, rows });
    expect(poor.may(email, "secretmanager.versions.access", secret("gmail-oauth"))).toBe(false);
    expect(poor.may(email, "storage.objects.create", object("runs/x"))).toBe(false);
    expect(poor.may(identityOf("console", project), "storage.objects.get", object("runs/x"))).toBe(false);
  });
});
