// GitHub's words that the far end serves, and what it says to all others: 501 and a note, and nothing of it is done.
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { bare } from "./bare.ts";
import { organisation } from "./harness.ts";

const members = `/orgs/${organisation}/teams/base/members`;
const invitations = `/orgs/${organisation}/invitations`;

describe("what is not served", () => {
  test.each<[string, string, { body?: unknown; headers?: Record<string, string> }?]>([
    ["GET", `${members}?perpage=5`],
    ["GET", `${invitations}?invitation_source=member`],
    ["GET", `/orgs/${organisation}/members?filter=2fa_disabled`],
    ["GET", "/organizations/1/members"],
    ["GET", "/rate_limit"],
    ["GET", "/"],
    ["POST", "/graphql", { body: { query: "{ viewer { login } }" } }],
    ["POST", "/graphql", { body: { query: "{ rateLimit(dryRun: true) { cost } }" } }],
    ["POST", "/graphql", { body: { query: '{ user(login: "ada-a") { email } }' } }],
    ["POST", "/graphql", { body: { query: '{ user(login: "ada-a", name: "x") { login } }' } }],
    ["POST", "/graphql", { body: { query: '{ user(login: "ada-a") { login @defer } }' } }],
    [
      "POST",
      "/graphql",
      {
        body: {
          query: `{ organization(login: "${organisation}") { team(slug: "base") { members(first: 1, membership: IMMEDIATE, query: "a") { totalCount } } } }`,
        },
      },
    ],
    [
      "POST",
      "/graphql",
      {
        body: {
          query: `{ organization(login: "${organisation}") { team(slug: "base") { members(first: 1) { totalCount } } } }`,
        },
      },
    ],
    ["PATCH", `/orgs/${organisation}/teams/base`, { body: { name: "x" } }],
    ["GET", members, { headers: { accept: "application/vnd.github.raw+json" } }],
    ["GET", members, { headers: { "x-github-api-version": "2099-01-01" } }],
    ["GET", members, { headers: { "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT" } }],
    [
      "PUT",
      `/orgs/${organisation}/teams/base/memberships/ada-a`,
      { body: { role: "member", until: "2031" } },
    ],
    ["POST", invitations, { body: { email: "new@example.org", note: "hello" } }],
  ])("%s %s %j", async (method, path, more = {}) => {
    const { farEnd, ask, installationToken } = bare();
    const token = await installationToken();
    const before = farEnd.snapshot(organisation);
    const answer = await ask(method, path, token, more);
    expect([answer.status, await answer.text()]).toEqual([
      501,
      expect.stringContaining("is not served here"),
    ]);
    expect(farEnd.violations.splice(0)).toHaveLength(1);
    expect(farEnd.snapshot(organisation)).toEqual(before);
  });

  test("a token for some repositories alone", async () => {
    const { farEnd, ask, appToken } = bare();
    const made = await ask("POST", "/app/installations/1/access_tokens", appToken(), {
      body: { repositories: ["one"] },
    });
    expect(made.status).toBe(501);
    farEnd.violations.splice(0);
  });
});

describe("pages", () => {
  test.each([
    ["per_page=1&page=2", 1, 2],
    ["page=1.5", 30, 1],
    ["page=1e400", 30, 1],
    ["per_page=abc&page=abc", 30, 1],
    ["per_page=0", 30, 1],
    ["per_page=-5&page=-5", 30, 1],
    ["per_page=", 30, 1],
    ["page=99999999999999999999", 30, 999_999_999],
  ])("%s is %i from page %i", async (query, size, page) => {
    const { farEnd, ask, installationToken } = bare();
    const token = await installationToken();
    const answer = await ask("GET", `${members}?${query}`, token);
    farEnd.violations.splice(0);
    const whole: unknown[] = JSON.parse(await (await ask("GET", members, token)).text());
    expect([answer.status, JSON.parse(await answer.text())]).toEqual([
      200,
      whole.slice((page - 1) * size, page * size),
    ]);
  });
});

test("a body that is null is none", async () => {
  const { ask, installationToken, farEnd } = bare();
  const put = await ask(
    "PUT",
    `/orgs/${organisation}/teams/base/memberships/ada-a`,
    await installationToken(),
    {
      body: null,
    },
  );
  expect(put.status).toBe(200);
  expect(farEnd.violations).toEqual([]);
});

test("an answer that one of several ETags names has not changed", async () => {
  const { ask, installationToken } = bare();
  const token = await installationToken();
  const etag = (await ask("GET", members, token)).headers.get("etag") ?? "";
  for (const list of [`"other", ${etag}`, etag.slice(2), "*"])
    expect((await ask("GET", members, token, { etag: list })).status).toBe(304);
  expect((await ask("GET", members, token, { etag: '"other"' })).status).toBe(200);
});

test("whoever does not say who they are is turned away", async () => {
  const { farEnd } = bare();
  const request = new Request(`http://github.test${members}`);
  expect((await farEnd.fetch(request)).status).toBe(403);
});

test("a team's own addresses, which name it by numbers, lead to it", async () => {
  const { ask, farEnd, installationToken } = bare();
  const token = await installationToken();
  const read = async (path: string) => {
    const answer = await ask("GET", path, token);
    return { status: answer.status, json: z.looseObject({}).parse(await answer.json()) };
  };
  const team = await read(`/orgs/${organisation}/teams/base`);
  const { url, members_url: members } = z
    .object({ url: z.string(), members_url: z.string() })
    .parse(team.json);
  const at = new URL(url).pathname;
  expect(await read(at)).toEqual(team);
  const listed = await ask("GET", new URL(members.replace("{/member}", "")).pathname, token);
  expect(await listed.json()).toHaveLength(2);
  const membership = await read(`/orgs/${organisation}/teams/base/memberships/ada-a`);
  expect(await read(new URL(String(membership.json["url"])).pathname)).toEqual(membership);
  expect((await read("/organizations/1/team/1")).status).toBe(404);
  expect(farEnd.violations).toEqual([]);
});

test("a token in the password's place is a token", async () => {
  const { ask, installationToken } = bare();
  const token = await installationToken();
  const basic = (text: string) => ({
    headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}` },
  });
  expect((await ask("GET", members, "", basic(`x-access-token:${token}`))).status).toBe(200);
  expect((await ask("GET", members, "", basic("x-access-token:ghs_other"))).status).toBe(401);
});
