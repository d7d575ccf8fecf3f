// The sheet's door: a table of calls that must not get in, and the few that must. Every refusal publishes nothing, and
// comes before anything of the body is looked at.
import { createHash, createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { type SheetWebhookDeps, sheetWebhook } from "../../../functions/sheet-webhook/handler.ts";
import { Permanent } from "../../../shared/errors.ts";
import { Settings } from "../../../shared/settings.ts";
import { keptLog } from "../../shared/ledger-stand.ts";

const secret = "secret-of-the-script";
const now = new Date("2026-11-21T08:00:00Z");
const seconds = Math.floor(now.getTime() / 1000);
const members = { spreadsheet: "1ExampleSpreadsheet", tiers: { Public: "public-access" } };
const hub = { organisation: "example-hub", url: "https://hub.example.org" };
const settings = Settings.parse({
  project: "example-hub-ops",
  name: "Example",
  team: { mail: ["crew@example.org"], sender: "hub@example.org" },
  github: { appId: 1 },
  flows: { "sync-members": "apply" },
  hubs: { prod: { ...hub, members }, stage: { ...hub, members }, bare: hub },
});

type Headers = Record<string, string | string[] | undefined>;
type Call = { method: string; headers: Headers; raw: Buffer };

const body = Buffer.from('{"hub":"prod"}');
const hmac = (key: string, timestamp: string | number, bytes: Buffer, algorithm = "sha256"): string =>
  createHmac(algorithm, key).update(`${timestamp}.`).update(bytes).digest("hex");

/** What the script sends; `signedAs` and `by` differ from what is sent in calls that are forged. */
function scriptCall(
  options: {
    raw?: Buffer;
    at?: string | number;
    signedAs?: Buffer;
    signedAt?: string | number;
    by?: string;
    headers?: Headers;
    method?: string;
  } = {},
): Call {
  const { raw = body, at = seconds, method = "POST", by = secret } = options;
  const { signedAs = raw, signedAt = at } = options;
  return {
    method,
    raw,
    headers: {
      "content-type": "application/json",
      "x-groundcrew-timestamp": String(at),
      "x-groundcrew-signature": `v1=${hmac(by, signedAt, signedAs)}`,
      ...options.headers,
    },
  };
}

const tokenOf = (channel: string, key = secret): string =>
  createHmac("sha256", key).update(`drive-channel:${channel}`).digest("base64url");

/** What Drive sends. */
function driveCall(channel = "prod-1790000000000", headers: Headers = {}, method = "POST"): Call {
  return {
    method,
    raw: Buffer.alloc(0),
    headers: {
      "x-goog-channel-id": channel,
      "x-goog-channel-token": tokenOf(channel),
      "x-goog-resource-state": "update",
      "x-goog-resource-id": "resource",
      ...headers,
    },
  };
}

async function answerTo(call: Call, changed: Partial<SheetWebhookDeps> = {}) {
  const published: unknown[] = [];
  const { lines, log } = keptLog();
  const answer = await sheetWebhook(call, {
    log,
    now: () => now,
    publish: async (...event) => {
      published.push(event);
      return "id";
    },
    secret: async () => secret,
    settings,
    ...changed,
  });
  return { answer, published, lines };
}

const good = scriptCall().headers["x-groundcrew-signature"];
const signature = String(good);
const hex = signature.slice(3);
const header = (name: string, value: string | string[] | undefined) =>
  scriptCall({ headers: { [name]: value } });
const signed = (value: string | string[] | undefined) => header("x-groundcrew-signature", value);
const timed = (at: string | number) => scriptCall({ at });

const forged: [string, Call][] = [
  ["no signature", signed(undefined)],
  ["an empty signature", signed("")],
  ["a blank signature", signed(" ")],
  ["only the scheme", signed("v1=")],
  ["no scheme", signed(hex)],
  ["another scheme", signed(`v2=${hex}`)],
  ["scheme in upper case", signed(`V1=${hex}`)],
  ["GitHub's scheme", signed(`sha256=${hex}`)],
  ["sha1", signed(`v1=${hmac(secret, seconds, body, "sha1")}`)],
  ["sha1 in its own scheme", signed(`sha1=${hmac(secret, seconds, body, "sha1")}`)],
  ["sha512", signed(`v1=${hmac(secret, seconds, body, "sha512")}`)],
  ["sha512 cut to length", signed(`v1=${hmac(secret, seconds, body, "sha512").slice(0, 64)}`)],
  [
    "a hash without a key",
    signed(`v1=${createHash("sha256").update(`${seconds}.`).update(body).digest("hex")}`),
  ],
  ["one digit too few", signed(signature.slice(0, -1))],
  ["one digit too many", signed(`${signature}0`)],
  ["one digit wrong", signed(signature.slice(0, -1) + (signature.endsWith("0") ? "1" : "0"))],
  ["first digit wrong", signed(`v1=${hex.startsWith("0") ? "1" : "0"}${hex.slice(1)}`)],
  ["half of it", signed(signature.slice(0, 35))],
  ["digits in upper case", signed(`v1=${hex.toUpperCase()}`)],
  ["base64", signed(`v1=${Buffer.from(hex, "hex").toString("base64")}`)],
  ["a blank in front", signed(` ${signature}`)],
  ["a blank behind", signed(`${signature} `)],
  ["a blank within", signed(`v1= ${hex}`)],
  ["a line end behind", signed(`${signature}\n`)],
  ["a zero byte behind", signed(`${signature}\0`)],
  ["wide digits", signed(`v1=${hex.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))}`)],
  ["twice, as Node joins it", signed(`${signature}, ${signature}`)],
  ["twice, as a list", signed([signature, signature])],
  ["a wrong one first", signed(`v1=${"0".repeat(64)}, ${signature}`)],
  ["in quotes", signed(`"${signature}"`)],
  ["all zeros", signed(`v1=${"0".repeat(64)}`)],
  ["64 letters that are no digits", signed(`v1=${"g".repeat(64)}`)],
  ["signed with another secret", scriptCall({ by: "other" })],
  ["signed with an empty secret", scriptCall({ by: "" })],
  ["signed with the secret and a line end", scriptCall({ by: `${secret}\n` })],
  ["signed without the time", signed(`v1=${createHmac("sha256", secret).update(body).digest("hex")}`)],
  ["a byte order mark before the body", scriptCall({ raw: Buffer.from(`\ufeff${body}`), signedAs: body })],
  ["a body written anew", scriptCall({ raw: Buffer.from('{ "hub": "prod" }'), signedAs: body })],
  ["a line end behind the body", scriptCall({ raw: Buffer.from(`${body}\n`), signedAs: body })],
  ["another hub in the body", scriptCall({ raw: Buffer.from('{"hub":"stage"}'), signedAs: body })],
  ["an empty body", scriptCall({ raw: Buffer.alloc(0), signedAs: body })],
  ["half a body", scriptCall({ raw: body.subarray(0, 7), signedAs: body })],
  ["a body twice", scriptCall({ raw: Buffer.concat([body, body]), signedAs: body })],
  [
    "a packed body",
    scriptCall({ raw: gzipSync(body), signedAs: body, headers: { "content-encoding": "gzip" } }),
  ],
  ["an unpacked body, signed packed", scriptCall({ signedAs: gzipSync(body) })],
  ["no time", scriptCall({ headers: { "x-groundcrew-timestamp": undefined }, signedAt: "" })],
  ["an empty time", scriptCall({ at: "" })],
  ["a time that is not the signed one", scriptCall({ at: seconds, signedAt: seconds - 1 })],
  ["the signature of a minute ago", scriptCall({ at: seconds, signedAt: seconds - 60 })],
  ["301 s old", timed(seconds - 301)],
  ["301 s ahead", timed(seconds + 301)],
  ["a day old", timed(seconds - 86_400)],
  ["a time in milliseconds", timed(now.getTime())],
  ["a negative time", timed(-seconds)],
  ["time 0", timed(0)],
  ["a time that is no number", timed("yesterday")],
  ["a time with a sign", timed(`+${seconds}`)],
  ["a time with a fraction", timed(`${seconds}.0`)],
  ["a time with a blank", timed(` ${seconds}`)],
  ["a time with a line end", timed(`${seconds}\n`)],
  ["a time with a zero in front", timed(`0${seconds}`)],
  ["a time in sixteens", timed(`0x${seconds.toString(16)}`)],
  ["a date", timed(now.toISOString())],
  ["a time twice", scriptCall({ headers: { "x-groundcrew-timestamp": `${seconds}, ${seconds}` } })],
  ["Drive without a token", driveCall("prod-1", { "x-goog-channel-token": undefined })],
  ["Drive with an empty token", driveCall("prod-1", { "x-goog-channel-token": "" })],
  ["Drive with a wrong token", driveCall("prod-1", { "x-goog-channel-token": "x".repeat(43) })],
  ["Drive with another channel's token", driveCall("prod-1", { "x-goog-channel-token": tokenOf("prod-2") })],
  ["Drive with another hub's token", driveCall("stage-1", { "x-goog-channel-token": tokenOf("prod-1") })],
  [
    "Drive with a token of another secret",
    driveCall("prod-1", { "x-goog-channel-token": tokenOf("prod-1", "x") }),
  ],
  [
    "Drive with its token twice",
    driveCall("prod-1", { "x-goog-channel-token": [tokenOf("prod-1"), tokenOf("prod-1")] }),
  ],
  [
    "Drive with the token in upper case",
    driveCall("prod-1", { "x-goog-channel-token": tokenOf("prod-1").toUpperCase() }),
  ],
  [
    "Drive with half a token",
    driveCall("prod-1", { "x-goog-channel-token": tokenOf("prod-1").slice(0, 20) }),
  ],
  ["Drive with an empty channel", driveCall("", { "x-goog-channel-token": tokenOf("prod-1") })],
  [
    "Drive, sync, without a token",
    driveCall("prod-1", { "x-goog-resource-state": "sync", "x-goog-channel-token": "" }),
  ],
  ["a script's signature as Drive's", { ...scriptCall({ headers: { "x-goog-channel-id": "prod-1" } }) }],
  ["a Drive token as a signature", signed(`v1=${tokenOf("prod-1")}`)],
];

describe("forged", () => {
  test("the table is long enough, and each line says something else", () => {
    expect(forged.length).toBeGreaterThanOrEqual(60);
    expect(new Set(forged.map(([name]) => name)).size).toBe(forged.length);
  });

  const refused = { answer: { status: 401, body: "unauthenticated" }, published: [], lines: [] };

  test.each(forged)("%s: 401, nothing published", async (_, call) => {
    expect(await answerTo(call)).toEqual(refused);
  });

  test.each(forged)("%s: 401 before its content type and its body are looked at", async (_, call) => {
    const wrong = { ...call.headers, "content-type": "text/plain" };
    expect(await answerTo({ ...call, headers: wrong })).toEqual(refused);
    expect(await answerTo({ ...call, raw: Buffer.from("{{{ not JSON") })).toEqual(refused);
  });
});

describe("not for this door", () => {
  test.each<[string, Call, number]>([
    ["GET", scriptCall({ method: "GET" }), 405],
    ["PUT", scriptCall({ method: "PUT" }), 405],
    ["HEAD", driveCall("prod-1", {}, "HEAD"), 405],
    ["a huge body", scriptCall({ raw: Buffer.alloc(4097, "x") }), 413],
    ["a huge body from Drive", { ...driveCall(), raw: Buffer.alloc(5_000_000) }, 413],
  ])("%s: refused before the secret is read", async (_, call, status) => {
    const secretless = { secret: () => Promise.reject(new Error("was read")) };
    const { answer, published } = await answerTo(call, secretless);
    expect([answer.status, published]).toEqual([status, []]);
  });

  test.each<[string, Call, number]>([
    ["no content type", scriptCall({ headers: { "content-type": undefined } }), 415],
    ["a form", scriptCall({ headers: { "content-type": "application/x-www-form-urlencoded" } }), 415],
    ["plain text", scriptCall({ headers: { "content-type": "text/plain" } }), 415],
    ["another JSON", scriptCall({ headers: { "content-type": "application/json-seq" } }), 415],
    ["JSON in a suffix", scriptCall({ headers: { "content-type": "application/x+json" } }), 415],
    ["not JSON", scriptCall({ raw: Buffer.from("hub=prod") }), 400],
    ["not UTF-8", scriptCall({ raw: Buffer.from([0x7b, 0xff, 0x7d]) }), 400],
    ["nothing", scriptCall({ raw: Buffer.alloc(0) }), 400],
    ["null", scriptCall({ raw: Buffer.from("null") }), 400],
    ["a list", scriptCall({ raw: Buffer.from('["prod"]') }), 400],
    ["a field too many", scriptCall({ raw: Buffer.from('{"hub":"prod","rows":[1]}') }), 400],
    ["a hub that is no name", scriptCall({ raw: Buffer.from('{"hub":"../prod"}') }), 400],
    ["an unknown hub", scriptCall({ raw: Buffer.from('{"hub":"nowhere"}') }), 404],
    ["a hub without members", scriptCall({ raw: Buffer.from('{"hub":"bare"}') }), 404],
    ["a name that every object has", scriptCall({ raw: Buffer.from('{"hub":"constructor"}') }), 404],
  ])("signed, but %s: refused, nothing published", async (_, call, status) => {
    const { answer, published } = await answerTo(call);
    expect([answer.status, published]).toEqual([status, []]);
  });
});

describe("accepted", () => {
  const edit = (name: string) => [["sheet-changed", { v: 1, hub: name, why: "edit" }]];
  const push = (name: string) => [["sheet-changed", { v: 1, hub: name, why: "push" }]];
  test.each<[string, Call, unknown]>([
    ["the script's call", scriptCall(), edit("prod")],
    ["for another hub", scriptCall({ raw: Buffer.from('{"hub":"stage"}') }), edit("stage")],
    ["300 s old", timed(seconds - 300), edit("prod")],
    ["300 s ahead", timed(seconds + 300), edit("prod")],
    [
      "with a charset",
      scriptCall({ headers: { "content-type": "application/json; charset=utf-8" } }),
      edit("prod"),
    ],
    ["in other capitals", scriptCall({ headers: { "content-type": "Application/JSON" } }), edit("prod")],
    ["Drive's push", driveCall(), push("prod")],
    ["Drive's push for another hub", driveCall("stage-1"), push("stage")],
  ])("%s: 204, one event", async (_, call, published) => {
    const said = await answerTo(call);
    expect([said.answer, said.published]).toEqual([{ status: 204, body: "" }, published]);
    expect(said.lines).toHaveLength(1);
  });

  test.each<[string, Call]>([
    ["that a channel is open", driveCall("prod-1", { "x-goog-resource-state": "sync" })],
    ["something of a hub that is gone", driveCall("gone-1")],
    ["something of a hub without members", driveCall("bare-1")],
    ["something on a channel without a number", driveCall("prod")],
  ])("Drive says %s: acknowledged, nothing published", async (_, call) => {
    const said = await answerTo(call);
    expect([said.answer, said.published]).toEqual([{ status: 204, body: "" }, []]);
  });
});

describe("what it needs is missing", () => {
  test.each<[string, Partial<SheetWebhookDeps>, string]>([
    [
      "the secret",
      {
        secret: () => Promise.reject(new Permanent({ what: "w", why: "there is no such secret", next: "n" })),
      },
      "there is no such secret",
    ],
    [
      "the topic",
      { publish: () => Promise.reject(new Error("crew@example.org may not")) },
      "Error in the program",
    ],
  ])("%s: 503 with no detail, and a reason in the log without anybody's name", async (_, deps, why) => {
    const { answer, lines } = await answerTo(scriptCall(), deps);
    expect(answer).toEqual({ status: 503, body: "try again" });
    expect(lines).toEqual([`["ERROR","sheet change not published",{"why":"${why}"}]`]);
  });
});

test("a line end that was stored with the secret does not count", async () => {
  const stored = { secret: async () => `${secret}\n` };
  const answers = [await answerTo(scriptCall(), stored), await answerTo(driveCall(), stored)];
  expect(answers.map(({ answer }) => answer.status)).toEqual([204, 204]);
});
