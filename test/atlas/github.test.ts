// Recorded answers of GitHub, through the adapters that run in production: each answer names GitHub, its cause, and
// who can mend it and how.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { explain } from "../../shared/delivery/explain.ts";
import { failureIn } from "../../shared/failure.ts";
import { accountClient } from "../../shared/github/account.ts";
import { maximumAnswerBytes } from "../../shared/github/octokit.ts";
import { repositories } from "../../shared/github/repositories.ts";
import { atlas, cutAnywhere, type Recorded, vendor } from "./entry.ts";
import { accountEntries } from "./github-account.ts";
import { appEntries } from "./github-app.ts";
import { forkEntries } from "./github-fork.ts";
import { graphqlEntries } from "./github-graphql.ts";
import { callers, endOf, preludeOf } from "./github-harness.ts";
import { limitEntries, troubleEntries } from "./github-limits.ts";
import { peopleEntries } from "./github-people.ts";
import { type Call, type GithubEntry, said } from "./github-said.ts";

const entries = [
  ...appEntries,
  ...peopleEntries,
  ...limitEntries,
  ...troubleEntries,
  ...graphqlEntries,
  ...accountEntries,
  ...forkEntries,
];

let prelude: ReturnType<typeof preludeOf> = () => undefined;
let github: Awaited<ReturnType<typeof vendor>>;
let calls: ReturnType<typeof callers>;
beforeAll(async () => {
  github = await vendor((path) => prelude(path));
  calls = callers(github.url);
});
afterAll(() => github.close());

function meet(call: Call, answer: Recorded): Promise<unknown> {
  prelude = preludeOf(call);
  github.answers(answer);
  return endOf(calls[call]);
}
const send = (entry: GithubEntry) => meet(entry.call, entry);

describe("an answer of GitHub's", () => {
  atlas(entries, send);
  cutAnywhere(entries, send);
});

test("nothing of GitHub's own words reaches people", async () => {
  for (const entry of entries) {
    const said = JSON.stringify(explain(await send(entry), "a-function"));
    for (const name of [
      "example-hub",
      "example-ops",
      "ada-a",
      "crew/infra",
      "crew:bump",
      "4711",
      "192.0.2.1",
      ".yml",
    ])
      expect({ cause: entry.reads.cause, leaks: said.includes(name) && name }).toEqual({
        cause: entry.reads.cause,
        leaks: false,
      });
  }
});

const deep = '{"a":'.repeat(100_000);
test.each<[string, Call, Recorded, string]>([
  [
    "a page for people in place of an invitation",
    "invite",
    { status: 200, body: "<!doctype html>" },
    "unreadable",
  ],
  [
    "a page with 403 of somebody who stands between",
    "invite",
    { status: 403, body: "<html><h1>Access denied</h1></html>" },
    "unreadable",
  ],
  [
    "a page with 404 of somebody who stands between",
    "add-to-team",
    { status: 404, body: "<!doctype html><title>Not Found</title>" },
    "unreadable",
  ],
  ["an error in place of an invitation", "invite", said(200, { message: "Server Error" }), "unreadable"],
  ["nothing in place of an invitation", "invite", { status: 204, body: "" }, "unreadable"],
  [
    "a page in place of a removal",
    "remove-from-team",
    { status: 200, body: "<!doctype html>" },
    "unreadable",
  ],
  ["a page in place of a withdrawal", "withdraw", { status: 200, body: "<!doctype html>" }, "unreadable"],
  [
    "a list nested too deeply",
    "teams",
    { status: 200, body: `${deep}1${"}".repeat(100_000)}` },
    "unreadable",
  ],
  ["a refusal nested too deeply", "teams", { status: 500, body: `${deep}1${"}".repeat(100_000)}` }, "500"],
  ["a change refused as deeply", "invite", { status: 502, body: `${deep}1${"}".repeat(100_000)}` }, "502"],
])("%s is not taken for done, and GitHub is named", async (_, call, answer, cause) => {
  expect(failureIn(await meet(call, answer))).toMatchObject({ service: "github", cause, lasts: "transient" });
});

const validation = (error: object) => said(422, { message: "Validation Failed", errors: [error] });

describe("a refusal that is an answer", () => {
  test.each([
    // https://github.com/ActionsDesk/retry-invite-action/blob/main/src/main.ts
    [
      "invite",
      "over-limit",
      validation({
        resource: "OrganizationInvitation",
        code: "unprocessable",
        field: "data",
        message: "Over invitation rate limit",
      }),
    ],
    // https://github.com/github/rest-api-description/issues/4109
    [
      "invite",
      "already",
      validation({
        resource: "OrganizationInvitation",
        code: "unprocessable",
        field: "data",
        message: "A user with this email addresss is already a part of this organization",
      }),
    ],
    // https://github.com/kubernetes/org/pull/2746
    ["add-to-team", "no-such-user", said(404, { message: "Not Found" })],
    ["remove-from-team", "not-there", said(404, { message: "Not Found" })],
    // https://github.com/vsoch/pull-request-action/issues/86
    [
      "open-pull",
      "exists",
      validation({
        resource: "PullRequest",
        code: "custom",
        message: "A pull request already exists for crew:bump.",
      }),
    ],
    // https://github.com/tgymnich/fork-sync/issues/112
    [
      "open-pull",
      "nothing",
      validation({
        resource: "PullRequest",
        code: "custom",
        message: "No commits between main and crew:bump",
      }),
    ],
  ] as const)("%s: %s", async (call, value, answer) => {
    expect(await meet(call, answer)).toBe(value);
  });

  test("a branch that somebody made before us is told, and is no success", async () => {
    // https://github.com/renovatebot/renovate/issues/20281
    const taken = said(422, {
      message: "Reference already exists",
      documentation_url: "https://docs.github.com/rest/reference/git#create-a-reference",
    });
    prelude = (path) =>
      path.includes("/git/ref/") ? said(200, { object: { sha: "d".repeat(40) } }) : undefined;
    github.answers(taken);
    expect(failureIn(await endOf(calls["make-branch"]))).toMatchObject({
      cause: "branch-taken",
      lasts: "transient",
    });
  });

  test("a repository that was renamed is followed to where it is now", async () => {
    // https://github.com/18F/charlie/pull/85
    const moved = (path: string) =>
      said(
        307,
        {
          message: "Moved Permanently",
          url: `https://api.github.com${path}`,
          documentation_url: "https://developer.github.com/v3/#http-redirects",
        },
        { location: path },
      );
    prelude = (path) => (path.startsWith("/repos/") ? moved("/repositories/4711/pulls") : undefined);
    const head = { sha: "f" };
    const pull = { number: 1, html_url: "u", state: "open", merged_at: null, title: "t", body: "b", head };
    github.answers(said(201, pull));
    expect(await endOf(calls["open-pull"])).toMatchObject({ number: 1, state: "open", sha: "f" });
  });

  test("a file that is too large is not asked for", async () => {
    const large = { path: "a", mode: "100644", type: "blob", sha: "e", size: 100 * 1024 * 1024 };
    const found = await meet("files", said(200, { truncated: false, tree: [large] }));
    expect(found).toEqual([{ path: "a", mode: "100644", sha: "e", bytes: large.size }]);
    github.answers(said(500, {}));
    const theirs = repositories(accountClient({ endpoints: { github: github.url }, token: async () => "t" }));
    const file = { path: "a", mode: "100644", sha: "e", bytes: large.size } as const;
    expect(await theirs.text("example-ops/infrastructure", file)).toBeUndefined();
  });

  test("a list of files that GitHub cut is no list, and no time mends it", async () => {
    const cut = await meet("files", said(200, { sha: "a", truncated: true, tree: [] }));
    expect(failureIn(cut)).toMatchObject({ cause: "too-many-files", lasts: "lasting" });
  });
});

const every = Object.keys(callers("http://localhost")) as Call[];

describe("an answer that is none", () => {
  test.each(every)("%s: HTML, nothing and the wrong JSON with 200", async (call) => {
    const bodies = ["<html><body>Sign in to the guest network</body></html>", "", "null", "[]", '{"a":1}'];
    for (const body of bodies) {
      const end = await meet(call, { status: 200, headers: { "content-type": "text/html" }, body });
      // A change whose answer nobody reads has happened: GitHub said so with its status.
      if (!(end instanceof Error)) continue;
      expect({ body, failure: failureIn(end) }).toMatchObject({
        body,
        failure: { service: "github", cause: expect.stringMatching(/^(unreadable|no-default-branch)$/) },
      });
    }
  });

  test.each(["bad/type;;=", ";", "application/json; charset=\u00ff"])(
    "a content type of %p",
    async (type) => {
      const end = await meet("upstream", { status: 403, headers: { "content-type": type }, body: "x" });
      expect(failureIn(end)?.cause).toBe("403");
    },
  );
});

/** A server of a test's own, for answers that are never finished. */
async function serving(answer: (response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test.each(["upstream", "installation"] as const)("%s: 100 MB are not read to their end", async (call) => {
  let sent = 0;
  const chunk = Buffer.alloc(64 * 1024, " ");
  using endless = await serving((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const more = (): void => {
      while (sent < 100 * 1024 * 1024 && !response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
    };
    more();
  });
  const end = await endOf(callers(endless.url)[call]);
  expect(failureIn(end)?.cause).toBe("unreadable");
  expect(sent).toBeLessThan(maximumAnswerBytes + 16 * 1024 * 1024);
});

test.each(["teams", "upstream"] as const)("%s: silence ends at its time limit", async (call) => {
  using silent = await serving(() => {});
  const end = await endOf(callers(silent.url, 100)[call]);
  expect(failureIn(end)).toMatchObject({ cause: "no-answer", lasts: "transient" });
  // The machine decides whether its beginning came in time: either way it is no answer.
  using half = await serving((response) => response.writeHead(200).write("{"));
  expect(failureIn(await endOf(callers(half.url, 100)[call]))).toMatchObject({
    cause: expect.stringMatching(/^(no-answer|unreadable)$/),
    lasts: "transient",
  });
});

test("the atlas is as large as it says", () => {
  expect(entries.length).toBeGreaterThanOrEqual(100);
  expect(new Set(entries.map(({ source }) => source)).size).toBeGreaterThanOrEqual(80);
});
