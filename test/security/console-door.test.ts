// The console's door as it runs: other names for its address, other origins, no session, no mark of a form, other methods
// and types. Nothing may change, and every answer carries the headers that keep a browser in bounds.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Headers, type House, headOf, house, insides, origin, type Said, say } from "./house.ts";

let on: House;
let socket: string;
let cookie: string;
let csrf: string;
const host = new URL(origin).host;

beforeAll(async () => {
  on = await house();
  socket = await on.open("console");
  const opened = await ask({
    start: "POST /session",
    headers: { "content-type": form },
    body: `token=${on.token}`,
  });
  cookie = /set-cookie: ([^;]+)/i.exec(opened.headers)?.[1] ?? "";
  csrf = /name="csrf" value="([\w-]+)"/.exec((await ask({ headers: { cookie } })).body)?.[1] ?? "";
});
afterAll(() => on.close());
beforeEach(() => on.far.faults.forget());

type Sent = { start?: string; headers?: Headers; body?: string };
function ask({ start = "GET /", headers = {}, body = "" }: Sent): Promise<Said> {
  const length = start.startsWith("GET") ? undefined : `${Buffer.byteLength(body)}`;
  return say(socket, headOf(start, { host, "content-length": length, ...headers }), body);
}

const form = "application/x-www-form-urlencoded";
const bearer = (): string => `Bearer ${on.token}`;
/** A press of a page's button, but for what is said. */
const press = (headers: Headers = {}, body = `csrf=${csrf}`): Sent => ({
  start: "POST /flows/sync-members/run",
  headers: { cookie, origin, "content-type": form, ...headers },
  body,
});
/** A program's call, but for what is said. */
const call = (headers: Headers = {}, start = "POST /api/flows/sync-members/run", body = "{}"): Sent => ({
  start,
  headers: { authorization: bearer(), "content-type": "application/json", ...headers },
  body,
});
const event = JSON.stringify({ topic: "sheet-changed", payload: { v: 1, hub: "sample", why: "person" } });

const refused: [string, () => Sent, number][] = [
  ["localhost by name", () => call({ host: "localhost:4747" }), 403],
  ["a rebound name", () => call({ host: "rebound.example.org" }), 403],
  ["a rebound name with our port", () => call({ host: "rebound.example.org:4747" }), 403],
  ["our name with another port", () => call({ host: "127.0.0.1:80" }), 403],
  ["our name without a port", () => call({ host: "127.0.0.1" }), 403],
  ["our address in another spelling", () => call({ host: "127.1:4747" }), 403],
  ["our address as one number", () => call({ host: "2130706433:4747" }), 403],
  ["our address in IPv6", () => call({ host: "[::1]:4747" }), 403],
  ["a host with a login", () => call({ host: `user@${host}` }), 400],
  [
    "a foreign host, forwarded for ours",
    () => call({ host: "rebound.example.org", "x-forwarded-host": host }),
    403,
  ],
  [
    "a whole address of another host",
    () => call({}, "POST http://rebound.example.org/api/flows/sync-members/run"),
    403,
  ],
  ["a rebound name's page", () => ({ headers: { host: "rebound.example.org:4747", cookie } }), 403],
  [
    "a rebound name's session",
    () => ({
      start: "POST /session",
      headers: { host: "rebound.example.org", "content-type": form },
      body: `token=${on.token}`,
    }),
    403,
  ],
  ["another origin's form", () => press({ origin: "http://rebound.example.org" }), 403],
  ["a page's without an origin of its own", () => press({ origin: "null" }), 403],
  ["another port's form", () => press({ origin: "http://127.0.0.1:4748" }), 403],
  ["our origin over TLS", () => press({ origin: "https://127.0.0.1:4747" }), 403],
  ["our origin with a dot behind", () => press({ origin: `${origin}.` }), 403],
  ["another origin's call with the token", () => call({ origin: "http://rebound.example.org" }), 403],
  ["a form without its mark", () => press({}, ""), 403],
  ["a form with an empty mark", () => press({}, "csrf="), 403],
  ["a form with a wrong mark", () => press({}, "csrf=wrong"), 403],
  ["a form with the token for a mark", () => press({}, `csrf=${on.token}`), 403],
  ["a form with the cookie for a mark", () => press({}, `csrf=${cookie.split("=")[1]}`), 403],
  ["a form whose mark is cut short", () => press({}, `csrf=${csrf.slice(0, -1)}`), 403],
  [
    "a form whose mark is in the address",
    () => ({ ...press({}, ""), start: `POST /flows/sync-members/run?csrf=${csrf}` }),
    403,
  ],
  ["a session's call without the mark", () => call({ authorization: undefined, cookie }), 403],
  ["no session", () => ({}), 401],
  ["no session, a form", () => press({ cookie: undefined }), 401],
  ["a wrong cookie", () => press({ cookie: "groundcrew-4747=wrong" }), 401],
  ["the token for a cookie", () => press({ cookie: `groundcrew-4747=${on.token}` }), 401],
  ["the cookie of another port", () => press({ cookie: cookie.replace("4747", "4748") }), 401],
  ["a wrong token", () => call({ authorization: "Bearer wrong" }), 401],
  ["an empty token", () => call({ authorization: "Bearer " }), 401],
  ["bearer in lower case", () => call({ authorization: bearer().toLowerCase() }), 401],
  [
    "the token as basic",
    () => call({ authorization: `Basic ${Buffer.from(`x:${on.token}`).toString("base64")}` }),
    401,
  ],
  ["the token and more", () => call({ authorization: `${bearer()}x` }), 401],
  [
    "the token in the address of a post",
    () => call({ authorization: undefined }, `POST /api/flows/sync-members/run?token=${on.token}`),
    401,
  ],
  ["the right token in the address", () => ({ start: `GET /?token=${on.token}` }), 401],
  [
    "a wrong token in the form",
    () => ({ start: "POST /session", headers: { "content-type": form }, body: "token=wrong" }),
    401,
  ],
  [
    "the right token in a form of another origin",
    () => ({
      start: "POST /session",
      headers: { "content-type": form, origin: "http://rebound.example.org" },
      body: `token=${on.token}`,
    }),
    403,
  ],
  [
    "a form of a token that is too large",
    () => ({
      start: "POST /session",
      headers: { "content-type": form },
      body: `token=${on.token}&x=${"x".repeat(5000)}`,
    }),
    413,
  ],
  ["a form's type for JSON", () => call({ "content-type": form }, "POST /api/events", event), 415],
  ["a text's type for JSON", () => call({ "content-type": "text/plain" }, "POST /api/events", event), 415],
  ["no type for JSON", () => call({ "content-type": undefined }, "POST /api/events", event), 415],
  ["JSON for a form", () => press({ "content-type": "application/json" }), 415],
  ["a form of several parts", () => press({ "content-type": "multipart/form-data; boundary=x" }), 415],
  ["a packed form", () => press({ "content-encoding": "gzip" }), 415],
  ["half JSON", () => call({}, "POST /api/events", "{"), 400],
  ["an event of no topic", () => call({}, "POST /api/events", '{"topic":"__proto__","payload":{}}'), 422],
  ["a prototype", () => call({}, "POST /api/events", '{"__proto__":{"topic":"sheet-changed"}}'), 422],
  ["2 MB", () => call({}, "POST /api/events", `{"x":"${"y".repeat(2_000_000)}"}`), 413],
  ["a put", () => call({}, "PUT /api/flows/sync-members/run"), 404],
  ["a delete", () => call({}, "DELETE /api/runs"), 404],
  ["a look where one presses", () => call({}, "GET /api/flows/sync-members/run", ""), 404],
  ["a file outside", () => ({ start: "GET /assets/..%2f..%2fpackage.json", headers: { cookie } }), 404],
  ["a file of every object", () => ({ start: "GET /assets/constructor", headers: { cookie } }), 404],
];

test.each(refused)("%s: refused, and nothing changes", async (_, sent, status) => {
  const answer = await ask(sent());
  expect([answer.status, answer.body.slice(0, 200)]).toEqual([status, expect.any(String)]);
  expect(answer.body).not.toMatch(insides);
  expect(answer.body + answer.headers).not.toContain(on.token);
  expect(answer.headers).not.toMatch(/access-control-|x-powered-by|^server:/im);
  expect(on.effects()).toEqual([]);
});

const headers = {
  "content-security-policy": /default-src 'none';.*frame-ancestors 'none'; base-uri 'none'/,
  "x-content-type-options": /nosniff/,
  "referrer-policy": /same-origin/,
  "cross-origin-opener-policy": /same-origin/,
  "cross-origin-resource-policy": /same-origin/,
  "cache-control": /no-store/,
};

test("every page, answer and refusal carries the headers, and no page has a script of its own", async () => {
  const said = [
    await ask({ headers: { cookie } }),
    await ask({ headers: { cookie }, start: "GET /undelivered" }),
    await ask({ headers: { authorization: bearer() }, start: "GET /api/home" }),
    await ask({}),
    await ask({ headers: { cookie }, start: "GET /nowhere" }),
    await ask({ headers: { host: "rebound.example.org" } }),
    await ask(press({}, "")),
  ];
  expect(said.map(({ status }) => status)).toEqual([200, 200, 200, 401, 404, 403, 403]);
  for (const { headers: given, body } of said) {
    for (const [name, value] of Object.entries(headers))
      expect(given.split("\r\n").find((line) => line.toLowerCase().startsWith(`${name}:`))).toMatch(value);
    expect(body).not.toMatch(/<script>|<style>|\son\w+=|style="/);
  }
});

test("the console's own page and a program with the token may", async () => {
  const [pressed, called] = [await ask(press()), await ask(call())];
  expect([pressed.status, called.status]).toEqual([303, 200]);
  expect(on.effects()).toEqual([expect.stringMatching(/^pubsub .*Publish x2$/)]);
  expect(on.logged.join("")).not.toContain(on.token);
});
