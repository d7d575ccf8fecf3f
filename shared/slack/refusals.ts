// Meaning of Slack's error codes for us: which pass by themselves, which leave open what became of the post, and what a person
// must do about the others. Pure. https://docs.slack.dev/reference/methods/chat.postMessage#errors
import type { Pattern } from "../failure.ts";

/** "It's possible some aspect of the operation succeeded before the error was raised." */
export const perhapsPosted: ReadonlySet<string> = new Set(["fatal_error", "internal_error"]);

const thenSend = "; then send this again under Undelivered";
const store = "store its bot token as a new version of the secret slack-bot-token";
const reinstall = `let an admin of the workspace install the app once more, and ${store}${thenSend}`;
const scope = `give the app the bot scope chat:write on its page OAuth & Permissions, install it once more, and ${store}${thenSend}`;
const rights = `let an admin of the workspace allow the app to post there, or name another channel under team.slack in the settings${thenSend}`;
const report =
  "report it to those who write Groundcrew, with this code; the message itself is on the page Undelivered";
const wait = "nothing: it is sent again by itself; when it goes on, see https://slack-status.com";

const refusal = (
  lasts: Pattern["lasts"],
  code: RegExp,
  cause: string,
  { why, next }: Pick<Pattern, "why" | "next">,
): Pattern => ({ lasts, code, cause, why, next });

/** The first that fits speaks. */
export const refusals: readonly Pattern[] = [
  // https://docs.slack.dev/apis/web-api/rate-limits: 429 with Retry-After, about one message a second and channel.
  refusal("transient", /^rate_?limited$/, "too-many-messages", {
    why: "Slack takes no more messages from the app for now",
    next: wait,
  }),
  {
    status: 429,
    lasts: "transient",
    cause: "too-many-messages",
    why: "Slack takes no more messages from the app for now",
    next: wait,
  },
  refusal("transient", /^service_unavailable$/, "unavailable", {
    why: "Slack is out of service",
    next: wait,
  }),
  refusal("transient", /^request_timeout$/, "arrived-in-part", {
    why: "the message reached Slack only in part",
    next: wait,
  }),
  refusal("transient", /^(org_login_required|team_added_to_org)$/, "workspace-is-moved", {
    why: "the workspace is being moved to an organisation, and Slack takes nothing until that is done",
    next: "nothing: it is sent again by itself; an admin of the workspace knows how long the move takes",
  }),
  refusal("lasting", /^message_limit_exceeded$/, "message-limit", {
    why: "the workspace has reached the number of messages that its plan allows",
    next: `let an owner of the workspace look at its plan, or leave team.slack out of the settings, so that mails are sent${thenSend}`,
  }),
  refusal("lasting", /^channel_not_found$/, "no-such-channel", {
    why: "Slack knows no such channel, or the channel is private and the app is not in it",
    next: `compare team.slack.channel in the settings with the id at the end of the channel's details, and invite the app there (/invite)${thenSend}`,
  }),
  refusal("lasting", /^not_in_channel$/, "not-in-channel", {
    why: "the app is not in the channel",
    next: `type /invite and the app's name in the channel${thenSend}`,
  }),
  refusal("lasting", /^is_archived$/, "channel-archived", {
    why: "the channel is archived",
    next: `unarchive it, or name another under team.slack in the settings${thenSend}`,
  }),
  refusal("lasting", /^invalid_auth$/, "token-unknown", {
    why: "Slack does not know the app's token, or does not take it from where Groundcrew runs",
    next: `${reinstall}; if the app has a list of allowed addresses, let the admin look at that too`,
  }),
  refusal("lasting", /^not_authed$/, "no-token", { why: "no token arrived at Slack", next: reinstall }),
  refusal("lasting", /^account_inactive$/, "app-removed", {
    why: "the app or its workspace was removed",
    next: reinstall,
  }),
  refusal("lasting", /^token_revoked$/, "token-revoked", {
    why: "the app's token was revoked",
    next: reinstall,
  }),
  refusal("lasting", /^token_expired$/, "token-expired", {
    why: "the app's token has expired",
    next: `make the app without token rotation, by which a token lasts 12 hours; ${reinstall}`,
  }),
  refusal("lasting", /^(missing_scope|no_permission)$/, "scope-missing", {
    why: "the app lacks the scope chat:write",
    next: scope,
  }),
  refusal("lasting", /^not_allowed_token_type$/, "token-of-another-kind", {
    why: "Slack wants a bot's token, and the secret slack-bot-token holds another kind",
    next: `store the app's bot token, which begins with xoxb-, as a new version of that secret${thenSend}`,
  }),
  refusal("lasting", /^restricted_action$/, "posting-restricted", {
    why: "the workspace lets only some people post there",
    next: rights,
  }),
  refusal("lasting", /^restricted_action_read_only_channel$/, "channel-read-only", {
    why: "the channel can only be read",
    next: rights,
  }),
  refusal("lasting", /^restricted_action_(thread_only|non_threadable)_channel$/, "channel-of-threads", {
    why: "the channel takes answers in threads only",
    next: rights,
  }),
  refusal("lasting", /^(ekm_access_denied|access_denied)$/, "posting-suspended", {
    why: "the workspace's admins have suspended posting",
    next: rights,
  }),
  refusal("lasting", /^accesslimited$/, "network-not-allowed", {
    why: "Slack takes the app's messages from some networks only, and Groundcrew runs in another",
    next: `let an admin of the workspace allow this network${thenSend}`,
  }),
  refusal("lasting", /^(team_access_not_granted|(team|enterprise)_is_restricted)$/, "workspace-not-granted", {
    why: "the app is installed in the organisation and not allowed in this workspace",
    next: `let an admin of the organisation add the workspace to the app${thenSend}`,
  }),
  refusal("lasting", /^two_factor_setup_required$/, "two-factor-required", {
    why: "the workspace asks for a second factor that the app's owner has not set up",
    next: `let whoever installed the app set up two-factor authentication, or let an admin of the workspace install it${thenSend}`,
  }),
  refusal("lasting", /^(deprecated_endpoint|method_deprecated)$/, "call-withdrawn", {
    why: "Slack has withdrawn the call by which Groundcrew posts",
    next: `update Groundcrew; until then leave team.slack out of the settings, so that mails are sent${thenSend}`,
  }),
  refusal(
    "lasting",
    /^(msg_too_long|no_text|metadata_\w+|invalid_\w+|missing_post_type|missing_charset)$/,
    "not-understood",
    {
      why: "Slack does not take the message as Groundcrew writes it",
      next: report,
    },
  ),
];
