// A worker's door: only Pub/Sub, in the name of its push identity and for this very function. Whoever else calls is answered
// before the body is looked at, and nothing is written.
import { createHmac, generateKeyPairSync, sign as signWith } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { audienceOf } from "../../local/instance/provision.ts";
import type { FrontEnd } from "../../local/run/front-end.ts";
import { identityOf, pushIdentity } from "../../shared/functions.ts";
import { type House, headOf, house, insides, type Said, say } from "./house.ts";

let on: House;
let socket: string;
let deadLetterSocket: string;
let front: FrontEnd;
beforeAll(async () => {
  on = await house();
  front = await on.behind();
  [socket, deadLetterSocket] = await Promise.all([on.open("resume-work"), on.open("record-dead-letter")]);
});
afterAll(() => on.close());
beforeEach(() => on.far.faults.forget());

const audience = audienceOf("resume-work");
const push = (id: string, payload: unknown = { v: 1 }): string =>
  JSON.stringify({
    message: { messageId: id, data: Buffer.from(JSON.stringify(payload)).toString("base64") },
    subscription: "projects/sample-hub/subscriptions/resume-work",
    deliveryAttempt: 1,
  });
const seconds = (): number => Math.floor(Date.now() / 1000);
const claims = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  iss: "https://accounts.google.com",
  aud: audience,
  azp: "1",
  sub: "1",
  email: pushIdentity(on.settings.project),
  email_verified: true,
  iat: seconds(),
  exp: seconds() + 3600,
  ...more,
});
const token = (more: Record<string, unknown> = {}): string => on.issuer.sign(claims(more));
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const [kid, pem] = [
  () => Object.keys(on.issuer.certificates())[0] ?? "",
  () => Object.values(on.issuer.certificates())[0] ?? "",
];
const made = (header: Record<string, unknown>, signature: (signed: string) => string): string => {
  const signed = `${encode({ typ: "JWT", ...header })}.${encode(claims())}`;
  return `${signed}.${signature(signed)}`;
};
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const strangers = (signed: string): string =>
  signWith("sha256", Buffer.from(signed), privateKey).toString("base64url");
const hmac = (signed: string): string => createHmac("sha256", pem()).update(signed).digest("base64url");

function send(
  authorization: string | string[] | undefined,
  body: string | Buffer = push("1"),
  to = socket,
): Promise<Said> {
  const length = `${Buffer.byteLength(body)}`;
  const headers = { "content-type": "application/json", "content-length": length, authorization };
  return say(to, headOf("POST /", headers), body);
}

const refused: [string, () => string | string[] | undefined][] = [
  ["none", () => undefined],
  ["an empty one", () => "Bearer "],
  ["no scheme", () => token()],
  ["basic", () => `Basic ${token()}`],
  ["bearer in lower case", () => `bearer ${token()}`],
  ["two blanks", () => `Bearer  ${token()}`],
  ["two in one header", () => `Bearer ${token()}, Bearer ${token()}`],
  ["two headers, the wrong one first", () => ["Bearer a.b.c", `Bearer ${token()}`]],
  ["two headers, the right one first", () => [`Bearer ${token()}`, "Bearer a.b.c"]],
  ["no algorithm", () => `Bearer ${made({ alg: "none", kid: kid() }, () => "")}`],
  ["no algorithm, signed", () => `Bearer ${made({ alg: "none", kid: kid() }, () => "x")}`],
  ["no algorithm, in mixed case", () => `Bearer ${made({ alg: "nOnE", kid: kid() }, () => "x")}`],
  ["HS256 with the public key", () => `Bearer ${made({ alg: "HS256", kid: kid() }, hmac)}`],
  ["RS256 by a stranger with our key's id", () => `Bearer ${made({ alg: "RS256", kid: kid() }, strangers)}`],
  ["a key's id that is unknown", () => `Bearer ${made({ alg: "RS256", kid: "0".repeat(40) }, strangers)}`],
  ["no key's id", () => `Bearer ${made({ alg: "RS256" }, strangers)}`],
  [
    "a key's id that every object knows",
    () => `Bearer ${made({ alg: "RS256", kid: "constructor" }, strangers)}`,
  ],
  [
    "the stranger's key brought along",
    () =>
      `Bearer ${made({ alg: "RS256", kid: kid(), jwk: privateKey.export({ format: "jwk" }).n }, strangers)}`,
  ],
  [
    "the address of a key brought along",
    () => `Bearer ${made({ alg: "RS256", kid: "x", jku: "http://127.0.0.1:1/keys" }, strangers)}`,
  ],
  ["another function's audience", () => `Bearer ${token({ aud: audienceOf("sync-members") })}`],
  ["no audience", () => `Bearer ${token({ aud: undefined })}`],
  ["a list of audiences", () => `Bearer ${token({ aud: [audience] })}`],
  ["an audience that begins alike", () => `Bearer ${token({ aud: `${audience}/` })}`],
  ["another issuer", () => `Bearer ${token({ iss: "https://issuer.example.org" })}`],
  [
    "an issuer that begins alike",
    () => `Bearer ${token({ iss: "https://accounts.google.com.example.org" })}`,
  ],
  [
    "a function's own identity",
    () => `Bearer ${token({ email: identityOf("sync-members", on.settings.project) })}`,
  ],
  ["another project's push identity", () => `Bearer ${token({ email: pushIdentity("other-project") })}`],
  ["a namesake at another host", () => `Bearer ${token({ email: "push@sample-hub.example.org" })}`],
  ["no address", () => `Bearer ${token({ email: undefined })}`],
  ["an address that nobody has verified", () => `Bearer ${token({ email_verified: false })}`],
  ["an address verified in words", () => `Bearer ${token({ email_verified: "true" })}`],
  ["of two hours ago", () => `Bearer ${token({ iat: seconds() - 7200, exp: seconds() - 3600 })}`],
  ["without an end", () => `Bearer ${token({ exp: undefined })}`],
  ["good for ever", () => `Bearer ${token({ exp: seconds() + 10 * 365 * 86_400 })}`],
  [
    "of the day after tomorrow",
    () => `Bearer ${token({ iat: seconds() + 172_800, exp: seconds() + 176_400 })}`,
  ],
  ["truncated by a letter", () => `Bearer ${token().slice(0, -3)}`],
  ["without a signature", () => `Bearer ${token().split(".").slice(0, 2).join(".")}.`],
  ["with a fourth part", () => `Bearer ${token()}.x`],
  [
    "other claims under the same signature",
    () => `Bearer ${token({ aud: "x" }).split(".").with(1, encode(claims())).join(".")}`,
  ],
  [
    "an access token of the metadata server",
    () => `Bearer ${on.far.identities.mint(pushIdentity(on.settings.project), []).token}`,
  ],
  ["no JSON", () => "Bearer abcd.abcd.abcd"],
];

test.each(refused)("%s: 401, nothing read, nothing written", async (_, authorization) => {
  for (const to of [socket, deadLetterSocket]) {
    const answer = await send(authorization(), push("1"), to);
    expect([answer.status, answer.body]).toEqual([401, "unauthenticated"]);
  }
  expect(on.effects()).toEqual([]);
});

test.each(refused)("%s: the front end refuses it, and no code runs", async (_, authorization) => {
  const { host, port } = new URL(front.urlOf("resume-work"));
  const headers = {
    host,
    "content-type": "application/json",
    "content-length": "2",
    authorization: authorization(),
  };
  const answer = await say(Number(port), headOf("POST /resume-work/", headers), "{}");
  expect([400, 401, 403]).toContain(answer.status);
  expect(answer.body).toContain("<h1>Error: ");
  expect(on.effects()).toEqual([]);
});

test("without a token nobody learns whether the body was good", async () => {
  const bodies = ["{", "", '{"message":{}}', "[".repeat(100_000), push("../../x"), "x".repeat(3_000_000)];
  for (const body of bodies) {
    const answer = await send(undefined, body);
    expect([answer.status, answer.body]).toEqual([401, "unauthenticated"]);
  }
  expect(on.effects()).toEqual([]);
});

test("with the right token a body that is none is 400, without its words, and nothing is written", async () => {
  for (const body of [
    "{",
    '{"message":{"messageId":"../../canary","data":""},"subscription":"s"}',
    '{"__proto__":1}',
  ]) {
    const answer = await send(`Bearer ${token()}`, body);
    expect([answer.status, answer.body]).toEqual([400, "not a Pub/Sub message"]);
  }
  expect(on.effects()).toEqual([]);
});

test("the right one is taken, and done", async () => {
  const answer = await send(`Bearer ${token()}`, push("7"));
  expect([answer.status, answer.body]).toEqual([204, ""]);
  const recorded = await send(
    `Bearer ${token({ aud: audienceOf("record-dead-letter") })}`,
    push("8", { hub: "x" }),
    deadLetterSocket,
  );
  expect(recorded.status).toBe(204);
  // The record, and the team is told of it.
  expect(on.effects().sort()).toEqual(["pubsub Publish x1", expect.stringMatching(/^storage POST /)]);
  expect(on.logged.join("")).not.toMatch(insides);
  expect(on.logged.join("")).not.toMatch(/canary|Bearer/);
});
