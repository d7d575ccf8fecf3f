// Which tokens open a worker's door: only Pub/Sub's own for this very function, and without one its body is not read.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { checkedAuthorization, pushTokenVerifier } from "../../../shared/delivery/push-token.ts";
import { receive } from "../../../shared/delivery/receive.ts";
import { pushIdentity } from "../../../shared/functions.ts";
import { audience, project, pushOf, receiveHarness } from "./receive-harness.ts";

let harness: Awaited<ReturnType<typeof receiveHarness>>;
beforeAll(async () => {
  harness = await receiveHarness();
});
afterAll(() => harness.close());

const email = pushIdentity(project);
const seconds = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = (other: Record<string, unknown> = {}) => ({
  iss: "https://accounts.google.com",
  aud: audience,
  sub: "1",
  email,
  email_verified: true,
  iat: seconds(),
  exp: seconds() + 3600,
  ...other,
});
const signed = (other: Record<string, unknown>) => `Bearer ${harness.issuer.sign(claims(other))}`;
const publicKey = () => Object.entries(harness.issuer.certificates())[0] ?? ["", ""];
function made(header: Record<string, unknown>, key?: string): string {
  const body = `${encode({ typ: "JWT", ...header })}.${encode(claims())}`;
  return `Bearer ${body}.${key === undefined ? "" : createHmac("sha256", key).update(body).digest("base64url")}`;
}
/** Another character at this place. */
const changed = (token: string, at: number) =>
  token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);

/** Bytes that say when they are looked at. */
function untouched(bytes: Buffer): { raw: Buffer; reads: () => number } {
  let reads = 0;
  const raw = new Proxy(bytes, {
    get(target, key) {
      reads += 1;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { raw, reads: () => reads };
}

const bad: [string, () => string | undefined][] = [
  ["missing", () => undefined],
  ["empty", () => ""],
  ["no scheme", () => harness.bearer().slice("Bearer ".length)],
  ["basic", () => harness.bearer().replace("Bearer", "Basic")],
  ["lower-case scheme", () => harness.bearer().replace("Bearer", "bearer")],
  ["two blanks", () => harness.bearer().replace(" ", "  ")],
  ["blank behind", () => `${harness.bearer()} `],
  ["twice", () => `${harness.bearer()}, ${harness.bearer()}`],
  ["a fourth part", () => `${harness.bearer()}.x`],
  ["only two parts", () => harness.bearer().split(".").slice(0, 2).join(".")],
  ["not base64", () => "Bearer ä.ö.ü"],
  ["not JSON", () => "Bearer abcd.abcd.abcd"],
  ["another function's audience", () => signed({ aud: "https://other.sample.invalid" })],
  ["no audience", () => signed({ aud: undefined })],
  ["an empty audience", () => signed({ aud: "" })],
  ["a list of audiences", () => signed({ aud: [audience] })],
  ["another identity", () => signed({ email: `sync-members@${project}.iam.gserviceaccount.com` })],
  ["another project's", () => signed({ email: pushIdentity("other-hub-1") })],
  ["no address", () => signed({ email: undefined })],
  ["upper-case address", () => signed({ email: email.toUpperCase() })],
  ["address not verified", () => signed({ email_verified: false })],
  ["address verified in words", () => signed({ email_verified: "true" })],
  ["another issuer", () => signed({ iss: "https://accounts.example.org" })],
  ["no issuer", () => signed({ iss: undefined })],
  ["expired", () => signed({ iat: seconds() - 7200, exp: seconds() - 3600 })],
  ["not yet valid", () => signed({ iat: seconds() + 3600, exp: seconds() + 7200 })],
  ["valid for too long", () => signed({ exp: seconds() + 40 * 86_400 })],
  ["no expiry", () => signed({ exp: undefined })],
  ["algorithm none", () => made({ alg: "none", kid: publicKey()[0] })],
  ["algorithm none with a signature", () => made({ alg: "none", kid: publicKey()[0] }, "x")],
  ["HS256 with the public key", () => made({ alg: "HS256", kid: publicKey()[0] }, publicKey()[1])],
  ["unknown key", () => made({ alg: "RS256", kid: "0".repeat(40) }, "x")],
  ["key of a prototype", () => made({ alg: "RS256", kid: "__proto__" }, "x")],
  ["no key", () => made({ alg: "RS256" }, "x")],
  ["changed claims", () => changed(harness.bearer(), 150)],
  ["changed signature", () => changed(harness.bearer(), harness.bearer().length - 100)],
  ["truncated signature", () => harness.bearer().slice(0, -20)],
];

async function expectRefused(authorization: string | undefined, verify = harness.verify): Promise<void> {
  const { deps, lines } = await harness.depsOf("sync-members");
  const { raw, reads } = untouched(pushOf({ v: 1, hub: "prod", why: "edit" }));
  let handled = 0;
  const answer = await receive(
    "sheet-changed",
    { authorization, raw },
    async () => {
      handled += 1;
      return { outcome: "idle" };
    },
    { ...deps, verify },
  );
  expect(answer).toEqual({ status: 401, body: "unauthenticated" });
  expect([reads(), handled]).toEqual([0, 0]);
  expect(lines).toEqual(['["WARNING","push refused: its token is not Pub/Sub\'s for this function"]']);
  expect(await harness.names("runs/")).toEqual([]);
}

test.each(bad)("%s: 401, nothing parsed, nothing stored, nothing handled", async (_, authorization) =>
  expectRefused(authorization()),
);

/** As Cloud Run hands a token on that it has checked. */
const stripped = (bearer = harness.bearer(), marker = "SIGNATURE_REMOVED_BY_GOOGLE") =>
  [...bearer.split(".").slice(0, 2), marker].join(".");
const behind = (audienceHere = audience, real = Date.now) =>
  pushTokenVerifier({ audience: audienceHere, email, endpoints: {}, behindCloudRun: true, real });
/** Claims that no signature holds together. */
const claimed = (other: Record<string, unknown>, header: unknown = { alg: "RS256", kid: "1", typ: "JWT" }) =>
  `Bearer ${encode(header)}.${encode(claims(other))}.SIGNATURE_REMOVED_BY_GOOGLE`;

describe("on Cloud Run, where the platform has checked the signature and taken it off", () => {
  test("exactly its marker is taken, by the claims", async () => {
    for (const iss of ["https://accounts.google.com", "accounts.google.com"])
      expect(await behind()(claimed({ iss }))).toBe(true);
    expect(await behind()(stripped())).toBe(true);
  });

  test.each<[string, () => string | undefined]>([
    ["a real signature", () => harness.bearer()],
    ["another marker", () => stripped(harness.bearer(), "SIGNATURE_REMOVED_BY_SOMEBODY")],
    ["the marker in lower case", () => stripped().toLowerCase()],
    ["the marker's end missing", () => stripped().slice(0, -1)],
    ["something behind the marker", () => `${stripped()}S`],
    ["a part behind the marker", () => `${stripped()}.x`],
    ["the marker twice", () => `${stripped()}.SIGNATURE_REMOVED_BY_GOOGLE`],
    ["the marker alone", () => "Bearer SIGNATURE_REMOVED_BY_GOOGLE"],
    ["no signature, with the point", () => stripped(harness.bearer(), "")],
    ["no signature, without the point", () => harness.bearer().split(".").slice(0, 2).join(".")],
    ["no algorithm under the marker", () => claimed({}, { alg: "none" })],
    ["a line end behind the marker", () => `${stripped()}\n`],
    ["two tokens", () => `${stripped()}, ${stripped()}`],
    ["another scheme", () => stripped().replace("Bearer", "bearer")],
    ["claims that are no JSON", () => "Bearer e30.abcd.SIGNATURE_REMOVED_BY_GOOGLE"],
    ["nothing", () => undefined],
    ["another function's audience", () => claimed({ aud: "https://other.sample.invalid" })],
    ["a list of audiences", () => claimed({ aud: [audience] })],
    ["another issuer", () => claimed({ iss: "https://accounts.example.org" })],
    ["an issuer that begins alike", () => claimed({ iss: "https://accounts.google.com.example.org" })],
    ["another identity", () => claimed({ email: `sync-members@${project}.iam.gserviceaccount.com` })],
    ["an address that nobody has verified", () => claimed({ email_verified: false })],
    ["an address verified in words", () => claimed({ email_verified: "true" })],
    ["expired", () => claimed({ iat: seconds() - 7200, exp: seconds() - 3600 })],
    ["not yet valid", () => claimed({ iat: seconds() + 3600, exp: seconds() + 7200 })],
    ["valid for too long", () => claimed({ exp: seconds() + 40 * 86_400 })],
    ["no expiry", () => claimed({ exp: undefined })],
    ["an expiry in words", () => claimed({ exp: "never" })],
  ])("%s: 401, nothing parsed, nothing stored, nothing handled", async (_, authorization) =>
    expectRefused(authorization(), behind()),
  );

  test("clocks of two machines may differ by five minutes, and no more", async () => {
    const [iat, exp] = [seconds(), seconds() + 3600];
    const at = (second: number) => behind(audience, () => second * 1000)(claimed({ iat, exp }));
    const seen = [iat - 301, iat - 300, exp + 300, exp + 301].map(at);
    expect(await Promise.all(seen)).toEqual([false, true, true, false]);
  });

  test.each<[string, Record<string, string[]>, string | undefined]>([
    ["one", { authorization: ["a"] }, "a"],
    ["none", {}, undefined],
    ["one of two", { authorization: ["a", "b"] }, undefined],
    [
      "the one beside another that the platform checks",
      { authorization: ["a"], "x-serverless-authorization": ["b"] },
      undefined,
    ],
  ])("what was checked: %s", (_, headersDistinct, expected) => {
    expect(checkedAuthorization({ headersDistinct })).toBe(expected);
  });

  test("a function that knows no audience of its own takes nobody's token", async () => {
    expect(await behind("")(claimed({ aud: "" }))).toBe(false);
  });
});

test("elsewhere the platform's marker is no signature", async () => {
  expect(await harness.verify(stripped())).toBe(false);
});

test("the right token is taken, and certificates are fetched once for many", async () => {
  expect(await harness.verify(harness.bearer())).toBe(true);
  expect(await harness.verify(signed({}))).toBe(true);
});

test("a function that knows no audience of its own takes nobody's token", async () => {
  const endpoints = { certificates: `${harness.certificates}/certs` };
  const verify = pushTokenVerifier({ audience: "", email, endpoints, behindCloudRun: false });
  expect(await verify(harness.bearer())).toBe(false);
});

test("certificates that cannot be had: the push is to come back, and its body is not read", async () => {
  const { deps, lines } = await harness.depsOf("sync-members");
  const verify = pushTokenVerifier({
    audience,
    email,
    endpoints: { certificates: `${harness.certificates}/gone` },
    behindCloudRun: false,
  });
  const { raw, reads } = untouched(pushOf({ v: 1 }));
  const answer = await receive(
    "continue-due",
    { authorization: harness.bearer(), raw },
    async () => ({ outcome: "idle" }),
    { ...deps, verify },
  );
  expect([answer, reads()]).toEqual([{ status: 503 }, 0]);
  expect(lines).toEqual(['["WARNING","push not verified: Google\'s certificates could not be had"]']);
});
