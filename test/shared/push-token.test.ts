// Which tokens open a worker's door: only Pub/Sub's own for this very function, and without one its body is not read.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pushIdentity } from "../../shared/functions.ts";
import { pushTokenVerifier } from "../../shared/push-token.ts";
import { receive } from "../../shared/receive.ts";
import { audience, project, pushOf, receiveStand } from "./receive-stand.ts";

let stand: Awaited<ReturnType<typeof receiveStand>>;
beforeAll(async () => {
  stand = await receiveStand();
});
afterAll(() => stand.close());

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
const signed = (other: Record<string, unknown>) => `Bearer ${stand.issuer.sign(claims(other))}`;
const publicKey = () => Object.entries(stand.issuer.certificates())[0] ?? ["", ""];
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
  ["no scheme", () => stand.bearer().slice("Bearer ".length)],
  ["basic", () => stand.bearer().replace("Bearer", "Basic")],
  ["lower-case scheme", () => stand.bearer().replace("Bearer", "bearer")],
  ["two blanks", () => stand.bearer().replace(" ", "  ")],
  ["blank behind", () => `${stand.bearer()} `],
  ["twice", () => `${stand.bearer()}, ${stand.bearer()}`],
  ["a fourth part", () => `${stand.bearer()}.x`],
  ["only two parts", () => stand.bearer().split(".").slice(0, 2).join(".")],
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
  ["changed claims", () => changed(stand.bearer(), 150)],
  ["changed signature", () => changed(stand.bearer(), stand.bearer().length - 100)],
  ["truncated signature", () => stand.bearer().slice(0, -20)],
];

test.each(bad)("%s: 401, nothing parsed, nothing stored, nothing handled", async (_, authorization) => {
  const { deps, lines } = await stand.depsOf("sync-members");
  const { raw, reads } = untouched(pushOf({ v: 1, hub: "prod", why: "edit" }));
  let handled = 0;
  const answer = await receive(
    "sheet-changed",
    { authorization: authorization(), raw },
    async () => {
      handled += 1;
      return { outcome: "idle" };
    },
    deps,
  );
  expect(answer).toEqual({ status: 401, body: "unauthenticated" });
  expect([reads(), handled]).toEqual([0, 0]);
  expect(lines).toEqual(['["WARNING","push refused: its token is not Pub/Sub\'s for this function"]']);
  expect(await stand.names("runs/")).toEqual([]);
});

test("the right token is taken, and certificates are fetched once for many", async () => {
  expect(await stand.verify(stand.bearer())).toBe(true);
  expect(await stand.verify(signed({}))).toBe(true);
});

test("a function that knows no audience of its own takes nobody's token", async () => {
  const endpoints = { certificates: `${stand.certificates}/certs` };
  const verify = pushTokenVerifier({ audience: "", email, endpoints });
  expect(await verify(stand.bearer())).toBe(false);
});

test("certificates that cannot be had: the push is to come back, and its body is not read", async () => {
  const { deps, lines } = await stand.depsOf("sync-members");
  const verify = pushTokenVerifier({
    audience,
    email,
    endpoints: { certificates: `${stand.certificates}/gone` },
  });
  const { raw, reads } = untouched(pushOf({ v: 1 }));
  const answer = await receive(
    "continue-due",
    { authorization: stand.bearer(), raw },
    async () => ({ outcome: "idle" }),
    { ...deps, verify },
  );
  expect([answer, reads()]).toEqual([{ status: 503 }, 0]);
  expect(lines).toEqual(['["WARNING","push not verified: Google\'s certificates could not be had"]']);
});
