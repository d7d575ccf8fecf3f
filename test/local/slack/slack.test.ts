// Slack's far end and our client of it: what is posted lies in slack.log, what is refused is said with what to do.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type SlackChannel, slackFarEnd } from "../../../local/slack/far-end.ts";
import { readLines } from "../../../local/slack/log.ts";
import { type Served, serveFarEnd } from "../../../local/wire/far-end.ts";
import { type Failure, faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState, type State } from "../../../local/wire/state.ts";
import { isPermanent } from "../../../shared/errors.ts";
import { failureIn } from "../../../shared/failure.ts";
import { slackChat } from "../../../shared/slack/chat.ts";
import { patienceMs } from "../../patience.ts";
import { freePort } from "../free-port.ts";

const folder = mkdtempSync(join(tmpdir(), "slack-"));
const file = join(folder, "slack.log");
const token = "xoxb-1-two";
const faults = faultStore();
const channels: SlackChannel[] = [
  { id: "C0OPENOPEN" },
  { id: "C0OTHER" },
  { id: "C0NOTJOINED", joined: false },
  { id: "C0ARCHIVED", archived: true },
];
let state: State;
let served: Served;
let farEnd: ReturnType<typeof slackFarEnd>;
const scopes = ["chat:write"];
const clock = stoppedClock(new Date("2026-11-21T08:00:00.123Z"));
const now = (): string => clock.now().toISOString();

beforeAll(async () => {
  state = openState(join(folder, "state.db"));
  farEnd = slackFarEnd({
    state,
    faults,
    now: clock.now,
    file,
    channels,
    token: () => token,
    scopes,
  });
  served = await serveFarEnd(farEnd);
});
beforeEach(() => {
  faults.clear();
  faults.forget();
  rmSync(file, { force: true });
  clock.moveBy(5000);
});
afterAll(async () => {
  await served.close();
  state.close();
  rmSync(folder, { recursive: true });
});

const chat = (options: { as?: string; url?: string; timeoutMs?: number } = {}) =>
  slackChat({
    endpoints: { slack: options.url ?? served.url },
    token: async () => options.as ?? token,
    timeoutMs: options.timeoutMs ?? patienceMs,
  });
const message = { subject: "On hold", text: "a <b> \\n\nc" };
const log = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
const asked = () => faults.calls().get("slack POST /api/chat.postMessage") ?? 0;

describe("posting", () => {
  test("a message is one line, as it was sent", async () => {
    const first = now();
    expect(await chat().post("C0OPENOPEN", message)).toBe("sent");
    clock.moveBy(1000);
    expect(await chat().post("C0OPENOPEN", { subject: "Second", text: "t" })).toBe("sent");
    expect(log()).toBe(
      `${first} C0OPENOPEN On hold\\n\\na &lt;b&gt; \\\\n\\nc\n${now()} C0OPENOPEN Second\\n\\nt\n`,
    );
    expect(readLines(file, 5)).toEqual({
      count: 2,
      posts: [
        { at: now(), channel: "C0OPENOPEN", text: "Second\n\nt" },
        { at: first, channel: "C0OPENOPEN", text: "On hold\n\na <b> \\n\nc" },
      ],
    });
    expect(farEnd.violations).toEqual([]);
  });

  test("after a line that a killed process left unfinished", async () => {
    appendFileSync(file, "2026-11-21T07:00:00.000Z C0OPENOPEN half");
    await chat().post("C0OPENOPEN", { subject: "s", text: "t" });
    expect(log().split("\n")).toEqual([
      "2026-11-21T07:00:00.000Z C0OPENOPEN half",
      `${now()} C0OPENOPEN s\\n\\nt`,
      "",
    ]);
  });

  test("one a second and channel, five at once: the next is told when", async () => {
    const post = (channel = "C0OPENOPEN") => chat().post(channel, { subject: "s", text: "t" });
    for (let count = 0; count < 5; count += 1) {
      expect(await post()).toBe("sent");
      clock.moveBy(100);
    }
    expect(await post().catch(failureIn)).toMatchObject({ cause: "too-many-messages", waitSeconds: 5 });
    expect(await post("C0OTHER")).toBe("sent");
    clock.moveBy(4499);
    expect(await post().catch(failureIn)).toMatchObject({ waitSeconds: 1 });
    clock.moveBy(1);
    expect(await post()).toBe("sent");
    expect(log().split("\n")).toHaveLength(8);
  });

  test("asks for no formatting, no names made links, no previews", async () => {
    const bodies: unknown[] = [];
    const listener = await serveFarEnd({
      fetch: async (request: Request) => {
        bodies.push(await request.json());
        return Response.json({ ok: true, ts: "1.000001" });
      },
    });
    expect(await chat({ url: listener.url }).post("C0OPENOPEN", { subject: "s", text: "t" })).toBe("sent");
    await listener.close();
    expect(bodies).toEqual([
      {
        channel: "C0OPENOPEN",
        text: "s\n\nt",
        mrkdwn: false,
        parse: "none",
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
      },
    ]);
  });
});

const thrown = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
const refused = async (call: Promise<unknown>) => {
  const error = await thrown(call);
  if (!isPermanent(error)) throw new Error("not refused for good");
  return error.explanation;
};

describe("refused for good, with what to do", () => {
  test.each([
    [
      "C0NOSUCH",
      "Slack knows no such channel, or the channel is private and the app is not in it",
      "/invite",
    ],
    ["C0NOTJOINED", "the app is not in the channel", "/invite"],
    ["C0ARCHIVED", "the channel is archived", "unarchive it"],
  ])("%s", async (channel, why, next) => {
    const explanation = await refused(chat().post(channel, message));
    expect(explanation).toMatchObject({ what: "a message to the team was not posted", why });
    expect(explanation.next).toContain(next);
    expect(log()).toBe("");
  });

  test("a token that Slack does not know", async () => {
    const { why, next } = await refused(chat({ as: "xoxb-1-other" }).post("C0OPENOPEN", message));
    expect(why).toBe("Slack does not know the app's token, or does not take it from where Groundcrew runs");
    expect(next).toContain("slack-bot-token");
  });

  test.each(["xoxp-a-person", "", "xoxb-1\r\nx: y"])("a secret that is no bot's token: %j", async (as) => {
    const explanation = await refused(chat({ as }).post("C0OPENOPEN", message));
    expect(explanation.why).toContain("begins with xoxb-");
    expect(asked()).toBe(0);
  });

  test("the scope is missing", async () => {
    scopes.length = 0;
    const { why } = await refused(chat().post("C0OPENOPEN", message));
    scopes.push("chat:write");
    expect(why).toBe("the app lacks the scope chat:write");
  });

  test.each<[string, Failure, string]>([
    ["revoked", answer({ ok: false, error: "token_revoked" }), "the app's token was revoked"],
    ["restricted", answer({ ok: false, error: "restricted_action" }), "lets only some people post"],
    [
      "a reason that is new",
      answer({ ok: false, error: "some_new_reason" }),
      "Slack refused it (some_new_reason)",
    ],
    ["a reason that is none", answer({ ok: false, error: "ada@example.org" }), "Slack refused it"],
    ["another status", { kind: "status", status: 404, body: "not here" }, "Slack answered 404"],
  ])("%s", async (_, failure, why) => {
    faults.add({ farEnd: "slack", failure });
    expect((await refused(chat().post("C0OPENOPEN", message))).why).toContain(why);
  });
});

function answer(body: object, status = 200, headers: Record<string, string> = {}): Failure {
  return { kind: "status", status, body: JSON.stringify(body), headers };
}

describe("what became of it", () => {
  test.each<[string, Failure, string, number]>([
    ["failed half-way", answer({ ok: false, error: "fatal_error" }), "unknown", 0],
    ["failed inside", answer({ ok: false, error: "internal_error" }, 500), "unknown", 0],
    ["a gateway's 502", { kind: "status", status: 502, body: "<html>" }, "unknown", 0],
    ["an answer that is none", { kind: "status", status: 200, body: "{}" }, "unknown", 0],
    ["the answer is lost", { kind: "lost-answer" }, "unknown", 1],
    ["the answer breaks off", { kind: "truncated" }, "unknown", 1],
  ])("%s", async (_, failure, outcome, lines) => {
    faults.add({ farEnd: "slack", failure });
    expect(await chat().post("C0OPENOPEN", message)).toBe(outcome);
    expect([asked(), log().split("\n").length - 1]).toEqual([1, lines]);
  });

  test("the answer is late: nobody knows, and it was posted", async () => {
    const { promise: gaveUp, resolve: giveUp } = Promise.withResolvers<void>();
    const slow = await serveFarEnd({
      fetch: async (request: Request) => {
        const work = await farEnd.fetch(request);
        await gaveUp;
        return work;
      },
    });
    // A hundred times what the way there takes in this process.
    expect(await chat({ url: slow.url, timeoutMs: 1000 }).post("C0OPENOPEN", message)).toBe("unknown");
    giveUp();
    await slow.close();
    expect(log().split("\n")).toHaveLength(2);
  });

  test.each<[string, Failure, number | undefined]>([
    ["rate limited", answer({ ok: false, error: "ratelimited" }, 429, { "retry-after": "30" }), 30],
    ["rate limited, by its status alone", { kind: "status", status: 429 }, undefined],
    ["rate limited, by code alone", answer({ ok: false, error: "rate_limited" }), undefined],
    ["out of service", answer({ ok: false, error: "service_unavailable" }, 503), undefined],
    ["sent elsewhere", { kind: "status", status: 302, headers: { location: "/login" } }, undefined],
  ])("%s: certainly not sent, and tried again when Slack says", async (_, failure, waitSeconds) => {
    faults.add({ farEnd: "slack", failure });
    const error = await thrown(chat().post("C0OPENOPEN", message));
    expect(failureIn(error)).toMatchObject({ service: "slack", lasts: "transient" });
    expect([failureIn(error)?.waitSeconds, asked(), log()]).toEqual([waitSeconds, 1, ""]);
  });

  test("nobody there: certainly not sent", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const error = await thrown(chat({ url }).post("C0OPENOPEN", message));
    expect(failureIn(error)).toMatchObject({ service: "slack", cause: "no-answer", lasts: "transient" });
  });
});

describe("the far end refuses what Slack refuses", () => {
  const json = "application/json; charset=utf-8";
  const good = JSON.stringify({ channel: "C0OPENOPEN", text: "t" });
  test.each<[string, Record<string, string>, string, string]>([
    ["no content type", {}, good, "missing_post_type"],
    ["another content type", { "content-type": "text/html" }, good, "invalid_post_type"],
    ["another charset", { "content-type": "application/json; charset=koi8-r" }, good, "invalid_charset"],
    ["no token", { "content-type": json, authorization: "" }, good, "not_authed"],
    [
      "a token of another kind",
      { "content-type": json, authorization: `Basic ${token}` },
      good,
      "not_authed",
    ],
    ["no JSON", { "content-type": json }, "{", "invalid_json"],
    ["no object", { "content-type": json }, "[]", "json_not_object"],
    ["no channel", { "content-type": json }, '{"text":"t"}', "invalid_arguments"],
    [
      "a flag that is none",
      { "content-type": json },
      '{"channel":"C0OPENOPEN","text":"t","mrkdwn":"no"}',
      "invalid_arguments",
    ],
    ["no text", { "content-type": json }, '{"channel":"C0OPENOPEN"}', "no_text"],
  ])("%s", async (_, headers, body, error) => {
    const response = await farEnd.fetch(
      new Request("http://slack/api/chat.postMessage", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, ...headers },
        body: Buffer.from(body),
      }),
    );
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ ok: false, error }),
    ]);
    expect(log()).toBe("");
  });
});
