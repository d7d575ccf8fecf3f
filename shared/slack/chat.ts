// Posts to Slack, once, by chat.postMessage: a bot's token with the one scope chat:write, which reaches only channels that
// the bot was invited to. Never tries again by itself. What it throws was certainly not posted.
import * as z from "zod";
import { boundedText } from "../bounded.ts";
import type { Endpoints } from "../endpoints.ts";
import { failed, refused, retryAfterSeconds } from "../failure.ts";
import { jsonOf } from "../json.ts";
import { neverConnected } from "../never-connected.ts";
import { messageText, type Post } from "./message.ts";
import { perhapsPosted, refusals } from "./refusals.ts";

/** unknown: it may have been posted, and asking again could post it twice. */
export type PostOutcome = "sent" | "unknown";

export type Slack = {
  /** Throws a `Failure` only when nothing has certainly been posted. */
  post: (channel: string, message: Post) => Promise<PostOutcome>;
};

const Answer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), ts: z.string().min(1) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);
/** https://docs.slack.dev/authentication/tokens: a bot's token, with or without rotation. */
const Token = z.string().regex(/^(?:xoxe\.)?xoxb-[\w-]{1,400}$/);

const defaultTimeoutMs = 30_000;
/** An answer repeats the message: 4,000 characters, in escapes and blocks. */
const maximumAnswerBytes = 256 * 1024;

const at = { service: "slack", what: "a message to the team was not posted" } as const;

/** @param options `token` reads the secret. */
export function slackChat(options: {
  endpoints: Endpoints;
  token: () => Promise<string>;
  timeoutMs?: number;
}): Slack {
  const { endpoints, timeoutMs = defaultTimeoutMs } = options;
  const url = new URL("/api/chat.postMessage", endpoints.slack ?? "https://slack.com");

  return {
    async post(channel, message) {
      const token = Token.safeParse((await options.token()).trim());
      if (!token.success) throw notAToken();
      let response: Response;
      let text: string | undefined;
      try {
        response = await fetch(url, {
          method: "POST",
          headers: {
            authorization: `Bearer ${token.data}`,
            "content-type": "application/json; charset=utf-8",
          },
          body: JSON.stringify({ channel, text: messageText(message), ...asWritten }),
          redirect: "manual",
          signal: AbortSignal.timeout(timeoutMs),
        });
      } catch (error) {
        if (neverConnected(error)) throw refused(at, "no-answer", refusals);
        return "unknown";
      }
      try {
        text = await boundedText(response, maximumAnswerBytes);
      } catch {
        // The status has come: it alone says what became of the post.
        text = undefined;
      }
      return outcomeOf(response, text ?? "");
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

function outcomeOf({ status, headers }: Response, text: string): PostOutcome {
  const { data: answer } = Answer.safeParse(jsonOf(text));
  if (answer?.ok === true) return "sent";
  if (answer !== undefined && perhapsPosted.has(answer.error)) return "unknown";
  const waitSeconds = retryAfterSeconds(headers.get("retry-after"), headers.get("date"));
  if (answer !== undefined)
    throw refused(at, { status, code: answer.error, text, waitSeconds, refusal: true }, refusals);
  // A gateway answers 5xx also where Slack has done the work and only its answer was lost, but 503 where nobody took it
  // (https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4); nobody forwards a post that is
  // sent elsewhere (3xx).
  if (status < 300 || status === 408 || (status >= 500 && status !== 503)) return "unknown";
  throw refused(at, { status, text, waitSeconds }, refusals);
}

/** Without a cause: it could quote the secret. */
const notAToken = (): Error =>
  failed({
    service: "slack",
    cause: "not-a-bot-token",
    lasts: "lasting",
    explanation: {
      what: "messages cannot be posted to Slack",
      why: "the secret slack-bot-token is not a bot's token, which begins with xoxb-",
      next: "copy the Bot User OAuth Token from the app's page OAuth & Permissions into the secret slack-bot-token, and send this again under Undelivered",
    },
  });
