// Answers that Drive has been seen to give to a watch and to its end, and to a look at a file.
import { type Entry, reads } from "./entry.ts";
import { apiary } from "./google-bodies.ts";
import { type Call, limit, notFound, nothing, notShared, owner } from "./google-sheets.ts";

const drive = reads("drive");

const guide = "https://developers.google.com/workspace/drive/api/guides/handle-errors";
const codes = "https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes";
const address = drive(
  "lasting",
  "webhook-address",
  "Drive does not send to the address of sheet-webhook",
  /whoever deploys looks that sheet-webhook has an https address/,
);

export const driveEntries: Entry<Call>[] = [
  {
    call: "watch",
    source: guide,
    ...apiary(403, "dailyLimitExceeded", "Daily Limit Exceeded", {
      domain: "usageLimits",
      headers: { date: "Sat, 28 Nov 2026 20:00:00 GMT" },
    }),
    // 20:00 in Greenwich is noon at the Pacific.
    reads: drive(
      "transient",
      "daily-limit",
      "the project has used up its requests for today",
      /begins anew at midnight, Pacific time/,
      12 * 3600,
    ),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(403, "userRateLimitExceeded", "User Rate Limit Exceeded", { domain: "usageLimits" }),
    reads: limit(drive),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(403, "rateLimitExceeded", "Rate Limit Exceeded", { domain: "usageLimits" }),
    reads: limit(drive),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(
      403,
      "sharingRateLimitExceeded",
      'Rate limit exceeded. User message: "These item(s) could not be shared because a rate limit was exceeded: members"',
    ),
    reads: limit(drive),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(
      403,
      "appNotAuthorizedToFile",
      "The user has not granted the app 123456 read access to the file 1Sample.",
    ),
    reads: notShared(drive),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(
      403,
      "insufficientFilePermissions",
      "The user does not have sufficient permissions for file 1Sample.",
    ),
    reads: notShared(drive),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(403, "domainPolicy", "The domain administrators have disabled Drive apps."),
    reads: drive(
      "lasting",
      "domain-policy",
      "the rules of the sheet's organisation keep it from accounts outside",
      /administrator of the sheet's organisation/,
    ),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(404, "notFound", "File not found: 1Sample."),
    reads: notFound(drive),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(429, "rateLimitExceeded", "Rate Limit Exceeded", {
      domain: "usageLimits",
      headers: { "retry-after": "130" },
    }),
    reads: limit((...of) => ({ ...drive(...of), waitSeconds: 130 })),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(500, "backendError", "Backend Error"),
    reads: drive("transient", "500-backenderror", "Google Drive answered 500 (backendError)", nothing),
  },
  {
    call: "watch",
    source: guide,
    ...apiary(401, "authError", "Invalid Credentials"),
    reads: drive(
      "settling",
      "identity",
      "the token of the function's service account was not accepted",
      owner,
    ),
  },
  {
    call: "watch",
    source: "https://github.com/nithinmurali/pygsheets/issues/86",
    ...apiary(
      403,
      "accessNotConfigured",
      "Project 123456789 is not found and cannot be used for API calls. If it is recently created, enable Drive API by visiting https://console.developers.google.com/apis/api/drive.googleapis.com/overview?project=123456789 then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
      { domain: "usageLimits" },
    ),
    reads: drive("settling", "api-off", "the project has drive.googleapis.com switched off", owner),
  },
  {
    call: "watch",
    source: "https://github.com/googleapis/google-api-php-client/issues/569",
    ...apiary(
      401,
      "push.webhookUrlUnauthorized",
      "Unauthorized WebHook callback channel: https://x.example.org/",
      {
        domain: "global",
      },
    ),
    reads: address,
  },
  {
    call: "watch",
    source: codes,
    ...apiary(400, "push.webhookUrlNotHttps", "WebHook callback must be HTTPS: http://x.example.org/"),
    reads: address,
  },
  {
    call: "watch",
    source: "https://github.com/windmill-labs/windmill/pull/8870",
    ...apiary(400, "channelIdNotUnique", "Channel id prod-1 not unique"),
    reads: drive(
      "transient",
      "channel-taken",
      "a channel of this id is open already",
      /next renewal takes a new id/,
    ),
  },
  {
    call: "trash",
    source: guide,
    ...apiary(404, "notFound", "File not found: 1Sample."),
    reads: notFound(drive),
  },
  {
    call: "stop",
    source: codes,
    ...apiary(
      403,
      "stopChannelCallerNotOwner",
      "Calls to storage.channels.stop require that the caller own the channel.",
    ),
    reads: drive(
      "lasting",
      "channel-unknown",
      "the channel is another's, or long gone",
      /ends by itself within a day/,
    ),
  },
];
