// What Sheets and Drive have been seen to answer.
import { identityOf } from "../../shared/functions.ts";
import type { Entry } from "./entry.ts";
import { apiary, errorPage, esf } from "./google-bodies.ts";

export const reader = identityOf("sync-members", "example-hub-ops");
type Call = "sheet" | "watch" | "stop";
type Reads = Entry<Call>["reads"];

const share = new RegExp(
  `sheet's owner open it, press Share, and add ${reader.replaceAll(".", "\\.")} as Viewer`,
);
const owner = /the project's owner/;
const nothing = /^nothing: it is tried again by itself/;
const unused = (api: string): string =>
  `Google ${api} API has not been used in project 123456789 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/x.googleapis.com/overview?project=123456789 then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;

const sheets = (
  lasts: Reads["lasts"],
  cause: string,
  why: string,
  next: RegExp,
  waitSeconds?: number,
): Reads => ({
  service: "sheets",
  lasts,
  cause,
  why,
  next,
  ...(waitSeconds === undefined ? {} : { waitSeconds }),
});
const drive = (...of: Parameters<typeof sheets>): Reads => ({ ...sheets(...of), service: "drive" });

const noTab = sheets(
  "lasting",
  "no-tab",
  'it has no tab called "Members"',
  /sheet's owner gives the tab its old name back/,
);
const notShared = (of: typeof sheets) =>
  of("lasting", "not-shared", `the sheet is not shared with ${reader}`, share);
const notFound = (of: typeof sheets) =>
  of("lasting", "not-found", `there is no sheet of this id, or it is not shared with ${reader}`, share);
const limit = (of: typeof sheets) =>
  of("passing", "rate-limit", "the requests of this minute are used up", nothing, 60);

export const sheetEntries: Entry<Call>[] = [
  {
    call: "sheet",
    source: "https://github.com/invokable/laravel-google-sheets/issues/13",
    ...esf(400, "INVALID_ARGUMENT", "Unable to parse range: Sheet 1", { errors: [{ reason: "badRequest" }] }),
    reads: noTab,
  },
  {
    call: "sheet",
    source: "https://github.com/robin900/gspread-formatting/issues/49",
    ...esf(400, "INVALID_ARGUMENT", "Unable to parse range: 'all prompts'!A1:[5"),
    reads: noTab,
  },
  {
    call: "sheet",
    source: "https://github.com/nikaia/translation-sheet/issues/8",
    ...esf(403, "PERMISSION_DENIED", "The caller does not have permission", {
      errors: [{ reason: "forbidden" }],
    }),
    reads: notShared(sheets),
  },
  {
    call: "sheet",
    source: "https://github.com/gglukmann/use-google-sheets/issues/37",
    ...esf(403, "PERMISSION_DENIED", "The caller does not have permission"),
    reads: notShared(sheets),
  },
  {
    call: "sheet",
    source: "https://github.com/openclaw/gogcli/issues/415",
    ...apiary(403, "accessNotConfigured", unused("Sheets"), { domain: "usageLimits" }),
    reads: sheets("settling", "api-off", "the project has sheets.googleapis.com switched off", owner),
  },
  {
    call: "sheet",
    source: "https://github.com/home-assistant/core/issues/79744",
    ...esf(403, "PERMISSION_DENIED", unused("Sheets"), { reason: "SERVICE_DISABLED" }),
    reads: sheets("settling", "api-off", "the project has sheets.googleapis.com switched off", owner),
  },
  {
    call: "sheet",
    source: "https://github.com/caltechlibrary/dataset/issues/22",
    ...esf(404, "NOT_FOUND", "Requested entity was not found.", { errors: [{ reason: "notFound" }] }),
    reads: notFound(sheets),
  },
  {
    call: "sheet",
    source: "https://github.com/r-lib/gargle/issues/160",
    ...esf(
      429,
      "RESOURCE_EXHAUSTED",
      "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service 'sheets.googleapis.com' for consumer 'project_number:123456789'.",
      { reason: "RATE_LIMIT_EXCEEDED" },
    ),
    reads: limit(sheets),
  },
  {
    call: "sheet",
    source: "https://github.com/asweigart/ezsheets/pull/8",
    ...esf(
      429,
      "RESOURCE_EXHAUSTED",
      "Quota exceeded for quota group 'ReadGroup' and limit 'Read requests per user per 100 seconds' of service 'sheets.googleapis.com' for consumer 'project_number:123456789'.",
    ),
    reads: limit(sheets),
  },
  {
    call: "sheet",
    source: "https://github.com/googleworkspace/php-samples/issues/65",
    ...esf(400, "FAILED_PRECONDITION", "This operation is not supported for this document", {
      errors: [{ reason: "failedPrecondition" }],
    }),
    reads: sheets(
      "lasting",
      "not-a-sheet",
      "it is an Excel file, or another one that Sheets only shows",
      /File, Save as Google Sheets/,
    ),
  },
  {
    call: "sheet",
    source: "https://github.com/googleapis/google-api-php-client/issues/1945",
    ...esf(503, "UNAVAILABLE", "The service is currently unavailable.", {
      errors: [{ reason: "backendError" }],
    }),
    reads: sheets("passing", "503-backenderror", "Google Sheets answered 503 (backendError)", nothing),
  },
  {
    call: "sheet",
    source: "https://github.com/Paradigmllc/gspread-pandas/issues/32",
    ...esf(503, "UNAVAILABLE", "The service is currently unavailable."),
    reads: sheets("passing", "503-unavailable", "Google Sheets answered 503 (UNAVAILABLE)", nothing),
  },
  {
    call: "sheet",
    source: "https://github.com/analogdotnow/Analog/issues/296",
    ...esf(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.", {
      errors: [{ reason: "insufficientPermissions", message: "Insufficient Permission" }],
      reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    }),
    reads: sheets("lasting", "scope", "the function's token does not cover this", /whoever deploys/),
  },
  {
    call: "sheet",
    source: "https://github.com/googleapis/google-api-php-client/issues/2422",
    ...esf(403, "PERMISSION_DENIED", "Project #123456789 has been deleted.", {
      errors: [{ reason: "forbidden" }],
      reason: "CONSUMER_INVALID",
    }),
    reads: sheets(
      "lasting",
      "project-gone",
      "the project is deleted, suspended, or none that the function may use",
      /the project's owner restores it/,
    ),
  },
  {
    call: "sheet",
    source: "https://github.com/ansible-collections/google.cloud/issues/568",
    ...errorPage(502, "Server Error"),
    reads: sheets("passing", "502", "Google Sheets answered 502", nothing),
  },
];

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
      "passing",
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
    reads: drive("passing", "500-backenderror", "Google Drive answered 500 (backendError)", nothing),
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
    source: codes,
    ...apiary(400, "push.channelIdNotUnique", "Channel id prod-1 not unique"),
    reads: drive(
      "passing",
      "channel-taken",
      "a channel of this id is open already",
      /next renewal takes a new id/,
    ),
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
