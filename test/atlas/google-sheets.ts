// Answers that Sheets has been seen to give.
import { identityOf } from "../../shared/functions.ts";
import { type Entry, reads } from "./entry.ts";
import { apiary, errorPage, esf } from "./google-bodies.ts";

export const reader = identityOf("sync-members", "example-hub-ops");
export type Call = "sheet" | "watch" | "stop" | "trash";

const share = new RegExp(
  `sheet's owner open it, press Share, and add ${reader.replaceAll(".", "\\.")} as Viewer`,
);
export const owner = /the project's owner/;
export const nothing = /^nothing: it is tried again by itself/;
const unused = (api: string): string =>
  `Google ${api} API has not been used in project 123456789 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/x.googleapis.com/overview?project=123456789 then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;

export const sheets = reads("sheets");

const noTab = sheets(
  "lasting",
  "no-tab",
  'it has no tab called "Members"',
  /sheet's owner gives the tab its old name back/,
);
export const notShared = (of: typeof sheets) =>
  of("lasting", "not-shared", `the sheet is not shared with ${reader}`, share);
export const notFound = (of: typeof sheets) =>
  of("lasting", "not-found", `there is no sheet of this id, or it is not shared with ${reader}`, share);
export const limit = (of: typeof sheets) =>
  of("transient", "rate-limit", "the requests of this minute are used up", nothing, 60);

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
    reads: sheets("transient", "503-backenderror", "Google Sheets answered 503 (backendError)", nothing),
  },
  {
    call: "sheet",
    source: "https://github.com/Paradigmllc/gspread-pandas/issues/32",
    ...esf(503, "UNAVAILABLE", "The service is currently unavailable."),
    reads: sheets("transient", "503-unavailable", "Google Sheets answered 503 (UNAVAILABLE)", nothing),
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
    source: "https://github.com/apache/hop/issues/4391",
    ...errorPage(502, "Server Error"),
    reads: sheets("transient", "502", "Google Sheets answered 502", nothing),
  },
];
