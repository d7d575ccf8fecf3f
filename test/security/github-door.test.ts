// The door for releases as it stands on the internet: what a stranger can send over a socket, and that nothing comes of it.
import { createHash, createHmac } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { chunked, expectRefused, type Headers, type House, headOf, house, type Said, say } from "./house.ts";

let on: House;
let socket: string;
beforeAll(async () => {
  on = await house();
  socket = await on.open("github-webhook");
});
afterAll(() => on.close());
beforeEach(() => on.far.faults.forget());

const repository = { full_name: "pangeo-data/pangeo-docker-images", private: false };
const release = { action: "published", release: { tag_name: "2026.06.04", draft: false, prerelease: false } };
const good = Buffer.from(JSON.stringify({ ...release, repository }));
const keyOf = (): string => on.secretOf("github-webhook-secret").trim();
const hmac = (body: Buffer | string, key = keyOf(), kind = "sha256"): string =>
  createHmac(kind, key).update(body).digest("hex");
const sign = (body: Buffer | string, key = keyOf()): string => `sha256=${hmac(body, key)}`;

type Sent = { body?: Buffer | string; headers?: Headers; start?: string };
/** Sends what GitHub sends, but for what is said; the signature is that of the good body. */
function send({ body = good, headers = {}, start = "POST /" }: Sent = {}): Promise<Said> {
  const all = {
    "content-type": "application/json",
    "content-length": headers["transfer-encoding"] === undefined ? `${Buffer.byteLength(body)}` : undefined,
    "user-agent": "GitHub-Hookshot/1",
    "x-github-event": "release",
    "x-github-delivery": "1",
    "x-hub-signature-256": sign(good),
    ...headers,
  };
  return say(socket, headOf(start, all), body);
}
const signed = (value: string | string[] | undefined): Sent => ({
  headers: { "x-hub-signature-256": value },
});
const bytes = (body: Buffer | string, headers: Sent["headers"] = {}): Sent => ({ body, headers });
const other = (hex: string): string => (hex.endsWith("0") ? "1" : "0");
const utf16 = Buffer.from(`\ufeff${good}`, "utf16le");

/** Functions, for the secret is made when the far ends are. */
const refused: [string, () => Sent, number][] = [
  ["no signature", () => signed(undefined), 401],
  ["an empty signature", () => signed(""), 401],
  ["only the scheme", () => signed("sha256="), 401],
  ["no scheme", () => signed(hmac(good)), 401],
  [
    "the older header alone",
    () => ({
      headers: { "x-hub-signature-256": undefined, "x-hub-signature": `sha1=${hmac(good, keyOf(), "sha1")}` },
    }),
    401,
  ],
  [
    "the right one under the older header",
    () => ({ headers: { "x-hub-signature-256": undefined, "x-hub-signature": sign(good) } }),
    401,
  ],
  ["the older kind under the new header", () => signed(`sha1=${hmac(good, keyOf(), "sha1")}`), 401],
  ["the older kind by the new name", () => signed(`sha256=${hmac(good, keyOf(), "sha1")}`), 401],
  ["sha512", () => signed(`sha512=${hmac(good, keyOf(), "sha512")}`), 401],
  ["sha512 cut to length", () => signed(`sha256=${hmac(good, keyOf(), "sha512").slice(0, 64)}`), 401],
  ["md5", () => signed(`md5=${hmac(good, keyOf(), "md5")}`), 401],
  ["a hash without a key", () => signed(`sha256=${createHash("sha256").update(good).digest("hex")}`), 401],
  ["key and body changed round", () => signed(`sha256=${hmac(keyOf(), good.toString())}`), 401],
  ["one digit too few", () => signed(sign(good).slice(0, -1)), 401],
  ["one digit too many", () => signed(`${sign(good)}0`), 401],
  ["half of it", () => signed(sign(good).slice(0, 39)), 401],
  ["the first digit", () => signed(sign(good).slice(0, 8)), 401],
  ["the last digit wrong", () => signed(sign(good).slice(0, -1) + other(sign(good))), 401],
  ["all zeros", () => signed(`sha256=${"0".repeat(64)}`), 401],
  ["letters that are no digits", () => signed(`sha256=${"g".repeat(64)}`), 401],
  ["upper case", () => signed(`sha256=${hmac(good).toUpperCase()}`), 401],
  ["the scheme in upper case", () => signed(sign(good).replace("sha256", "SHA256")), 401],
  ["base64", () => signed(`sha256=${Buffer.from(hmac(good), "hex").toString("base64")}`), 401],
  ["a blank after the sign", () => signed(`sha256= ${hmac(good)}`), 401],
  ["a blank within", () => signed(`sha256=${hmac(good).slice(0, 32)} ${hmac(good).slice(32)}`), 401],
  ["a tab before the sign", () => signed(`sha256\t=${hmac(good)}`), 401],
  ["a hard blank behind", () => signed(`${sign(good)}\xa0`), 401],
  ["in quotes", () => signed(`"${sign(good)}"`), 401],
  ["with a comma behind", () => signed(`${sign(good)},`), 401],
  ["twice in one header", () => signed(`${sign(good)}, ${sign(good)}`), 401],
  ["two headers, both right", () => signed([sign(good), sign(good)]), 401],
  ["two headers, the right one first", () => signed([sign(good), "sha256=0"]), 401],
  ["two headers, the right one last", () => signed(["sha256=0", sign(good)]), 401],
  [
    "in the authorization header",
    () => ({ headers: { "x-hub-signature-256": undefined, authorization: sign(good) } }),
    401,
  ],
  [
    "in the address",
    () => ({
      start: `POST /?x-hub-signature-256=${sign(good)}`,
      headers: { "x-hub-signature-256": undefined },
    }),
    401,
  ],
  ["another secret", () => signed(sign(good, "another")), 401],
  ["an empty secret", () => signed(sign(good, "")), 401],
  ["the secret with a line end", () => signed(sign(good, `${keyOf()}\n`)), 401],
  ["the secret in upper case", () => signed(sign(good, keyOf().toUpperCase())), 401],
  ["the sheet's secret", () => signed(sign(good, on.secretOf("sheet-webhook-secret"))), 401],
  ["a secret of a prototype", () => signed(sign(good, "undefined")), 401],
  ["no body", () => bytes(""), 401],
  ["no body, signed", () => bytes("", { "x-hub-signature-256": sign("") }), 401],
  ["a blank behind the body", () => bytes(`${good} `), 401],
  ["a line end behind the body", () => bytes(`${good}\n`), 401],
  ["a blank before the body", () => bytes(` ${good}`), 401],
  ["a byte order mark", () => bytes(`\ufeff${good}`), 401],
  [
    "JSON written anew, by two blanks",
    () => bytes(JSON.stringify(JSON.parse(good.toString()), null, 2)),
    401,
  ],
  ["JSON written anew, in another order", () => bytes(JSON.stringify({ repository, ...release })), 401],
  ["JSON with an escape", () => bytes(good.toString().replace("published", "\\u0070ublished")), 401],
  ["another tag", () => bytes(good.toString().replace("2026.06.04", "2026.06.05")), 401],
  ["half of the body", () => bytes(good.subarray(0, good.length / 2)), 401],
  ["the body twice", () => bytes(Buffer.concat([good, good])), 401],
  ["half JSON", () => bytes('{"action":'), 401],
  ["no JSON", () => bytes("<xml/>"), 401],
  ["a number", () => bytes("1"), 401],
  [
    "a prototype in it",
    () => bytes('{"__proto__":{"action":"published"},"constructor":{"prototype":{"x":1}}}'),
    401,
  ],
  ["100,000 brackets", () => bytes("[".repeat(100_000)), 401],
  ["UTF-16", () => bytes(utf16, { "content-type": "application/json; charset=utf-16" }), 401],
  ["UTF-16, signed: no text for us", () => bytes(utf16, { "x-hub-signature-256": sign(utf16) }), 401],
  [
    "UTF-7 by the charset",
    () =>
      bytes(good, { "content-type": "application/json; charset=utf-7", "x-hub-signature-256": sign("x") }),
    401,
  ],
  [
    "an unknown charset",
    () =>
      bytes(good, { "content-type": "application/json; charset=canary", "x-hub-signature-256": sign("x") }),
    401,
  ],
  [
    "no UTF-8, signed",
    () =>
      bytes(Buffer.from([0x22, 0xff, 0x22]), {
        "x-hub-signature-256": sign(Buffer.from([0x22, 0xff, 0x22])),
      }),
    401,
  ],
  ["packed, the signature of the text", () => bytes(gzipSync(good), { "content-encoding": "gzip" }), 415],
  [
    "packed and signed",
    () => bytes(gzipSync(good), { "content-encoding": "gzip", "x-hub-signature-256": sign(gzipSync(good)) }),
    415,
  ],
  ["deflated", () => bytes(deflateSync(good), { "content-encoding": "deflate" }), 415],
  ["packed without saying so", () => bytes(gzipSync(good)), 401],
  ["said to be packed and not", () => bytes(good, { "content-encoding": "gzip" }), 415],
  ["said to be packed twice", () => bytes(good, { "content-encoding": "gzip, gzip" }), 415],
  ["an unknown packing", () => bytes(good, { "content-encoding": "canary" }), 415],
  ["40 MB in 40 kB", () => bytes(gzipSync(Buffer.alloc(40_000_000)), { "content-encoding": "gzip" }), 415],
  [
    "in chunks, changed",
    () => bytes(chunked(Buffer.from(`${good} `)), { "transfer-encoding": "chunked" }),
    401,
  ],
  [
    "in chunks, without a signature",
    () => bytes(chunked(good), { "transfer-encoding": "chunked", "x-hub-signature-256": undefined }),
    401,
  ],
  [
    "in chunks and with a length",
    () => bytes(chunked(good), { "transfer-encoding": "chunked", "content-length": "5" }),
    400,
  ],
  ["two lengths", () => ({ headers: { "content-length": [`${good.length}`, "3"] } }), 400],
  ["3 MB", () => bytes(Buffer.alloc(3_000_000, "x")), 413],
  [
    "3 MB, signed",
    () => bytes(Buffer.alloc(3_000_000, "x"), { "x-hub-signature-256": sign(Buffer.alloc(3_000_000, "x")) }),
    413,
  ],
  [
    "a form, signed",
    () =>
      bytes("payload=x", {
        "content-type": "application/x-www-form-urlencoded",
        "x-hub-signature-256": sign("payload=x"),
      }),
    415,
  ],
  ["a text, signed", () => ({ headers: { "content-type": "text/plain" } }), 415],
  ["no content type, signed", () => ({ headers: { "content-type": undefined } }), 415],
  ["a type that only begins so", () => ({ headers: { "content-type": "application/json-seq" } }), 415],
  ["a cloud event's type", () => ({ headers: { "content-type": "application/cloudevents+json" } }), 415],
  ["half JSON, signed", () => bytes("{", { "x-hub-signature-256": sign("{") }), 400],
  ["an array, signed", () => bytes("[]", { "x-hub-signature-256": sign("[]") }), 400],
  [
    "a prototype, signed",
    () => bytes('{"__proto__":{}}', { "x-hub-signature-256": sign('{"__proto__":{}}') }),
    400,
  ],
  ["a look", () => ({ start: "GET /" }), 405],
  ["a put", () => ({ start: "PUT /" }), 405],
  ["a trace", () => ({ start: "TRACE /" }), 405],
  [
    "an address that is none",
    () => ({ start: "POST /%ff%", headers: { "x-hub-signature-256": undefined } }),
    400,
  ],
];

test("there are at least 60 variants", () => {
  expect(refused.length).toBeGreaterThanOrEqual(60);
});

test.each(refused)("%s: refused, nothing published, nothing told", (_, sent, status) =>
  expectRefused(on, keyOf(), () => send(sent()), status),
);

test("the right one is taken, in one piece, in chunks and with a charset, and is published once each", async () => {
  expect(on.effects()).toEqual([]);
  const taken = [
    await send(),
    await send(bytes(chunked(good), { "transfer-encoding": "chunked" })),
    await send({ headers: { "content-type": "Application/JSON; charset=utf-8" } }),
  ];
  expect(taken.map(({ status, body }) => [status, body])).toEqual([
    [204, ""],
    [204, ""],
    [204, ""],
  ]);
  expect(on.effects()).toEqual([expect.stringMatching(/^pubsub .*Publish x3$/)]);
});

test("no log line repeats what strangers sent", () => {
  expect(on.logged.join("")).not.toMatch(/canary|published"|2026\.06|pangeo|sha256=/);
});
