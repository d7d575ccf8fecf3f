// Answers that Google's token endpoint and the metadata server have been seen to give.
import { type Entry, reads } from "./entry.ts";
import { errorPage, html, json } from "./google-bodies.ts";
import { again, type Call } from "./google-gmail.ts";

const signIn = reads("google-sign-in");
const metadata = reads("metadata");

const refusal = (status: number, error: string, error_description: string, more: object = {}) =>
  json(status, { error, error_description, ...more });
const lapsed = signIn(
  "lasting",
  "signed-out",
  "the sign-in of the mail account has lapsed or was revoked (a changed password does that, and so does a consent screen in testing, after seven days)",
  again,
);
const noClient = signIn(
  "lasting",
  "no-client",
  "Google does not know the OAuth client of the secret gmail-oauth",
  /the project's owner makes an OAuth client, or restores it/,
);

export const tokenEntries: Entry<Call>[] = [
  {
    call: "token",
    source: "https://github.com/celorodovalho/phpdfbot/issues/73",
    ...refusal(400, "invalid_grant", "Token has been expired or revoked."),
    reads: lapsed,
  },
  {
    call: "token",
    source: "https://github.com/googleapis/google-api-nodejs-client/issues/2938",
    ...refusal(400, "invalid_grant", "Bad Request"),
    reads: lapsed,
  },
  {
    call: "token",
    source: "https://github.com/cline/cline/issues/4080",
    ...refusal(400, "invalid_grant", "reauth related error (invalid_rapt)", {
      error_uri: "https://support.google.com/a/answer/9368756",
      error_subtype: "invalid_rapt",
    }),
    reads: signIn(
      "lasting",
      "session-control",
      "the mail account's organisation wants it signed in anew every so often",
      /its administrator exempts Groundcrew's OAuth client from session control/,
    ),
  },
  {
    call: "token",
    source: "https://github.com/GAM-team/GAM/pull/1171",
    ...refusal(400, "invalid_grant", "The account has been deleted"),
    reads: signIn(
      "lasting",
      "account-gone",
      "the mail account is deleted or disabled",
      /the administrator of the mail account restores it/,
    ),
  },
  {
    call: "token",
    source: "https://github.com/erebusnz/gapi-google-analytics-php-interface/issues/149",
    ...refusal(401, "invalid_client", "The OAuth client was not found."),
    reads: noClient,
  },
  {
    call: "token",
    source: "https://github.com/googleapis/google-api-nodejs-client/issues/1256",
    ...refusal(401, "deleted_client", "The OAuth client was deleted."),
    reads: noClient,
  },
  {
    call: "token",
    source: "https://github.com/msjit/testcasedb/issues/22",
    ...refusal(401, "disabled_client", "The OAuth client was disabled."),
    reads: noClient,
  },
  {
    call: "token",
    source: "https://github.com/squid808/gShell/issues/58",
    ...refusal(
      401,
      "unauthorized_client",
      "Client is unauthorized to retrieve access tokens using this method.",
    ),
    reads: signIn(
      "lasting",
      "other-client",
      "the sign-in of the secret gmail-oauth was made for another OAuth client, or for other rights",
      again,
    ),
  },
  {
    call: "token",
    source: "https://github.com/burnash/gspread/pull/1564",
    ...errorPage(502, "Server Error"),
    reads: signIn(
      "transient",
      "502",
      "Google's sign-in answered 502",
      /^nothing: it is tried again by itself; when it goes on, see https:\/\/status\.cloud\.google\.com$/,
    ),
  },
];

const flavored = (recorded: ReturnType<typeof html>) => ({
  ...recorded,
  headers: { ...recorded.headers, "metadata-flavor": "Google" },
});

export const metadataEntries: Entry<Call>[] = [
  {
    call: "metadata",
    source: "https://github.com/ansible-collections/google.cloud/issues/568",
    ...flavored(
      errorPage(404, "Not Found", "/computeMetadata/v1/instance/service-accounts/None/?recursive=true"),
    ),
    reads: metadata(
      "settling",
      "no-identity",
      "the metadata server knows no service account for this function",
      /the project's owner looks whether the function's service account is there/,
    ),
  },
  {
    call: "metadata",
    source: "https://github.com/cloud-custodian/cloud-custodian/issues/9405",
    ...flavored(
      html(
        500,
        "Could not fetch URI /computeMetadata/v1/instance/service-accounts/a-function@example-hub-ops.iam.gserviceaccount.com/token?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform\n",
      ),
    ),
    reads: metadata(
      "transient",
      "500",
      "the metadata server answered 500",
      /^nothing: it is tried again by itself/,
    ),
  },
  {
    call: "metadata",
    source: "https://github.com/kubernetes-sigs/external-dns/issues/2064",
    ...flavored(
      html(
        403,
        "Unable to generate access token; IAM returned 403 Forbidden: The caller does not have permission\nThis error could be caused by a missing IAM policy binding on the target IAM service account.\nFor more information, refer to the Workload Identity documentation:\n\thttps://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#creating_a_relationship_between_ksas_and_gsas\n\n",
      ),
    ),
    reads: metadata(
      "settling",
      "no-token",
      "the metadata server gives the function's service account no token",
      /may be used by the function/,
    ),
  },
];
