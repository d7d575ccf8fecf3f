// Tests of what functions say when something goes wrong, in every environment that somebody may start them in: never a stack, a path,
// a secret, or what was sent.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { FunctionName } from "../../shared/functions.ts";
import { type House, headOf, house, insides, say } from "./house.ts";

let on: House;
beforeAll(async () => {
  on = await house();
});
afterAll(async () => {
  await on.close();
  expect(on.logged.join("")).not.toMatch(/canary/i);
});

/** Each function where nothing is said, which is where the framework says most; one in each environment besides. */
const starts: [FunctionName, Record<string, string>][] = [
  ["sheet-webhook", {}],
  ["console", {}],
  ["resume-work", {}],
  ["sheet-webhook", { NODE_ENV: "development" }],
  ["sheet-webhook", { NODE_ENV: "production" }],
];

/** Requests that the framework, Node or we refuse, each in its own words. */
const bad: [string, string, Record<string, string>, string][] = [
  ["an address that cannot be read", "POST /%canary%", {}, ""],
  ["half JSON", "POST /", { "content-type": "application/json" }, '{"canary'],
  ["half a cloud event", "POST /", { "content-type": "application/cloudevents+json" }, '{"canary'],
  ["an unknown packing", "POST /", { "content-encoding": "canary" }, "canary"],
  ["an unknown charset", "POST /", { "content-type": "text/plain; charset=canary" }, "canary"],
  [
    "a form of thousands of parts",
    "POST /",
    { "content-type": "application/x-www-form-urlencoded" },
    "canary&".repeat(5000),
  ],
  ["an unknown method", "CANARY /", {}, ""],
  ["a wrong version", "GET /canary HTTP/7.7\r\nx: ", {}, ""],
];

test.each(starts)("%s with %j", async (name, environment) => {
  const socket = await on.open(name, environment);
  const before = on.effects();
  for (const [what, start, headers, body] of bad) {
    const length = `${Buffer.byteLength(body)}`;
    const answer = await say(socket, headOf(start, { "content-length": length, ...headers }), body);
    const refused = answer.status >= 400 && answer.status < 500;
    expect([what, refused, answer.body]).toEqual([what, true, expect.not.stringMatching(insides)]);
    expect(answer.body + answer.headers).not.toMatch(/canary/i);
  }
  expect(on.effects()).toEqual(before);
});

test("a service that fails behind a door is told without its words", async () => {
  on.far.faults.add({
    farEnd: "secrets",
    times: 20,
    failure: { kind: "status", status: 500, body: "canary" },
  });
  on.far.faults.add({
    farEnd: "storage",
    times: 20,
    failure: { kind: "status", status: 403, body: "canary" },
  });
  const signature = `sha256=${"0".repeat(64)}`;
  const headers = {
    "content-length": "2",
    "content-type": "application/json",
    "x-hub-signature-256": signature,
  };
  const door = await say(await on.open("github-webhook"), headOf("POST /", headers), "{}");
  expect([door.status, door.body]).toEqual([503, "try again"]);
  const asked = headOf("GET /api/home", { host: "127.0.0.1:4747", authorization: `Bearer ${on.token}` });
  const home = await say(await on.open("console"), asked);
  expect([home.status, home.body]).toEqual([500, expect.not.stringMatching(/canary/)]);
  expect(home.body).not.toMatch(insides);
  on.far.faults.clear();
});
