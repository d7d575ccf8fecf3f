// Posts to Slack, once, by chat.postMessage: a bot's token with the one scope chat:write, which reaches only channels that
// the bot was invited to. Never tries again by itself. What it throws was certainly not posted.
import { z } from "zod";
import type { Endpoints } from "../endpoints.ts";
import { Permanent } from "../errors.ts";
import { jsonOf } from "../json.ts";
import { neverConnected } from "../never-connected.ts";
import { messageText, type Post } from "./message.ts";
import { refusalOf } from "./refusals.ts";

/** not-sent: Slack took nothing, for now; another attempt may help. */
export type PostOutcome = "sent" | "not-sent" | "unknown";

export type Slack = {
  /** Throws only when nothing has certainly been posted: a `Permanent` when only a person can help. */
  post: (channel: string, message: Post) => Promise<PostOutcome>;
};

const Answer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), ts: z.string().min(1) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);
/** https://docs.slack.dev/authentication/tokens: a bot's token, with or without rotation. */
const Token = z.string().regex(/^(?:xoxe\.)?xoxb-[\w-]{1,400}$/);

const defaultTimeoutMs = 30_000;
const longestPauseSeconds = 600;

/**
 * @param options `token` reads the secret. `real` is the machine's clock: Slack's pauses are of real time.
 */
export function slackChat(options: {
  endpoints: Endpoints;
  token: () => Promise<string>;
  real?: () => number;
  timeoutMs?: number;
}): Slack {
  const { endpoints, real = Date.now, timeoutMs = defaultTimeoutMs } = options;
  const url = new URL("/api/chat.postMessage", endpoints.slack ?? "https://slack.com");
  /** Slack said when it may be asked again. */
  let pauseUntil = 0;

  return {
    async post(channel, message) {
      const token = Token.safeParse((await options.token()).trim());
      if (!token.success) throw notAToken();
      if (real() < pauseUntil) return "not-sent";
      let response: Response;
      let text: string;
      try {
        response = await fetch(url, {
          method: "POST",
          headers: {
            authorization: `Bearer ${token.data}`,
            "content-type": "application/json; charset=utf-8",
          },
          body: JSON.stringify({ channel, text: messageText(message), ...asWritten }),
          redirect: "error",
          signal: AbortSignal.timeout(timeoutMs),
        });
        if (response.status === 429) {
          pauseUntil = real() + pauseOf(response.headers.get("retry-after")) * 1000;
          return "not-sent";
        }
        text = await response.text();
      } catch (error) {
        return neverConnected(error) ? "not-sent" : "unknown";
      }
      return outcomeOf(response.status, text);
    },
  };
}

/** No formatting, no names or addresses made into links, no previews. */
const asWritten = {
  mrkdwn: false,
  parse: "none",
  link_names: false,
  unfurl_links: false,
  unfurl_media: false,
} as const;

/** Seconds (https://docs.slack.dev/apis/web-api/rate-limits). */
function pauseOf(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), longestPauseSeconds) : 0;
}

function outcomeOf(status: number, text: string): PostOutcome {
  const answer = Answer.safeParse(jsonOf(text));
  if (answer.success && answer.data.ok) return "sent";
  if (answer.success && !answer.data.ok) {
    const refusal = refusalOf(answer.data.error);
    if (typeof refusal === "string") return refusal;
    throw new Permanent(refusal);
  }
  // A gateway answers 5xx also where Slack has done the work and only its answer was lost.
  if (status < 400 || status === 408 || status >= 500) return "unknown";
  throw new Permanent({
    what: "Slack refused a message",
    why: `it answered ${status}`,
    next: "see https://slack-status.com; once Slack is well, send it again under Undelivered",
  });
}

/** Without a cause: it could quote the secret. */
const notAToken = (): Permanent =>
  new Permanent({
    what: "messages cannot be posted to Slack",
    why: "the secret slack-bot-token is not a bot's token, which begins with xoxb-",
    next: "copy the Bot User OAuth Token from the app's page OAuth & Permissions into the secret slack-bot-token, and send this again under Undelivered",
  });
