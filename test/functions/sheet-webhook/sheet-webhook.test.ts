// The sheet's door: a table of calls that must not get in, and the few that must. Every refusal publishes nothing, and
// comes before anything of the body is looked at.
import { describe, expect, test } from "@jest/globals";
import { type SheetWebhookDeps, sheetWebhook } from "../../../functions/sheet-webhook/handler.ts";
import { Permanent } from "../../../shared/errors.ts";
import { fewMembers, settingsOf } from "../../local/sample/sample-settings.ts";
import { keptLog } from "../../shared/ledger-harness.ts";
import { type Call, driveCall, now, scriptCall, seconds, secret, timed } from "./calls.ts";
import { forged } from "./forged.ts";

const settings = settingsOf({
  hubs: { prod: { members: fewMembers }, stage: { members: fewMembers }, bare: {} },
});

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
  const look = (name: string) => [["watch-due", { v: 1, hub: name }]];
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
    ["into the trash", driveCall("prod-1", { "x-goog-resource-state": "trash" }), look("prod")],
    ["out of the trash", driveCall("prod-1", { "x-goog-resource-state": "untrash" }), look("prod")],
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
