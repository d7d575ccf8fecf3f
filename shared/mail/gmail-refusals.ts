// Answers of Gmail and Google's token endpoint to a mail that is not taken, and who can mend each.
import type { Meaning, Pattern } from "../failure.ts";
import type { Said } from "../google-failure.ts";
import { certain, general } from "../google-patterns.ts";

const day = 24 * 3600;
const hour = 3600;
const signIn =
  "sign the mail account in once more (whoever has its password), store the new secret gmail-oauth, and replay this event";

/** https://developers.google.com/identity/protocols/oauth2#expiration and RFC 6749 5.2 */
export const tokenPatterns: readonly Pattern[] = [
  {
    code: /^invalid_grant$/,
    text: /account has been (deleted|disabled)|account.{0,20}(suspended|disabled)/i,
    cause: "account-gone",
    lasts: "lasting",
    why: "the mail account is deleted or disabled",
    next: `the administrator of the mail account restores it, or names another one under team.sender in the settings; then ${signIn}`,
  },
  {
    code: /^(invalid_grant|rapt_required|invalid_rapt)$/,
    text: /rapt|reauth/i,
    cause: "session-control",
    lasts: "lasting",
    why: "the mail account's organisation wants it signed in anew every so often",
    next: `its administrator exempts Groundcrew's OAuth client from session control (Admin console, Security, Access and data control); then ${signIn}`,
  },
  {
    code: /^invalid_grant$/,
    cause: "signed-out",
    lasts: "lasting",
    why: "the sign-in of the mail account has lapsed or was revoked (a changed password does that, and so does a consent screen in testing, after seven days)",
    next: `set the consent screen to In production; then ${signIn}`,
  },
  {
    code: /^(invalid_client|deleted_client|disabled_client)$/,
    cause: "no-client",
    lasts: "lasting",
    why: "Google does not know the OAuth client of the secret gmail-oauth",
    next: `the project's owner makes an OAuth client, or restores it (Clients in the Cloud console); then ${signIn}`,
  },
  {
    code: /^(unauthorized_client|invalid_scope)$/,
    cause: "other-client",
    lasts: "lasting",
    why: "the sign-in of the secret gmail-oauth was made for another OAuth client, or for other rights",
    next: signIn,
  },
  {
    code: /^(org_internal|admin_policy_enforced|access_denied|access_not_configured)$/,
    cause: "admin-policy",
    lasts: "lasting",
    why: "the mail account's organisation does not let Groundcrew's OAuth client in",
    next: `its administrator trusts the client (Admin console, Security, API controls); then ${signIn}`,
  },
  {
    code: /^(rate_limit_exceeded|slow_down|rateLimitExceeded)$/,
    cause: "rate-limit",
    lasts: "transient",
    why: "too many tokens were asked for at once",
    next: "nothing: it is tried again by itself",
    waitSeconds: 60,
  },
];

/** https://developers.google.com/workspace/gmail/api/guides/handle-errors; what comes of 5xx is in gmail.ts. */
export function mailPatterns(answer: Said): Pattern[] {
  const wait = secondsTo(/retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(answer.text)?.[1], answer.date);
  return [
    {
      status: [403, 429],
      // "User-rate limit exceeded" with "(Mail sending)" in it is the day's limit, too.
      text: /(daily|mail|user)[a-z -]{0,20} sending (limit|quota)|limit for sending|\(mail sending\)/i,
      cause: "daily-mails",
      lasts: "transient",
      why: "the mail account has sent as many mails as it may in a day",
      next: "nothing: it sends again within 24 hours (https://support.google.com/a/answer/166852); when it goes on, the team names a mail account with a higher limit",
      // It ends after 1 to 24 hours (https://support.google.com/mail/answer/22839): asked again within the hour.
      waitSeconds: wait ?? hour,
    },
    {
      status: [403, 429],
      text: /rate limit exceeded|retry after/i,
      cause: "rate-limit",
      lasts: "transient",
      why: "the mail account is asked to wait",
      next: "nothing: it is tried again when Gmail allows it",
      waitSeconds: wait ?? 60,
    },
    {
      status: 400,
      code: /^(failedPrecondition|FAILED_PRECONDITION)$/,
      cause: "no-mailbox",
      lasts: "lasting",
      why: "the mail account has no Gmail mailbox, or it is suspended",
      next: `the administrator of the mail account switches Gmail on for it, or names another account under team.sender in the settings and has it signed in`,
    },
    {
      status: 400,
      text: /too large|exceeds? the (size|maximum)/i,
      ...tooLong,
    },
    { status: 413, ...tooLong },
    {
      status: 400,
      text: /\b(to|cc|bcc) header|recipient/i,
      cause: "bad-address",
      lasts: "lasting",
      why: "Gmail does not take the address that it goes to",
      next: "correct the address in the sheet, or under team.mail in the settings, and send the mail under Undelivered",
    },
    {
      status: 400,
      text: /\bfrom header|sender/i,
      cause: "bad-sender",
      lasts: "lasting",
      why: "Gmail does not let the mail account send as the sender of the settings",
      next: "name the mail account itself under team.sender in the settings, or let whoever owns it add the address to it (Gmail, Settings, Accounts, Send mail as)",
    },
    {
      status: 403,
      text: /delegation denied/i,
      cause: "other-account",
      lasts: "lasting",
      why: "the sign-in is of another account than the one that is to send",
      next: signIn,
    },
    {
      status: 403,
      code: /^(ACCESS_TOKEN_SCOPE_INSUFFICIENT|insufficientPermissions)$/,
      cause: "scope",
      lasts: "lasting",
      why: "the mail account has not allowed Groundcrew to send",
      next: `${signIn}; this time with the box for sending mail ticked`,
    },
    {
      status: 403,
      code: /^domainPolicy$/,
      cause: "admin-policy",
      lasts: "lasting",
      why: "the mail account's organisation does not allow Gmail to programs",
      next: "its administrator allows it (Admin console, Apps, Google Workspace, Gmail), and this event is replayed",
    },
    ...certain("gmail", answer),
    {
      status: [401, 403],
      cause: "signed-out",
      lasts: "lasting",
      why: "Gmail does not accept the sign-in of the mail account",
      next: signIn,
    },
    ...general(answer),
  ];
}

const tooLong: Meaning = {
  cause: "too-large",
  lasts: "lasting",
  why: "the mail is larger than Gmail takes",
  next: "shorten the mail under Undelivered and send it",
};

/** Never longer than a day: a time that is further off is no limit of Gmail's. */
function secondsTo(time: string | undefined, now: Date | undefined): number | undefined {
  if (time === undefined || now === undefined) return undefined;
  const seconds = (Date.parse(time) - now.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(day, seconds) : undefined;
}
