// Answers that Gmail has been seen to give.
import { type Entry, reads } from "./entry.ts";
import { apiary, esf } from "./google-bodies.ts";

export type Call = "send" | "token" | "metadata";
const gmail = reads("gmail");

export const again =
  /sign the mail account in once more \(whoever has its password\), store the new secret gmail-oauth/;
const badAddress = gmail(
  "lasting",
  "bad-address",
  "Gmail does not take the address that it goes to",
  /correct the address in the sheet/,
);
const noMailbox = gmail(
  "lasting",
  "no-mailbox",
  "the mail account has no Gmail mailbox, or it is suspended",
  /administrator of the mail account switches Gmail on/,
);
const wait = (seconds: number) =>
  gmail(
    "transient",
    "rate-limit",
    "the mail account is asked to wait",
    /tried again when Gmail allows it/,
    seconds,
  );
const limit = gmail(
  "transient",
  "rate-limit",
  "the requests of this minute are used up",
  /^nothing: it is tried again by itself/,
  60,
);
const scope = gmail(
  "lasting",
  "scope",
  "the mail account has not allowed Groundcrew to send",
  /this time with the box for sending mail ticked/,
);
const guide = "https://developers.google.com/workspace/gmail/api/guides/handle-errors";

export const mailEntries: Entry<Call>[] = [
  {
    call: "send",
    source: "https://github.com/Byron/google-apis-rs/issues/351",
    ...esf(400, "INVALID_ARGUMENT", "Recipient address required", {
      errors: [{ reason: "invalidArgument" }],
    }),
    reads: badAddress,
  },
  {
    call: "send",
    source: "https://github.com/FlowCrypt/flowcrypt-browser/issues/1370",
    ...apiary(400, "invalidArgument", "Invalid to header"),
    reads: badAddress,
  },
  {
    call: "send",
    source: "https://github.com/langchain-ai/agents-from-scratch/pull/47",
    ...apiary(400, "invalidArgument", "Invalid To header"),
    reads: badAddress,
  },
  {
    call: "send",
    source: "https://github.com/WPManageNinja/fluent-smtp/issues/152",
    ...esf(400, "FAILED_PRECONDITION", "Mail service not enabled", {
      errors: [{ reason: "failedPrecondition" }],
    }),
    reads: noMailbox,
  },
  {
    call: "send",
    source: "https://github.com/googleapis/google-api-java-client/issues/1648",
    ...esf(400, "FAILED_PRECONDITION", "Precondition check failed.", {
      errors: [{ reason: "failedPrecondition" }],
    }),
    reads: noMailbox,
  },
  {
    call: "send",
    source: "https://github.com/taers232c/GAMADV-XTD3/issues/337",
    ...apiary(429, "rateLimitExceeded", "User-rate limit exceeded.  Retry after 2023-03-07T18:18:23.688Z", {
      domain: "usageLimits",
      headers: { date: "Tue, 07 Mar 2023 18:03:23 GMT" },
    }),
    reads: wait(901),
  },
  {
    call: "send",
    source: "https://github.com/bettergov/foiamail/issues/36",
    ...apiary(429, "rateLimitExceeded", "User-rate limit exceeded.  Retry after 2018-04-27T17:20:36.724Z", {
      domain: "usageLimits",
      headers: { date: "Fri, 27 Apr 2018 17:22:00 GMT" },
    }),
    // The time is over already, as googleapis/google-api-ruby-client#20544 has it: a minute at least.
    reads: wait(60),
  },
  {
    call: "send",
    source: "https://github.com/mxngls/gmail-cleaner/issues/5",
    ...apiary(
      403,
      "rateLimitExceeded",
      "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service 'gmail.googleapis.com' for consumer 'project_number:123456789'.",
      { domain: "usageLimits" },
    ),
    reads: limit,
  },
  {
    call: "send",
    source: "https://github.com/mxngls/gmail-cleaner/issues/5",
    ...apiary(429, "rateLimitExceeded", "Resource has been exhausted (e.g. check quota)."),
    reads: limit,
  },
  {
    call: "send",
    source: "https://github.com/googleapis/google-api-dotnet-client/issues/1982",
    ...apiary(429, "rateLimitExceeded", "Too many concurrent requests for user"),
    reads: limit,
  },
  {
    call: "send",
    source: "https://github.com/googleworkspace/apps-script-oauth2/issues/177",
    ...apiary(403, "insufficientPermissions", "Insufficient Permission"),
    reads: scope,
  },
  {
    call: "send",
    source: "https://github.com/analogdotnow/Analog/issues/296",
    ...esf(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.", {
      errors: [{ reason: "insufficientPermissions", message: "Insufficient Permission" }],
      reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    }),
    reads: scope,
  },
  {
    call: "send",
    source: "https://github.com/googleapis/google-api-nodejs-client/issues/2510",
    ...apiary(403, "forbidden", "Delegation denied for hub@example.org"),
    reads: gmail(
      "lasting",
      "other-account",
      "the sign-in is of another account than the one that is to send",
      again,
    ),
  },
  {
    call: "send",
    source: guide,
    ...apiary(403, "dailyLimitExceeded", "Daily Limit Exceeded", {
      domain: "usageLimits",
      headers: { date: "Wed, 01 Jul 2026 06:30:00 GMT" },
    }),
    // Half past eleven in the evening at the Pacific, where it is summer.
    reads: gmail(
      "transient",
      "daily-limit",
      "the project has used up its requests for today",
      /begins anew at midnight, Pacific time/,
      1800,
    ),
  },
  {
    call: "send",
    source: guide,
    ...apiary(429, "rateLimitExceeded", "User-rate limit exceeded. (Mail sending)"),
    reads: gmail(
      "transient",
      "daily-mails",
      "the mail account has sent as many mails as it may in a day",
      /^nothing: it sends again within 24 hours/,
      3600,
    ),
  },
  {
    call: "send",
    source: guide,
    ...apiary(403, "userRateLimitExceeded", "User Rate Limit Exceeded", { domain: "usageLimits" }),
    reads: wait(60),
  },
  {
    call: "send",
    source: guide,
    ...apiary(403, "domainPolicy", "The domain administrators have disabled Gmail apps."),
    reads: gmail(
      "lasting",
      "admin-policy",
      "the mail account's organisation does not allow Gmail to programs",
      /its administrator allows it/,
    ),
  },
  {
    call: "send",
    source: guide,
    ...apiary(401, "authError", "Invalid Credentials"),
    reads: gmail("lasting", "signed-out", "Gmail does not accept the sign-in of the mail account", again),
  },
];
