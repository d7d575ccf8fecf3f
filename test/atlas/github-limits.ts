// GitHub's limits, in every spelling that the public has met, and its own troubles. Each passes; each limit says when.
import { type GithubEntry, html, itself, said, transient } from "./github-said.ts";

const date = "Sat, 11 Jan 2025 11:18:55 GMT";
/** The clock starts anew 30 minutes after that date. */
const spent = { date, "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1736596135" };
const later = /^nothing: it goes on by itself/;
const hourly = (seconds: number) =>
  transient("rate-limit", "GitHub's limit of requests an hour is reached", later, seconds);
const fewer = (seconds: number) =>
  transient("secondary-rate-limit", "GitHub asks for fewer requests at a time", later, seconds);
const limitPage =
  "https://docs.github.com/en/free-pro-team@latest/rest/overview/resources-in-the-rest-api#secondary-rate-limits";

export const limitEntries: readonly GithubEntry[] = [
  {
    call: "invitation-list",
    source: "https://github.com/fountainhead/action-wait-for-check/issues/29",
    ...said(403, { message: "API rate limit exceeded for installation ID 4711." }, spent),
    reads: hourly(1800),
  },
  {
    call: "add-to-team",
    source: "https://github.com/wjz304/Redpill_CustomBuild/issues/52910",
    ...said(
      403,
      {
        message:
          "API rate limit exceeded for installation ID 4711. If you reach out to GitHub Support for help, please include the request ID E069:28A5:946476:98F36C:6542E844.",
      },
      spent,
    ),
    reads: hourly(1800),
  },
  {
    call: "upstream",
    source: "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
    ...said(429, { message: "API rate limit exceeded for user ID 4711." }, spent),
    reads: hourly(1800),
  },
  {
    call: "tags",
    source: "https://github.com/rust-lang/rustlings/issues/1208",
    ...said(403, {
      message:
        "API rate limit exceeded for 192.0.2.1. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)",
      documentation_url: "https://docs.github.com/rest/overview/resources-in-the-rest-api#rate-limiting",
    }),
    reads: hourly(60),
  },
  {
    call: "invite",
    source: "https://github.com/hisxo/gitGraber/issues/41",
    ...said(403, {
      documentation_url: limitPage,
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    }),
    reads: fewer(60),
  },
  {
    call: "teams",
    source: "https://github.com/fpicalausa/remove-stale-branches/issues/22",
    ...said(
      403,
      {
        message:
          "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID XXXXXXXX.",
      },
      { date, "x-ratelimit-remaining": "4990", "x-ratelimit-reset": "1736596135" },
    ),
    // The reset is the hourly limit's, which is not reached.
    reads: fewer(60),
  },
  {
    call: "teams",
    source: "https://github.com/octokit/plugin-throttling.js/pull/438",
    ...said(
      403,
      {
        documentation_url: limitPage,
        message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      },
      { date, "retry-after": "120" },
    ),
    reads: fewer(120),
  },
  {
    call: "files",
    source: "https://github.com/Ivy-Interactive/Ivy-Tendril/issues/2423",
    ...said(403, {
      message:
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. For more on scraping GitHub and how it may affect your rights, please review our Terms of Service (https://docs.github.com/en/site-policy/github-terms/github-terms-of-service)\n\nIf you reach out to GitHub Support for help, please include the request ID C620:D8D4:1FA9F4A3:1EAC3CBC:6AA01B31.",
    }),
    reads: fewer(60),
  },
  {
    call: "open-pull",
    source: "https://github.com/hisxo/gitGraber/issues/43",
    ...said(
      403,
      {
        message:
          "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.",
      },
      { "retry-after": "60" },
    ),
    reads: fewer(60),
  },
  {
    call: "open-pull",
    source: "https://github.com/derberg/manage-files-in-multiple-repositories/pull/5",
    ...said(422, { message: "was submitted too quickly" }),
    reads: fewer(60),
  },
  {
    call: "list-pulls",
    source: "https://github.com/jcabi/jcabi-github/issues/1325",
    ...said(403, {
      documentation_url: "https://developer.github.com/v3/#abuse-rate-limits",
      message:
        "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.",
    }),
    reads: fewer(60),
  },
  {
    call: "withdraw",
    source: "https://github.com/petabridge/akka-bootcamp/issues/133",
    ...said(
      403,
      {
        message:
          "You have triggered an abuse detection mechanism and have been temporarily blocked from calling the API. Please retry your request again later.",
      },
      { "retry-after": "30" },
    ),
    reads: fewer(30),
  },
  {
    call: "upstream",
    source: "https://github.com/facert/github_search/issues/2",
    ...html(
      429,
      "<html><body><h1>Whoa there!</h1><p>You have exceeded a secondary rate limit.</p><p>Please wait a few minutes before you try again;<br>in some cases this may take up to an hour.</p></body></html>",
    ),
    reads: fewer(60),
  },
];

const broken = (status: number) => transient(`${status}`, `GitHub answered ${status}`, itself);

export const troubleEntries: readonly GithubEntry[] = [
  {
    call: "upstream",
    source: "https://github.com/github-release/github-release/issues/111",
    ...said(502, { message: "Server Error" }),
    reads: broken(502),
  },
  {
    call: "installation",
    source: "https://github.com/octokit/request.js/issues/589",
    ...said(502, { message: "Server Error" }),
    reads: broken(502),
  },
  {
    call: "teams",
    source: "https://github.com/turbot/steampipe-plugin-github/issues/518",
    ...html(
      502,
      "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    ),
    reads: broken(502),
  },
  {
    call: "logins",
    source: "https://github.com/octokit/graphql.js/issues/554",
    ...html(
      502,
      "<!DOCTYPE html>\n<!--\n\nHello future GitHubber! I bet you're here to remove those nasty inline styles,\nDRY up these templates and make 'em nice and re-usable, right?\n\nPlease, don't. https://github.com/styleguide/templates/2.0\n\n-->\n<html>\n  <head>\n    <title>Unicorn! &middot; GitHub</title>\n",
    ),
    reads: broken(502),
  },
  {
    call: "add-to-team",
    source: "https://github.com/taskcluster/taskcluster-github/issues/96",
    ...said(503, {
      message:
        "No server is currently available to service your request. Sorry about that. Please try resubmitting your request and contact us if the problem persists.",
    }),
    reads: broken(503),
  },
  {
    call: "commit",
    source: "https://github.com/osunyorg/admin/issues/3843",
    ...said(503, {
      message:
        "No server is currently available to service your request. Sorry about that. Please try resubmitting your request and contact us if the problem persists.",
    }),
    reads: broken(503),
  },
  {
    call: "list-pulls",
    source:
      "https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#timeouts",
    ...said(504, {
      message:
        "We couldn't respond to your request in time. Sorry about that. Please try resubmitting your request and contact us if the problem persists.",
    }),
    reads: transient("timeout", "GitHub did not get its answer together in time", itself),
  },
  {
    call: "move-branch",
    source: "https://github.com/github/rest-api-description/issues/714",
    status: 500,
    body: "",
    reads: broken(500),
  },
];
