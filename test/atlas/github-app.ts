// Answers of GitHub to Apps: at the door, and when they ask for what they may not have.
import { type GithubEntry, lasting, said, settling, transient } from "./github-said.ts";

const rest = "https://docs.github.com/rest";
const tokenPage = `${rest}/reference/apps#create-an-installation-access-token-for-an-app`;

const key = lasting(
  "app-key",
  "the App's private key was revoked, or belongs to another App than the settings name",
  /new private key .*github-app-key.*github\.appId/,
);
const unknownApp = lasting(
  "app-unknown",
  "there is no App with the number of the settings",
  /github\.appId .*App ID, not Client ID/,
);
const notInstalled = lasting(
  "app-not-installed",
  "the App is not installed in the organisation, or the organisation has another name now",
  /^an owner installs the App/,
);
const suspended = lasting(
  "app-suspended",
  "the App's installation is suspended",
  /^an owner unsuspends the App/,
);
const clock = transient(
  "clock",
  "this machine's clock and GitHub's differ by minutes, so GitHub takes the App's signature for expired or not yet valid",
  /^set the clock of the machine/,
);
export const permission = settling(
  "app-permission",
  "the App lacks the organisation permission Members: Read and write",
  /^an owner .*accepts Members: Read and write/,
);
const token = settling(
  "app-token",
  "GitHub does not take the token that it has just given to the App",
  /^nothing at first: .*new private key$/,
);
const allowList = lasting(
  "ip-allow-list",
  "the organisation takes requests from listed addresses only, and these functions have no fixed one",
  /^an owner of the organisation lists the addresses/,
);
const signOn = lasting(
  "single-sign-on",
  "the organisation's single sign-on keeps the App out",
  /^an owner removes the App .*installs it once more/,
);

const listed =
  "Although you appear to have the correct authorization credentials, the `example-hub` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.";

export const appEntries: readonly GithubEntry[] = [
  {
    call: "installation",
    source: "https://github.com/actions/create-github-app-token/issues/153",
    ...said(401, { message: "A JSON web token could not be decoded", documentation_url: rest }),
    reads: key,
  },
  {
    call: "access-token",
    source: "https://github.com/pr-triage/app/issues/91",
    ...said(401, {
      message: "A JSON web token could not be decoded",
      documentation_url: "https://developer.github.com/enterprise/2.13/v3",
    }),
    reads: key,
  },
  {
    call: "installation",
    source: "https://github.com/rocq-prover/bot/issues/204",
    ...said(401, {
      message: "'Expiration time' claim ('exp') is too far in the future",
      documentation_url: rest,
    }),
    reads: clock,
  },
  {
    call: "installation",
    source: "https://github.com/probot/stale/issues/146",
    ...said(401, {
      message:
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      documentation_url: "https://developer.github.com/enterprise/2.13/v3",
    }),
    reads: clock,
  },
  {
    call: "access-token",
    source: "https://github.com/octokit/auth-app.js/blob/main/src/hook.ts",
    ...said(401, {
      message:
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      documentation_url: rest,
    }),
    reads: clock,
  },
  {
    call: "installation",
    source: "https://github.com/issc29/probot-prevent-public-repos/issues/4",
    ...said(404, {
      message: "Integration not found",
      documentation_url: "https://developer.github.com/v3",
    }),
    reads: unknownApp,
  },
  {
    call: "access-token",
    source: "https://github.com/actions/create-github-app-token/issues/76",
    ...said(404, { message: "Integration not found", documentation_url: rest }),
    reads: unknownApp,
  },
  {
    call: "installation",
    source: "https://github.com/tibdex/github-app-token/issues/27",
    ...said(404, { message: "Not Found", documentation_url: rest }),
    reads: notInstalled,
  },
  {
    call: "access-token",
    source: "https://github.com/octokit/auth-app.js/issues/64",
    ...said(404, { message: "Not Found", documentation_url: tokenPage }),
    reads: notInstalled,
  },
  {
    call: "access-token",
    source: "https://github.com/hcengineering/platform/issues/7639",
    ...said(403, {
      message: "This installation has been suspended",
      documentation_url: tokenPage,
      status: "403",
    }),
    reads: suspended,
  },
  {
    call: "access-token",
    source: "https://github.com/Rust-Commercial-Network/rcn/pull/58",
    ...said(422, {
      message: "The permissions requested are not granted to this installation.",
      documentation_url: "https://docs.github.com/rest/apps/apps",
      status: "422",
    }),
    reads: permission,
  },
  {
    call: "invitation-list",
    source: "https://github.com/actions/create-github-app-token/issues/258",
    ...said(403, {
      message: "Resource not accessible by integration",
      documentation_url: "https://docs.github.com/rest/users/users#get-the-authenticated-user",
      status: "403",
    }),
    reads: permission,
  },
  {
    call: "invitation-list",
    source: "https://github.com/github/docs/issues/29818",
    ...said(403, {
      message: "Must have admin rights to Repository.",
      documentation_url: "https://docs.github.com/rest/actions/secrets#get-a-repository-public-key",
    }),
    reads: permission,
  },
  {
    call: "remove-from-team",
    source: "https://github.com/actions/create-github-app-token/issues/258",
    ...said(403, {
      message: "Resource not accessible by integration",
      documentation_url: "https://docs.github.com/rest/users/users#get-the-authenticated-user",
      status: "403",
    }),
    reads: permission,
  },
  {
    call: "teams",
    source: "https://github.com/hisxo/gitGraber/issues/54",
    ...said(401, { message: "Bad credentials", documentation_url: rest, status: "401" }),
    reads: token,
  },
  {
    call: "withdraw",
    source: "https://github.com/sigmavirus24/github3.py/issues/788",
    ...said(401, { message: "Bad credentials", documentation_url: "https://developer.github.com/v3" }),
    reads: token,
  },
  {
    call: "access-token",
    source: "https://github.com/SalesforceFoundation/NPSP/issues/7247",
    ...said(403, { message: listed }),
    reads: allowList,
  },
  {
    call: "teams",
    source: "https://github.com/SalesforceFoundation/NPSP/issues/7247",
    ...said(403, { message: listed }),
    reads: allowList,
  },
  {
    call: "invite",
    source: "https://github.com/octokit/octokit.rb/pull/1164",
    ...said(403, { message: "Resource protected by organization SAML enforcement." }),
    reads: signOn,
  },
  {
    call: "logins",
    source: "https://github.com/fwouts/prmonitor/issues/1042",
    ...said(200, {
      data: { repository: { pullRequest: null } },
      errors: [
        {
          type: "FORBIDDEN",
          path: ["repository", "pullRequest"],
          extensions: { saml_failure: true },
          locations: [{ line: 4, column: 13 }],
          message:
            "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
        },
      ],
    }),
    reads: signOn,
  },
];
