// Slack's chat.postMessage over slack.log (https://docs.slack.dev/reference/methods/chat.postMessage). It refuses by code and
// with status 200, as Slack does, and like Slack it keeps nobody from posting the same thing twice.
import { timingSafeEqual } from "node:crypto";
import { type Context, Hono } from "hono";
import * as z from "zod";
import type { Clock } from "../../shared/clock.ts";
import { jsonOf } from "../../shared/json.ts";
import { violationList } from "../wire/called-routes.ts";
import { type FarEnd, failing, offerRoutes } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import { type Rate, rates } from "../wire/rate.ts";
import type { State } from "../wire/state.ts";
import { closed, notedFor, unservedField } from "../wire/vocabulary.ts";
import { appendLine } from "./log.ts";

export type SlackChannel = { id: string; joined?: boolean; archived?: boolean };

/**
 * One message a second and channel, with short bursts (https://docs.slack.dev/apis/web-api/rate-limits). How short is not said; somebody
 * met 25 (https://github.com/RamblingCookieMonster/PSSlack/issues/52). Here it is fewer.
 */
const postsAChannel: Rate = { most: 5, everyMs: 5000 };

/** Slack cuts off what is longer. */
const maximumCharacters = 40_000;

const flag = z.boolean().optional();
/** Message of Groundcrew's, typed as documented. */
const Message = z.object({
  channel: z.string().min(1),
  text: z.string().optional(),
  mrkdwn: flag,
  parse: z.enum(["none", "full"]).optional(),
  link_names: flag,
  unfurl_links: flag,
  unfurl_media: flag,
});

/**
 * Arguments that are served. A line of slack.log shows a text as it came: as something to be made pretty, searched for names, or shown
 * with what its links lead to, it is not kept.
 */
const served = [
  ...["channel", "text"],
  ...["mrkdwn=false", "parse=none", "link_names=false", "unfurl_links=false", "unfurl_media=false"],
];

type Problem = { error: string; messages?: string[] };

export function slackFarEnd(options: {
  state: State;
  faults: Faults;
  now: Clock;
  /** slack.log. */
  file: string;
  channels: readonly SlackChannel[];
  /** The bot's, as it is now. */
  token: () => string;
  /** Scopes that the app was allowed. */
  scopes?: readonly string[];
}): FarEnd & { violations: string[] } {
  const { state, faults, now, file, channels, token, scopes = ["chat:write"] } = options;
  state.exec(
    "CREATE TABLE IF NOT EXISTS slack_post (microseconds INTEGER PRIMARY KEY, channel TEXT NOT NULL)",
  );
  const insert = state.prepare("INSERT INTO slack_post VALUES (?, ?)");
  const newest = state.prepare("SELECT coalesce(max(microseconds), 0) AS last FROM slack_post");
  const violations = violationList();
  const limit = rates();
  const app = new Hono();
  app.use(failing("slack", faults));
  const noted = notedFor("Slack", violations);
  const notServed = (what: string): Response =>
    Response.json({ ok: false, error: "not_served_here", needed: noted(what) }, { status: 501 });
  app.use(closed({}, [], notServed));

  app.post("/api/chat.postMessage", async (c) => {
    // Slack takes forms as well: https://docs.slack.dev/apis/web-api/#basics.
    const type = c.req.header("content-type") ?? "";
    // In the other of its two charsets the letters beyond ASCII are other bytes.
    if (/^(?:application\/x-www-form-urlencoded|multipart\/form-data)|charset="?iso-8859-1/i.test(type))
      return notServed(`a body of ${type}`);
    const problem = typeProblem(c) ?? callerProblem(c.req.header("authorization"));
    const given = problem === undefined ? jsonOf(await c.req.text()) : undefined;
    const strange = unservedField(given, Object.keys(Message.shape));
    if (strange !== undefined) return notServed(`the argument ${strange} of chat.postMessage`);
    const body = problem ?? messageOf(given);
    if ("error" in body) return refuse(c, body);
    const value = unservedField(body, served);
    if (value !== undefined) return notServed(`this value of ${value} of chat.postMessage`);
    // Slack takes a channel's name and a person's id, too: https://docs.slack.dev/reference/methods/chat.postMessage#channels.
    if (/^#|^U[A-Z0-9]+$/.test(body.channel)) return notServed("a channel that is not named by its id");
    const channel = channels.find(({ id }) => id === body.channel);
    if (channel === undefined) return refuse(c, { error: "channel_not_found" });
    if (channel.archived === true) return refuse(c, { error: "is_archived" });
    if (channel.joined === false) return refuse(c, { error: "not_in_channel" });
    if (body.text === undefined || body.text.trim() === "") return refuse(c, { error: "no_text" });
    const over = limit.over([{ of: channel.id, rate: postsAChannel }], now().getTime());
    if (over !== undefined)
      return c.json({ ok: false, error: "ratelimited" }, 429, {
        "retry-after": String(Math.ceil(over.waitMs / 1000)),
      });
    // Without it Slack answers all the same, and warns.
    if (!/charset/i.test(c.req.header("content-type") ?? "")) violations.push("slack: missing_charset");
    if (body.text.length > maximumCharacters) violations.push("slack: a text was cut off");
    const text = body.text.slice(0, maximumCharacters);
    const at = now();
    // A message's name is its time: no two in a workspace are the same.
    const { last } = z.object({ last: z.number() }).parse(newest.get());
    const microseconds = Math.max(at.getTime() * 1000, last + 1);
    // The row first: where the line finds no room, no more is lost than a name for a message.
    insert.run(microseconds, channel.id);
    appendLine(file, { at: at.toISOString(), channel: channel.id, text });
    const ts = `${Math.floor(microseconds / 1e6)}.${String(microseconds % 1e6).padStart(6, "0")}`;
    return c.json({ ok: true, channel: channel.id, ts, message: { type: "message", text, ts, bot_id: bot } });
  });

  function callerProblem(authorization: string | undefined): Problem | undefined {
    const [, given] = /^Bearer (\S+)$/.exec(authorization ?? "") ?? [];
    if (given === undefined) return { error: "not_authed" };
    const [one, other] = [Buffer.from(given), Buffer.from(token())];
    if (one.length !== other.length || !timingSafeEqual(one, other)) return { error: "invalid_auth" };
    return scopes.includes("chat:write") ? undefined : { error: "missing_scope" };
  }

  offerRoutes("slack", app);
  return { fetch: app.fetch, violations };
}

const bot = "B0SAMPLEBOT";

const refuse = (c: Context, { error, messages }: Problem): Response =>
  c.json({ ok: false, error, ...(messages === undefined ? {} : { response_metadata: { messages } }) });

/** https://docs.slack.dev/apis/web-api/#basics: of the two types that Slack takes, the one that we send. */
function typeProblem(c: Context): Problem | undefined {
  const type = c.req.header("content-type");
  if (type === undefined) return { error: "missing_post_type" };
  if (!/^application\/json\s*(?:;|$)/i.test(type)) return { error: "invalid_post_type" };
  const [, charset = "utf-8"] = /charset="?([^";\s]+)/i.exec(type) ?? [];
  return /^utf-8$/i.test(charset) ? undefined : { error: "invalid_charset" };
}

function messageOf(json: unknown): z.infer<typeof Message> | Problem {
  if (json === undefined) return { error: "invalid_json" };
  if (typeof json !== "object" || json === null || Array.isArray(json)) return { error: "json_not_object" };
  const message = Message.safeParse(json);
  if (message.success) return message.data;
  const messages = message.error.issues.map(
    ({ path, message: why }) => `[ERROR] ${why} [json-pointer:/${path.join("/")}]`,
  );
  return { error: "invalid_arguments", messages };
}
