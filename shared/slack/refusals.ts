// What Slack's error codes mean for us: come back later, nobody knows, or what a person must do. Pure.
// https://docs.slack.dev/reference/methods/chat.postMessage#errors
import type { Explanation } from "../errors.ts";

/** Nothing was posted, and it passes by itself. */
const later = new Set(["ratelimited", "rate_limited", "service_unavailable", "request_timeout"]);
/** "It's possible some aspect of the operation succeeded before the error was raised." */
const perhaps = new Set(["fatal_error", "internal_error"]);

const token = "the app is not signed in";
const reinstall =
  "install the app in the workspace once more, store its bot token as a new version of the secret slack-bot-token, and send this again under Undelivered";
const scope =
  "give the app the bot scope chat:write on its page OAuth & Permissions, install it once more, store the new token as the secret slack-bot-token, and send this again under Undelivered";
const rights =
  "let an admin of the workspace allow the app to post there, or name another channel under team.slack in the settings; then send this again under Undelivered";

const reasons: Record<string, { why: string; next: string }> = {
  channel_not_found: {
    why: "it knows no such channel, or the channel is private and the app is not in it",
    next: "compare team.slack.channel in the settings with the id at the end of the channel's details, invite the app there (/invite), and send this again under Undelivered",
  },
  not_in_channel: {
    why: "the app is not in the channel",
    next: "type /invite and the app's name in the channel, and send this again under Undelivered",
  },
  is_archived: {
    why: "the channel is archived",
    next: "unarchive it, or name another under team.slack in the settings; then send this again under Undelivered",
  },
  invalid_auth: { why: `${token}: Slack does not know its token`, next: reinstall },
  not_authed: { why: `${token}: no token arrived`, next: reinstall },
  account_inactive: { why: `${token}: the app or the workspace was removed`, next: reinstall },
  token_revoked: { why: `${token}: its token was revoked`, next: reinstall },
  token_expired: { why: `${token}: its token has expired`, next: reinstall },
  missing_scope: { why: "the app lacks the scope chat:write", next: scope },
  no_permission: { why: "the app lacks the scope chat:write", next: scope },
  restricted_action: { why: "the workspace lets only some people post there", next: rights },
  restricted_action_read_only_channel: { why: "the channel can only be read", next: rights },
  restricted_action_thread_only_channel: { why: "the channel takes answers in threads only", next: rights },
  ekm_access_denied: { why: "the workspace's admins have suspended posting", next: rights },
  org_login_required: { why: "the workspace is being moved to an organisation", next: rights },
  team_added_to_org: { why: "the workspace is being moved to an organisation", next: rights },
};

/** What became of a post that was refused with this code. */
export function refusalOf(code: string): "not-sent" | "unknown" | Explanation {
  if (later.has(code)) return "not-sent";
  if (perhaps.has(code)) return "unknown";
  const what = "Slack refused a message";
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  if (known !== undefined) return { what, ...known };
  return {
    what,
    why: /^[a-z_]{1,60}$/.test(code) ? `its reason: ${code}` : "its reason is none that is known",
    next: "look the reason up at https://docs.slack.dev/reference/methods/chat.postMessage, and send this again under Undelivered once it is mended",
  };
}
