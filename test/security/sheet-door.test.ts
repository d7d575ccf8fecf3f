// The door for the sheet as it stands on the internet: the script's signature over time and body, Drive's channel, and that a
// call which is not theirs has no effect.
import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { chunked, expectRefused, type Headers, type House, headOf, house, type Said, say } from "./house.ts";

let on: House;
let socket: string;
beforeAll(async () => {
  on = await house();
  socket = await on.open("sheet-webhook");
});
afterAll(() => on.close());
beforeEach(() => on.far.faults.forget());

const good = Buffer.from('{"hub":"sample"}');
const keyOf = (): string => on.secretOf("sheet-webhook-secret").trim();
const seconds = (): number => Math.floor(Date.now() / 1000);
const sign = (time: number | string, body: Buffer | string = good, key = keyOf(), kind = "sha256"): string =>
  `v1=${createHmac(kind, key).update(`${time}.`).update(body).digest("hex")}`;
const channelToken = (channel: string, key = keyOf()): string =>
  createHmac("sha256", key).update(`drive-channel:${channel}`).digest("base64url");

type Sent = { body?: Buffer | string; headers?: Headers; start?: string };
function send({ body = good, headers = {}, start = "POST /" }: Sent): Promise<Said> {
  const length = headers["transfer-encoding"] === undefined ? `${Buffer.byteLength(body)}` : undefined;
  return say(socket, headOf(start, { "content-length": length, ...headers }), body);
}
/** Makes what the script sends at this moment, but for what is said. */
const script = (headers: Headers = {}, body: Buffer | string = good): Sent => {
  const time = seconds();
  const right = { "x-groundcrew-timestamp": `${time}`, "x-groundcrew-signature": sign(time) };
  return { body, headers: { "content-type": "application/json", ...right, ...headers } };
};
/** Signed at this time, whatever it is. */
const timed = (time: number | string): Sent =>
  script({ "x-groundcrew-timestamp": `${time}`, "x-groundcrew-signature": sign(time) });
const signed = (make: (time: number) => string | string[] | undefined): Sent => {
  const time = seconds();
  return script({ "x-groundcrew-signature": make(time), "x-groundcrew-timestamp": `${time}` });
};
const drive = (headers: Headers = {}, channel = "sample-1790000000000"): Sent => ({
  body: "",
  headers: {
    "x-goog-channel-id": channel,
    "x-goog-channel-token": channelToken(channel),
    "x-goog-resource-state": "update",
    "x-goog-message-number": "7",
    ...headers,
  },
});

const refused: [string, () => Sent, number][] = [
  ["nothing at all", () => ({ body: "", headers: {} }), 401],
  ["no signature", () => script({ "x-groundcrew-signature": undefined }), 401],
  ["no time", () => script({ "x-groundcrew-timestamp": undefined }), 401],
  ["an empty signature", () => script({ "x-groundcrew-signature": "" }), 401],
  ["the scheme alone", () => script({ "x-groundcrew-signature": "v1=" }), 401],
  ["another scheme", () => signed((time) => sign(time).replace("v1", "v0")), 401],
  ["sha1", () => signed((time) => sign(time, good, keyOf(), "sha1")), 401],
  ["sha512 cut to length", () => signed((time) => sign(time, good, keyOf(), "sha512").slice(0, 67)), 401],
  ["one digit too few", () => signed((time) => sign(time).slice(0, -1)), 401],
  ["one digit too many", () => signed((time) => `${sign(time)}0`), 401],
  ["upper case", () => signed((time) => sign(time).toUpperCase().replace("V1", "v1")), 401],
  ["a blank within", () => signed((time) => sign(time).replace("=", "= ")), 401],
  ["twice in one header", () => signed((time) => `${sign(time)}, ${sign(time)}`), 401],
  ["two headers", () => signed((time) => [sign(time), sign(time)]), 401],
  ["two times", () => script({ "x-groundcrew-timestamp": [`${seconds()}`, `${seconds()}`] }), 401],
  ["another secret", () => signed((time) => sign(time, good, "another")), 401],
  ["an empty secret", () => signed((time) => sign(time, good, "")), 401],
  [
    "the releases' secret",
    () => signed((time) => sign(time, good, on.secretOf("github-webhook-secret"))),
    401,
  ],
  [
    "the body alone signed",
    () => signed(() => `v1=${createHmac("sha256", keyOf()).update(good).digest("hex")}`),
    401,
  ],
  ["the time moved by a second", () => signed((time) => sign(time - 1)), 401],
  ["six minutes old", () => timed(seconds() - 360), 401],
  ["six minutes ahead", () => timed(seconds() + 360), 401],
  ["a day old, as a replay is", () => timed(seconds() - 86_400), 401],
  ["in milliseconds", () => timed(Date.now()), 401],
  ["time 0", () => timed(0), 401],
  ["a negative time", () => timed(-seconds()), 401],
  ["a time with a fraction", () => timed(`${seconds()}.0`), 401],
  ["a time in words", () => timed("now"), 401],
  ["another body", () => script({}, '{"hub":"other"}'), 401],
  ["a byte order mark", () => script({}, `\ufeff${good}`), 401],
  ["written anew", () => script({}, '{ "hub": "sample" }'), 401],
  ["half JSON", () => script({}, "{"), 401],
  ["packed", () => script({ "content-encoding": "gzip" }, gzipSync(good)), 415],
  [
    "in chunks, changed",
    () => script({ "transfer-encoding": "chunked" }, chunked(Buffer.from(`${good} `))),
    401,
  ],
  ["5 kB", () => script({}, Buffer.alloc(5000, " ")), 413],
  ["signed, as a text", () => script({ "content-type": "text/plain" }), 415],
  [
    "signed, half JSON",
    () => ({ ...script({ "x-groundcrew-signature": sign(seconds(), "{") }), body: "{" }),
    400,
  ],
  [
    "signed, more than the hub",
    () => ({
      ...script({ "x-groundcrew-signature": sign(seconds(), '{"hub":"sample","v":1}') }),
      body: '{"hub":"sample","v":1}',
    }),
    400,
  ],
  [
    "signed, a prototype",
    () => ({
      ...script({ "x-groundcrew-signature": sign(seconds(), '{"__proto__":{"hub":"sample"}}') }),
      body: '{"__proto__":{"hub":"sample"}}',
    }),
    400,
  ],
  [
    "signed, a hub that every object knows",
    () => ({
      ...script({ "x-groundcrew-signature": sign(seconds(), '{"hub":"constructor"}') }),
      body: '{"hub":"constructor"}',
    }),
    404,
  ],
  ["a look", () => ({ ...script(), start: "GET /" }), 405],
  ["Drive without a token", () => drive({ "x-goog-channel-token": undefined }), 401],
  ["Drive with a wrong token", () => drive({ "x-goog-channel-token": "x".repeat(43) }), 401],
  [
    "Drive with another channel's token",
    () => drive({ "x-goog-channel-token": channelToken("sample-1") }),
    401,
  ],
  [
    "Drive with another secret's token",
    () => drive({ "x-goog-channel-token": channelToken("sample-1790000000000", "x") }),
    401,
  ],
  [
    "Drive without a channel's id",
    () => drive({ "x-goog-channel-id": "", "x-goog-channel-token": channelToken("x") }),
    401,
  ],
  [
    "Drive with two tokens",
    () => drive({ "x-goog-channel-token": [channelToken("sample-1790000000000"), "x"] }),
    401,
  ],
  ["Drive with the secret itself", () => drive({ "x-goog-channel-token": keyOf() }), 401],
  [
    "Drive and the script at once, Drive's wrong",
    () => ({
      body: good,
      headers: { ...script().headers, ...drive({ "x-goog-channel-token": "x" }).headers },
    }),
    401,
  ],
];

test.each(refused)("%s: refused, nothing published", (_, sent, status) =>
  expectRefused(on, keyOf(), () => send(sent()), status),
);

test("a channel's first message and one of a hub that is no more are answered and published nowhere", async () => {
  const sync = await send(drive({ "x-goog-resource-state": "sync" }));
  const gone = await send(drive({}, "gone-1790000000000"));
  expect([sync.status, gone.status, on.effects()]).toEqual([204, 204, []]);
});

test("the script and Drive are taken; a replay within five minutes says 'look again' and no more", async () => {
  const right = script();
  const taken = [await send(right), await send(right), await send(drive())];
  expect(taken.map(({ status }) => status)).toEqual([204, 204, 204]);
  expect(on.effects()).toEqual([expect.stringMatching(/^pubsub .*Publish x3$/)]);
  expect(on.logged.join("")).not.toMatch(/v1=|prototype|constructor/);
});
