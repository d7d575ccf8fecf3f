// Sends a mail through Gmail, once. It never tries a send again by itself: a mail of which nobody knows whether it went
// out is reported as that, and a person decides. What it throws was certainly not sent.
import type { OAuth2Client } from "google-auth-library";
import * as z from "zod";
import type { Endpoints } from "../endpoints.ts";
import { failed, refused } from "../failure.ts";
import { answerOf, googleFailure, longestAnswerBytes } from "../google-failure.ts";
import { neverConnected } from "../never-connected.ts";
import { mailPatterns, tokenPatterns } from "./gmail-refusals.ts";
import { buildMessage, type Mail as Message } from "./message.ts";

export type SendOutcome = "sent" | "unknown";

export type Mail = {
  /** Throws only when the mail has certainly not been sent: a failure of Gmail's or of Google's sign-in, which says for how long. */
  send: (message: Message) => Promise<SendOutcome>;
};

/** The secret, as Google's sign-in gives it to us. */
const Credentials = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  refresh_token: z.string().min(1),
});

const Sent = z.object({ id: z.string().min(1) });
const what = "mails cannot be sent";
const signIn = { service: "google-sign-in", what } as const;
const gmailAt = { service: "gmail", what } as const;
const defaultTimeoutMs = 30_000;

/** @param options `oauth` reads the secret: JSON with client_id, client_secret and refresh_token of the mail account. */
export function gmail(options: {
  endpoints: Endpoints;
  oauth: () => Promise<string>;
  sender: string;
  timeoutMs?: number;
}): Mail {
  const { endpoints, sender, timeoutMs = defaultTimeoutMs } = options;
  const accounts = accountsFor(endpoints, timeoutMs);

  /** One attempt; "stale" when Gmail did not take a token that was kept from before. */
  async function attempt(raw: string, secret: string): Promise<SendOutcome | "stale"> {
    const auth = await accounts.of(secret);
    const before = auth.credentials.access_token;
    // Asked for before the send, so that a failure here is known to have sent nothing.
    const { token } = await auth.getAccessToken().catch((error: unknown) => {
      throw googleFailure(signIn, error, () => tokenPatterns);
    });
    if (typeof token !== "string") throw refused(signIn, "unreadable", []);
    const { gmail_v1 } = await import("googleapis/build/src/apis/gmail/v1.js");
    // `raw` and not `media`: an upload would go to the real Gmail whatever rootUrl says.
    const client = new gmail_v1.Gmail({
      auth,
      ...(endpoints.google === undefined ? {} : { rootUrl: endpoints.google }),
    });
    try {
      const { data } = await client.users.messages.send(
        { userId: "me", requestBody: { raw } },
        {
          retry: false,
          retryConfig: { retry: 0, noResponseRetries: 0 },
          timeout: timeoutMs,
          maxContentLength: longestAnswerBytes,
        },
      );
      return Sent.safeParse(data).success ? "sent" : "unknown";
    } catch (error) {
      const answer = answerOf(error);
      if (typeof answer === "string") {
        if (neverConnected(error)) throw refused(gmailAt, "no-answer", [], { cause: error });
        return "unknown";
      }
      const { status } = answer;
      // Gmail may have sent the mail and failed afterwards: these say nothing. "Unavailable" says that it was not taken: Google
      // sends again after it what must not be done twice, too
      // (https://cloud.google.com/workflows/docs/reference/stdlib/http/default_retry_predicate_non_idempotent).
      if ((status >= 500 && status !== 503) || status === 408 || status < 400) return "unknown";
      if (status === 401) {
        accounts.forget();
        if (token === before) return "stale";
      }
      throw googleFailure(gmailAt, error, mailPatterns);
    }
  }

  return {
    async send(message) {
      const raw = (await buildMessage(message, sender)).toString("base64url");
      const secret = await options.oauth();
      const first = await attempt(raw, secret);
      if (first !== "stale") return first;
      const second = await attempt(raw, secret);
      if (second === "stale")
        throw refused(gmailAt, { status: 401, text: "" }, mailPatterns({ status: 401, text: "" }));
      return second;
    },
  };
}

/** Answer of the sign-in beside the token: the rest of a consent that was given for a time, in seconds. */
const Lifetime = z.object({ data: z.object({ refresh_token_expires_in: z.number().positive() }) });

/**
 * Gives a question whether Google signs the account in, and until when; it sends nothing. Throws as a send does that is refused before it.
 * https://developers.google.com/identity/protocols/oauth2/web-server#offline
 */
export function gmailSignIn(options: {
  endpoints: Endpoints;
  oauth: () => Promise<string>;
  now: () => Date;
  timeoutMs?: number;
}): () => Promise<{ ends?: Date }> {
  const { endpoints, oauth, now, timeoutMs = defaultTimeoutMs } = options;
  return async () => {
    // A client of its own each time: a token that is kept would answer for the consent.
    const auth = await accountsFor(endpoints, timeoutMs).of(await oauth());
    const { token, res } = await auth.getAccessToken().catch((error: unknown) => {
      throw googleFailure(signIn, error, () => tokenPatterns);
    });
    if (typeof token !== "string") throw refused(signIn, "unreadable", []);
    const seconds = Lifetime.safeParse(res).data?.data.refresh_token_expires_in;
    return seconds === undefined ? {} : { ends: new Date(now().getTime() + seconds * 1000) };
  };
}

/** The client of the secret as it is now: a new secret must work without a new deployment. */
function accountsFor(endpoints: Endpoints, timeoutMs: number) {
  let kept: { secret: string; auth: OAuth2Client } | undefined;
  return {
    async of(secret: string): Promise<OAuth2Client> {
      if (kept?.secret === secret) return kept.auth;
      const { OAuth2Client } = await import("google-auth-library");
      const credentials = parseSecret(secret);
      const auth = new OAuth2Client({
        clientId: credentials.client_id,
        clientSecret: credentials.client_secret,
        transporterOptions: { timeout: timeoutMs, maxContentLength: longestAnswerBytes },
        ...(endpoints.google === undefined
          ? {}
          : { endpoints: { oauth2TokenUrl: new URL("/token", endpoints.google).href } }),
      });
      auth.setCredentials({ refresh_token: credentials.refresh_token });
      kept = { secret, auth };
      return auth;
    },
    /** Its token is not taken any more. */
    forget(): void {
      kept = undefined;
    },
  };
}

function parseSecret(secret: string): z.infer<typeof Credentials> {
  try {
    return Credentials.parse(JSON.parse(secret));
  } catch {
    // Without a cause: it could quote the secret.
    throw failed({
      service: "gmail",
      cause: "not-a-sign-in",
      lasts: "lasting",
      explanation: {
        what,
        why: "the secret gmail-oauth is not JSON with client_id, client_secret and refresh_token",
        next: "store it again as the sign-in gave it, and replay this event",
      },
    });
  }
}
