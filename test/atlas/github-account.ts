// Answers of GitHub to accounts with a token of their own, and about the repositories that they read.
import { type GithubEntry, lasting, said } from "./github-said.ts";

const repos = "https://docs.github.com/rest/reference/repos";
const newToken = /^whoever holds the fork's account makes a new classic token .*public_repo and workflow/;

const badToken = lasting(
  "account-token",
  "GitHub did not accept the fork's token: it has expired, was revoked, or is none",
  newToken,
);
const mayNot = lasting(
  "token-permission",
  "the fork's token may not do this: it is a fine-grained one, or lacks a scope",
  newToken,
);
const unknown = lasting(
  "repository-unknown",
  "GitHub knows no such repository, or hides it from the fork's account",
  /^correct images\.upstream or images\.releases .*public_repo and workflow$/,
);
const suspended = lasting(
  "account-suspended",
  "GitHub has suspended the fork's account",
  /^whoever holds the account asks https:\/\/support\.github\.com/,
);
const blocked = lasting(
  "repository-blocked",
  "GitHub has blocked the repository for legal reasons or against its terms",
  /^ask the repository's owner/,
);

export const accountEntries: readonly GithubEntry[] = [
  {
    call: "own-name",
    source: "https://github.com/hisxo/gitGraber/issues/54",
    ...said(401, {
      message: "Bad credentials",
      documentation_url: "https://docs.github.com/rest",
      status: "401",
    }),
    reads: badToken,
  },
  {
    call: "upstream",
    source: "https://github.com/evenchange4/gh-polls-bot/issues/12",
    ...said(401, { message: "Bad credentials", documentation_url: "https://developer.github.com/v3" }),
    reads: badToken,
  },
  {
    call: "open-pull",
    source: "https://github.com/RoamJS/roamjs-components/issues/31",
    ...said(403, {
      message: "Resource not accessible by personal access token",
      documentation_url: "https://docs.github.com/rest/pulls/pulls#create-a-pull-request",
      status: "403",
    }),
    reads: mayNot,
  },
  {
    call: "make-fork",
    source: "https://github.com/scverse/cookiecutter-scverse/issues/458",
    ...said(403, {
      message: "Resource not accessible by personal access token",
      documentation_url: "https://docs.github.com/rest/repos/forks#create-a-fork",
      status: "403",
    }),
    reads: mayNot,
  },
  {
    call: "update-pull",
    source: "https://github.com/JuliaWeb/GitHub.jl/issues/176",
    ...said(403, { message: "Must have admin rights to Repository.", documentation_url: repos }),
    reads: mayNot,
  },
  {
    call: "upstream",
    source: "https://github.com/NixOS/org/issues/247",
    ...said(403, {
      message:
        "The 'ExampleOps' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 90 days. Please adjust your token's lifetime at the following URL: https://github.com/settings/personal-access-tokens/4711",
      documentation_url: "https://docs.github.com/rest/commits/commits#get-a-commit",
      status: "403",
    }),
    reads: lasting(
      "token-lifetime",
      "the upstream organisation takes no token that lives as long as the fork's",
      newToken,
    ),
  },
  {
    call: "upstream",
    source: "https://github.com/fullsend-ai/fullsend/issues/3368",
    ...said(403, {
      message:
        "`example-ops` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.",
    }),
    reads: lasting(
      "classic-forbidden",
      "the upstream organisation takes no classic tokens",
      /^an owner of the upstream organisation allows them .*images\.pullRequest to branch/,
    ),
  },
  {
    call: "tags",
    source: "https://github.com/octokit/octokit.rb/pull/1164",
    ...said(403, {
      message:
        "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
    }),
    reads: lasting(
      "single-sign-on",
      "the fork's token is not authorised for an organisation with single sign-on",
      /^whoever holds the fork's account .*Configure SSO/,
    ),
  },
  {
    call: "open-pull",
    source: "https://github.com/gitbutlerapp/gitbutler/issues/8594",
    ...said(403, {
      message:
        "Although you appear to have the correct authorization credentials, the `example-ops` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited. For more information on these restrictions, including how to enable this app, visit https://docs.github.com/articles/restricting-access-to-your-organization-s-data/",
      documentation_url: "https://docs.github.com/rest/pulls/pulls#merge-a-pull-request",
      status: "403",
    }),
    reads: lasting(
      "oauth-restrictions",
      "the fork's token belongs to an OAuth App that the upstream organisation has not approved",
      newToken,
    ),
  },
  {
    call: "own-name",
    source: "https://github.com/sourcegraph/sourcegraph-public-snapshot/issues/16638",
    ...said(403, { message: "Sorry. Your account was suspended." }),
    reads: suspended,
  },
  {
    call: "upstream",
    source: "https://github.com/zeitlos/lucity/issues/86",
    ...said(403, { message: "Sorry. Your account was suspended" }),
    reads: suspended,
  },
  {
    call: "make-fork",
    source: "https://github.com/microsoft/coe-starter-kit/issues/10176",
    ...said(403, { message: "Unauthorized: As an Enterprise Managed User, you cannot access this content" }),
    reads: lasting(
      "managed-account",
      "the fork's account belongs to an enterprise, which keeps it from everything outside",
      /^make the fork with an account that no enterprise manages/,
    ),
  },
  {
    call: "make-fork",
    source: "https://github.com/utterance/utterances/issues/534",
    ...said(403, {
      message: "At least one email address must be verified to do that.",
      documentation_url: "https://docs.github.com/articles/adding-an-email-address-to-your-github-account",
    }),
    reads: lasting(
      "email-unverified",
      "the fork's account has no verified address of mail",
      /^whoever holds the account verifies one/,
    ),
  },
  {
    call: "own-name",
    source: "https://github.com/gr2m/cloudflare-worker-github-oauth-login/issues/7",
    status: 403,
    headers: { "content-type": "text/html" },
    body: "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header (http://developer.github.com/v3/#user-agent-required). Check https://developer.github.com for other possible causes.\r\n",
    reads: lasting(
      "front-door",
      "GitHub's front door turned the request away: it came without a User-Agent, or from an address it does not like",
      /proxy of yours .*User-Agent/,
    ),
  },
  {
    call: "upstream",
    source: "https://github.com/SalesforceFoundation/NPSP/issues/7247",
    ...said(403, {
      message:
        "Although you appear to have the correct authorization credentials, the `example-ops` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
    }),
    reads: lasting(
      "ip-allow-list",
      "the organisation takes requests from listed addresses only, and these functions have no fixed one",
      /^an owner of the organisation lists the addresses/,
    ),
  },
  {
    call: "upstream",
    source: "https://github.com/octokit/octokit.rb/issues/577",
    ...said(404, { message: "Not Found", documentation_url: "https://developer.github.com/v3" }),
    reads: unknown,
  },
  {
    call: "make-fork",
    source: "https://github.com/cli/cli/issues/6700",
    ...said(404, { message: "Not Found", documentation_url: `${repos}#create-a-fork` }),
    reads: unknown,
  },
  {
    call: "upstream",
    source: "https://github.com/slapperwan/gh4a/issues/651",
    ...said(451, {
      message: "Repository access blocked",
      block: {
        reason: "dmca",
        created_at: "2017-07-19T22:34:13Z",
        html_url: "https://github.com/github/dmca/blob/master/2017/2017-07-17-Example.md",
      },
    }),
    reads: blocked,
  },
  {
    call: "tags",
    source: "https://github.com/caarlos0/fork-cleaner/issues/99",
    ...said(403, {
      message: "Repository access blocked",
      block: { reason: "tos", created_at: "2021-06-08T01:02:15Z", html_url: "https://github.com/tos" },
    }),
    reads: blocked,
  },
  {
    call: "tags",
    source: "https://github.com/sweepai/sweep/issues/3902",
    ...said(409, {
      message: "Git Repository is empty.",
      documentation_url: "https://docs.github.com/rest/commits/commits#list-commits",
    }),
    reads: lasting(
      "upstream-empty",
      "the upstream repository has no commits",
      /^correct images\.upstream or images\.releases/,
    ),
  },
];
