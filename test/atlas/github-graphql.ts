// Answers of GitHub's GraphQL, mostly with 200.
import { permission } from "./github-app.ts";
import { type GithubEntry, itself, lasting, said, transient } from "./github-said.ts";

const date = "Sat, 11 Jan 2025 11:18:55 GMT";
const later = /^nothing: it goes on by itself/;
const hourly = (seconds: number) =>
  transient("rate-limit", "GitHub's limit of requests an hour is reached", later, seconds);
const slow = transient("timeout", "GitHub did not get its answer together in time", itself);
const tooMuch = lasting(
  "too-much-asked",
  "GitHub refuses to answer so much at once",
  /^report it .*larger than it was made for$/,
);

export const graphqlEntries: readonly GithubEntry[] = [
  {
    call: "teams",
    source: "https://github.com/yanyongyu/githubkit/issues/271",
    ...said(200, {
      errors: [
        {
          type: "RATE_LIMIT",
          code: "graphql_rate_limit",
          message: "API rate limit already exceeded for user ID 4711.",
        },
      ],
    }),
    reads: hourly(60),
  },
  {
    call: "logins",
    source: "https://github.com/yanyongyu/githubkit/issues/271",
    ...said(
      200,
      {
        errors: [
          {
            type: "RATE_LIMIT",
            code: "graphql_rate_limit",
            message: "API rate limit already exceeded for user ID 4711.",
          },
        ],
      },
      { date, "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1736594935" },
    ),
    reads: hourly(600),
  },
  {
    call: "teams",
    source: "https://github.com/octokit/plugin-throttling.js/issues/632",
    ...said(
      200,
      { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded for installation ID 4711." }] },
      {
        date: "Sun, 16 Jan 2022 18:52:10 GMT",
        "x-ratelimit-remaining": "4",
        "x-ratelimit-reset": "1642361738",
      },
    ),
    // It counts 4 as left, and has none: https://github.com/release-drafter/release-drafter/issues/1018.
    reads: hourly(2608),
  },
  {
    call: "teams",
    source: "https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api",
    ...said(200, {
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    }),
    reads: transient("secondary-rate-limit", "GitHub asks for fewer requests at a time", later, 60),
  },
  {
    call: "teams",
    source: "https://github.com/cli/cli/issues/4801",
    ...said(200, {
      errors: [
        {
          type: "UNPROCESSABLE",
          path: ["createIssue"],
          locations: [{ line: 2, column: 3 }],
          message: "was submitted too quickly",
        },
      ],
    }),
    reads: transient("secondary-rate-limit", "GitHub asks for fewer requests at a time", later, 60),
  },
  {
    call: "teams",
    source: "https://github.com/abhinav/git-spice/issues/972",
    ...said(200, {
      data: { organization: { team: null } },
      errors: [
        {
          type: "FORBIDDEN",
          path: ["organization", "team"],
          message: "Resource not accessible by integration",
        },
      ],
    }),
    reads: permission,
  },
  {
    call: "logins",
    source: "https://github.com/github-community-projects/contributors/issues/492",
    ...said(200, {
      data: null,
      errors: [
        {
          type: "FORBIDDEN",
          path: ["createDiscussion"],
          extensions: { saml_failure: false },
          locations: [{ line: 9, column: 5 }],
          message: "Resource not accessible by integration",
        },
      ],
    }),
    reads: permission,
  },
  {
    call: "teams",
    source: "https://github.com/antfu-collective/sponsorkit/pull/6",
    ...said(200, {
      errors: [
        {
          type: "INSUFFICIENT_SCOPES",
          locations: [{ line: 10, column: 9 }],
          message:
            "Your token has not been granted the required scopes to execute this query. The 'createdAt' field requires one of the following scopes: ['read:user'], but your token has only been granted the: ['read:org'] scopes. Please modify your token's scopes at: https://github.com/settings/tokens.",
        },
      ],
    }),
    reads: permission,
  },
  {
    call: "teams",
    source: "https://github.com/github/gh-gei/issues/975",
    ...said(200, {
      data: { organization: null },
      errors: [
        {
          type: "NOT_FOUND",
          path: ["organization"],
          locations: [{ line: 1, column: 25 }],
          message: "Could not resolve to an Organization with the login of 'example-hub'.",
        },
      ],
    }),
    reads: lasting(
      "organisation-unknown",
      "GitHub knows no organisation of this name: it was renamed, or the settings misspell it",
      /^correct the organisation in the settings$/,
    ),
  },
  {
    call: "teams",
    source: "https://github.com/dlvhdr/gh-dash/issues/367",
    ...said(200, {
      errors: [
        {
          type: "MAX_NODE_LIMIT_EXCEEDED",
          message:
            "This query requests up to 506,650 possible nodes which exceeds the maximum limit of 500,000.",
        },
      ],
    }),
    reads: tooMuch,
  },
  {
    call: "logins",
    source: "https://github.com/sourcecred/sourcecred/pull/908",
    ...said(200, {
      data: null,
      errors: [
        {
          message: "You may not provide more than 100 node ids; you provided 101.",
          type: "ARGUMENT_LIMIT",
          path: ["nodes_101"],
          locations: [{ line: 1, column: 3 }],
        },
      ],
    }),
    reads: tooMuch,
  },
  {
    call: "teams",
    source: "https://github.com/apache/devlake/issues/4349",
    ...said(502, {
      data: null,
      errors: [
        {
          message:
            "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. Please include `89A2:06E1:2CCCAA:33870F:63E26554` when reporting this issue.",
        },
      ],
    }),
    reads: slow,
  },
  {
    call: "logins",
    source: "https://github.com/github/gh-gei/issues/666",
    ...said(200, {
      errors: [
        {
          message:
            "Something went wrong while executing your query. Please include `0401:086D:26F0E28:4F8CE9D:633325A8` when reporting this issue.",
        },
      ],
    }),
    reads: slow,
  },
  {
    call: "teams",
    source: "https://github.com/MeltanoLabs/tap-github/pull/466",
    ...said(200, { errors: [{ message: "Timeout on validation of query" }] }),
    reads: slow,
  },
  {
    call: "teams",
    source: "https://github.com/mntnr/name-your-contributors/issues/67",
    ...said(200, {
      data: null,
      errors: [
        {
          message:
            "Your token has not been granted the required scopes to execute this query. The 'email' field requires one of the following scopes: ['user:email', 'read:user'], but your token has only been granted the: ['repo'] scopes. Please modify your token's scopes at: https://github.com/settings/tokens.",
          locations: [{ line: 9, column: 1 }],
        },
      ],
    }),
    reads: permission,
  },
];
