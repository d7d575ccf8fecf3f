// Answers of Slack to chat.postMessage when it takes no message, as the public has recorded them.
import type { Entry, Recorded } from "./entry.ts";

type SlackEntry = Entry<"post">;
type Reads = Omit<SlackEntry["reads"], "service">;

const reference = "https://docs.slack.dev/reference/methods/chat.postMessage";
const json = { "content-type": "application/json; charset=utf-8" };

const answered = (source: string, recorded: Recorded, reads: Reads): SlackEntry => ({
  source,
  call: "post",
  ...recorded,
  headers: { ...json, ...recorded.headers },
  reads: { service: "slack", ...reads },
});

/** A code from the reference's table of errors, in the body that its example shows. */
const code = (error: string, reads: Reads): SlackEntry =>
  answered(
    `${reference}#errors`,
    { status: 200, body: `{\n    "ok": false,\n    "error": "${error}"\n}` },
    reads,
  );

const lasting = (cause: string, why: string, next: RegExp): Reads => ({ lasts: "lasting", cause, why, next });
const transient = (cause: string, why: string, waitSeconds?: number): Reads => ({
  lasts: "transient",
  cause,
  why,
  next: /^nothing: it is sent again by itself/,
  ...(waitSeconds === undefined ? {} : { waitSeconds }),
});

const tooMany = "Slack takes no more messages from the app for now";
const moved = "the workspace is being moved to an organisation, and Slack takes nothing until that is done";
const misread = lasting(
  "not-understood",
  "Slack does not take the message as Groundcrew writes it",
  /^report it to those who write Groundcrew/,
);
const scope = lasting(
  "scope-missing",
  "the app lacks the scope chat:write",
  /scope chat:write .* install it once more/,
);

export const slackEntries: readonly SlackEntry[] = [
  answered(
    "https://github.com/archive/github-actions-slack/issues/14",
    { status: 200, body: '{"ok":false,"error":"not_in_channel"}' },
    lasting("not-in-channel", "the app is not in the channel", /^type \/invite/),
  ),
  answered(
    "https://github.com/slack-samples/javascript-announcement-bot/issues/13",
    {
      status: 200,
      body: '{\n    "ok": false,\n    "error": "missing_scope",\n    "needed": "chat:write:bot",\n    "provided": "identify,bot,incoming-webhook,channels:read,channels:write,chat:write",\n    "warning": "missing_charset",\n    "response_metadata": {\n        "warnings": [\n            "missing_charset"\n        ]\n    }\n}',
    },
    scope,
  ),
  answered(
    "https://github.com/ryanrosello-og/playwright-slack-report/issues/83",
    {
      status: 200,
      body: '{"ok":false,"error":"restricted_action","response_metadata":{"scopes":["chat:write","chat:write.customize","chat:write.public"],"acceptedScopes":["chat:write"]}}',
    },
    lasting(
      "posting-restricted",
      "the workspace lets only some people post there",
      /^let an admin of the workspace allow the app/,
    ),
  ),
  answered(
    "https://github.com/beginner-corp/slack/issues/105",
    {
      status: 429,
      headers: { "retry-after": "1", "x-cache": "Error from cloudfront" },
      body: '{"ok":false,"error":"ratelimited"}',
    },
    transient("too-many-messages", tooMany, 1),
  ),
  answered(
    "https://docs.slack.dev/apis/web-api/rate-limits",
    { status: 429, headers: { "retry-after": "30" }, body: "" },
    transient("too-many-messages", tooMany, 30),
  ),
  answered(
    "https://github.com/slackhq/slack-api-docs/issues/69",
    {
      status: 429,
      headers: { "content-type": "text/html" },
      body: "You are sending too many requests. Please relax.",
    },
    transient("too-many-messages", tooMany),
  ),
  answered(
    "https://github.com/emacs-slack/emacs-slack/issues/543",
    { status: 200, body: '{"ok":false,"error":"enterprise_is_restricted"}' },
    lasting(
      "workspace-not-granted",
      "the app is installed in the organisation and not allowed in this workspace",
      /^let an admin of the organisation add the workspace/,
    ),
  ),
  answered(
    "https://github.com/wee-slack/wee-slack/issues/949",
    { status: 200, body: '{"ok": false, "error": "team_is_restricted"}' },
    lasting(
      "workspace-not-granted",
      "the app is installed in the organisation and not allowed in this workspace",
      /^let an admin of the organisation add the workspace/,
    ),
  ),
  code("rate_limited", transient("too-many-messages", tooMany)),
  code("service_unavailable", transient("unavailable", "Slack is out of service")),
  code("request_timeout", transient("arrived-in-part", "the message reached Slack only in part")),
  code("org_login_required", transient("workspace-is-moved", moved)),
  code("team_added_to_org", transient("workspace-is-moved", moved)),
  code(
    "message_limit_exceeded",
    lasting(
      "message-limit",
      "the workspace has reached the number of messages that its plan allows",
      /^let an owner of the workspace look at its plan/,
    ),
  ),
  code(
    "channel_not_found",
    lasting(
      "no-such-channel",
      "Slack knows no such channel, or the channel is private and the app is not in it",
      /team\.slack\.channel in the settings.*\/invite/,
    ),
  ),
  code("is_archived", lasting("channel-archived", "the channel is archived", /^unarchive it/)),
  code(
    "invalid_auth",
    lasting(
      "token-unknown",
      "Slack does not know the app's token, or does not take it from where Groundcrew runs",
      /^let an admin of the workspace install the app once more.*slack-bot-token/,
    ),
  ),
  code("not_authed", lasting("no-token", "no token arrived at Slack", /slack-bot-token/)),
  code(
    "account_inactive",
    lasting("app-removed", "the app or its workspace was removed", /^let an admin of the workspace install/),
  ),
  code(
    "token_revoked",
    lasting("token-revoked", "the app's token was revoked", /^let an admin of the workspace install/),
  ),
  code(
    "token_expired",
    lasting("token-expired", "the app's token has expired", /^make the app without token rotation/),
  ),
  code(
    "not_allowed_token_type",
    lasting(
      "token-of-another-kind",
      "Slack wants a bot's token, and the secret slack-bot-token holds another kind",
      /begins with xoxb-/,
    ),
  ),
  code("no_permission", scope),
  code(
    "restricted_action_read_only_channel",
    lasting("channel-read-only", "the channel can only be read", /^let an admin of the workspace/),
  ),
  code(
    "restricted_action_thread_only_channel",
    lasting("channel-of-threads", "the channel takes answers in threads only", /name another channel/),
  ),
  code(
    "ekm_access_denied",
    lasting("posting-suspended", "the workspace's admins have suspended posting", /^let an admin/),
  ),
  code(
    "access_denied",
    lasting("posting-suspended", "the workspace's admins have suspended posting", /^let an admin/),
  ),
  code(
    "accesslimited",
    lasting(
      "network-not-allowed",
      "Slack takes the app's messages from some networks only, and Groundcrew runs in another",
      /^let an admin of the workspace allow this network/,
    ),
  ),
  code(
    "team_access_not_granted",
    lasting(
      "workspace-not-granted",
      "the app is installed in the organisation and not allowed in this workspace",
      /^let an admin of the organisation/,
    ),
  ),
  code(
    "two_factor_setup_required",
    lasting(
      "two-factor-required",
      "the workspace asks for a second factor that the app's owner has not set up",
      /set up two-factor authentication/,
    ),
  ),
  ...["deprecated_endpoint", "method_deprecated"].map((withdrawn) =>
    code(
      withdrawn,
      lasting(
        "call-withdrawn",
        "Slack has withdrawn the call by which Groundcrew posts",
        /^update Groundcrew; until then leave team\.slack out/,
      ),
    ),
  ),
  ...["msg_too_long", "no_text", "metadata_too_large", "invalid_arguments", "missing_post_type"].map(
    (wrong) => code(wrong, misread),
  ),
  code(
    "as_user_not_supported",
    lasting("as-user-not-supported", "Slack refused it (as_user_not_supported)", /documentation/),
  ),
];

/** Answers that leave open whether the message was posted: no failure, for a second attempt could post it twice. */
export const openAnswers: readonly (Recorded & { source: string })[] = [
  {
    source: "https://github.com/slackapi/node-slack-sdk/issues/1680",
    status: 200,
    body: '{"ok":false,"error":"fatal_error"}',
  },
  { source: `${reference}#errors`, status: 500, body: '{"ok":false,"error":"internal_error"}' },
  {
    source: "https://github.com/slack-ruby/slack-ruby-client/issues/100",
    status: 200,
    headers: { "content-type": "text/html" },
    body: "Array\n(\n    [ok] =>\n    [error] => read_failed\n    [stack] => Array\n        (\n",
  },
  {
    source: "https://github.com/nginx/nginx/blob/master/src/http/ngx_http_special_response.c",
    status: 502,
    headers: { "content-type": "text/html" },
    body: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
  },
  { source: `${reference}#errors`, status: 200, body: "" },
  { source: `${reference}#errors`, status: 408, body: "" },
];
