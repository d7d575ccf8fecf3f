// Refusals of GitHub to anybody, as one table: its limits in every spelling, and what concerns a request whoever sends it.
// Refusals to the App alone, and to the machine account alone, stand beside it.
import type { Meaning, Pattern } from "../failure.ts";

const later = "nothing: it goes on by itself when the time that GitHub asks for is over";
const hourly: Meaning = {
  cause: "rate-limit",
  lasts: "transient",
  why: "GitHub's limit of requests an hour is reached",
  next: later,
};
const fewer: Meaning = {
  cause: "secondary-rate-limit",
  lasts: "transient",
  why: "GitHub asks for fewer requests at a time",
  next: later,
};

/**
 * GitHub's limits come with 200 (GraphQL), 403, 422 and 429 alike:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
 */
export const limits: readonly Pattern[] = [
  // https://github.com/yanyongyu/githubkit/issues/271: two types for one thing.
  { code: /^(RATE_LIMIT|RATE_LIMITED|graphql_rate_limit)$/, ...hourly },
  { status: [200, 403, 429], text: /API rate limit (already )?exceeded/i, ...hourly },
  // https://github.com/octokit/plugin-throttling.js/pull/438: it was called abuse once.
  {
    status: [200, 403, 422, 429],
    text: /secondary rate limit|abuse detection|temporarily blocked from/i,
    ...fewer,
  },
  // https://github.com/cli/cli/issues/4801: the limit on new pull requests and issues.
  { status: [200, 403, 422], text: /was submitted too quickly/i, ...fewer },
  { status: 429, ...fewer },
];
/** A 403 with no words that we know, whose headers ask for a pause. */
export const pause: Pattern = { status: 403, ...fewer };
/** A 403 of our own identity in words that we do not know: rights that were just given show after a while. */
export const forbidden: Pattern = {
  status: 403,
  cause: "403",
  lasts: "settling",
  why: "GitHub answered 403, and gives no reason that Groundcrew knows",
  next: "nothing at first: new rights show after some minutes; when it goes on, an owner of the organisation, or whoever holds the fork's account, compares what the App and the account may do with docs/deploy.md, step 3",
};
export const hourlyCause = hourly.cause;
export const limitCauses: ReadonlySet<string> = new Set([hourly.cause, fewer.cause]);

const slow: Meaning = {
  cause: "timeout",
  lasts: "transient",
  why: "GitHub did not get its answer together in time",
  next: "nothing: it is tried again by itself; when it goes on, see https://www.githubstatus.com",
};

/** Troubles of GitHub's own, and refusals that mean the same whoever asks. */
export const anybody: readonly Pattern[] = [
  // https://github.com/apache/devlake/issues/4349, https://github.com/MeltanoLabs/tap-github/pull/466
  { text: /went wrong while executing your query|timeout on validation of query/i, ...slow },
  { text: /couldn't respond to your request in time/i, ...slow },
  { code: /^(SERVICE_UNAVAILABLE|INTERNAL)$/, ...slow },
  // https://github.com/dlvhdr/gh-dash/issues/367, https://github.com/sourcecred/sourcecred/pull/908
  {
    code: /^(MAX_NODE_LIMIT_EXCEEDED|ARGUMENT_LIMIT|EXCESSIVE_PAGINATION)$/,
    cause: "too-much-asked",
    lasts: "lasting",
    why: "GitHub refuses to answer so much at once",
    next: "report it to whoever develops Groundcrew: this organisation is larger than it was made for",
  },
  // https://github.com/github/maven-plugins/issues/137
  {
    status: [400, 415, 422],
    text: /^(invalid request|problems parsing json|unsupported media type)|not an object\b/i,
    cause: "request-not-understood",
    lasts: "lasting",
    why: "GitHub did not understand the request",
    next: "report it to whoever develops Groundcrew: either side has changed; a newer version may know it",
  },
  // https://github.com/gr2m/cloudflare-worker-github-oauth-login/issues/7
  {
    status: 403,
    text: /administrative rules/i,
    cause: "front-door",
    lasts: "lasting",
    why: "GitHub's front door turned the request away: it came without a User-Agent, or from an address it does not like",
    next: "look whether a proxy of yours stands between, and let it pass the header User-Agent on",
  },
  // https://github.com/SalesforceFoundation/NPSP/issues/7247
  {
    status: [200, 403],
    text: /IP allow list/i,
    cause: "ip-allow-list",
    lasts: "lasting",
    why: "the organisation takes requests from listed addresses only, and these functions have no fixed one",
    next: "an owner of the organisation lists the addresses that the functions call from, or switches its IP allow list off for this App or account",
  },
];
