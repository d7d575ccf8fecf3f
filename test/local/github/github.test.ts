// GitHub's far end by itself: who may call, pages, ETags, limits, and that it keeps to GitHub's own description.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { contract } from "../../../local/github/contract.ts";
import { restOperations } from "../../../local/github/schema/cut.ts";
import { openState } from "../../../local/wire/state.ts";
import { bare, jwt, Numbered, nowSeconds } from "./bare.ts";
import { accounts, appId, day, githubHarness, organisation, smallOrganisation, team } from "./harness.ts";

const logins = async (answer: Response): Promise<string[]> =>
  z
    .array(z.object({ login: z.string() }))
    .parse(await answer.json())
    .map(({ login }) => login);

describe("who may call", () => {
  test("the App by a fresh JWT of its own key, and no other", async () => {
    const { ask, appToken } = bare();
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const good = { iss: appId, iat: nowSeconds() - 30, exp: nowSeconds() + 500 };
    const status = async (token: string) => (await ask("GET", "/app", token)).status;
    expect(await status(appToken())).toBe(200);
    expect(await status(jwt({ ...good, iss: String(appId) }))).toBe(200);
    expect(await status(jwt({ ...good, iss: 1 }))).toBe(401);
    expect(await status(jwt(good, { key: other }))).toBe(401);
    expect(await status(jwt(good, { alg: "none" }))).toBe(401);
    expect(await status(jwt({ ...good, exp: nowSeconds() - 1 }))).toBe(401);
    expect(await status(jwt({ ...good, iat: nowSeconds() - 200 }))).toBe(401);
    expect(await status(jwt({ ...good, iat: nowSeconds() + 300 }))).toBe(401);
    expect(await status(jwt({ iss: appId, iat: nowSeconds() }))).toBe(401);
    expect(await status("nonsense")).toBe(401);
    expect(await status("ghs_forged")).toBe(401);
  });

  test("an installation with the permissions of its token", async () => {
    const { farEnd, ask, appToken, installationToken } = bare();
    const members = `/orgs/${organisation}/teams/base/members`;
    const add = `/orgs/${organisation}/teams/base/memberships/cy-c`;
    const reader = await installationToken({ members: "read" });
    expect((await ask("GET", members, reader)).status).toBe(200);
    const refused = await ask("PUT", add, reader);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-accepted-github-permissions")).toBe("members=write");
    expect(await refused.json()).toMatchObject({ message: "Resource not accessible by integration" });
    expect((await ask("GET", members, appToken())).status).toBe(403);
    expect((await ask("GET", "/app", reader)).status).toBe(401);
    const blind = await installationToken({ metadata: "read" });
    expect((await ask("GET", members, blind)).status).toBe(403);
    const query = `{ organization(login: "${organisation}") { team(slug: "base") { databaseId } } }`;
    expect(await (await ask("POST", "/graphql", blind, { body: { query } })).json()).toMatchObject({
      data: { organization: { team: null } },
      errors: [{ type: "FORBIDDEN", path: ["organization", "team"] }],
    });
    expect(farEnd.snapshot().teams["base"]).toEqual(["ada-a", "Bo-B"]);
    expect(farEnd.violations).toEqual([]);
  });

  test("an installation in no organisation but its own", async () => {
    const { farEnd, ask, installationToken } = bare();
    farEnd.seed({ ...smallOrganisation, organisation: "other-hub", teams: [team("theirs", "cy-c")] });
    const token = await installationToken();
    expect((await ask("GET", "/orgs/other-hub/teams/theirs/members", token)).status).toBe(403);
    expect((await ask("GET", "/orgs/no-hub/teams/theirs/members", token)).status).toBe(404);
    const query = '{ organization(login: "other-hub") { team(slug: "theirs") { databaseId } } }';
    expect(await (await ask("POST", "/graphql", token, { body: { query } })).json()).toMatchObject({
      errors: [{ type: "FORBIDDEN" }],
    });
  });
});

describe("answers", () => {
  test("come in pages with a Link header, a hundred at most", async () => {
    const { farEnd, ask, installationToken } = bare();
    for (let index = 0; index < 120; index += 1) {
      farEnd.people.signUp(`m-${index}`);
      farEnd.people.addByHand("public", `m-${index}`);
    }
    const token = await installationToken();
    const path = `/orgs/${organisation}/teams/public/members`;
    const first = await ask("GET", `${path}?per_page=500`, token);
    expect(await logins(first)).toHaveLength(100);
    const second = `<http://github.test${path}?per_page=500&page=2>`;
    expect(first.headers.get("link")).toBe(`${second}; rel="next", ${second}; rel="last"`);
    expect(await logins(await ask("GET", `${path}?per_page=50&page=3`, token))).toHaveLength(20);
    expect(await logins(await ask("GET", path, token))).toHaveLength(30);
  });

  test("that did not change cost nothing when asked for by their ETag", async () => {
    const { farEnd, ask, installationToken } = bare();
    const token = await installationToken();
    const path = `/orgs/${organisation}/teams/base/members`;
    const first = await ask("GET", path, token);
    const etag = first.headers.get("etag") ?? "";
    const again = await ask("GET", path, token, { etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("x-ratelimit-used")).toBe(first.headers.get("x-ratelimit-used"));
    farEnd.people.addByHand("base", "dee-d");
    const changed = await ask("GET", path, token, { etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("x-ratelimit-used")).toBe("2");
    expect(changed.headers.get("x-github-request-id")).toMatch(/^[0-9A-F:]+$/);
  });

  test("know people by login in any case, and a team too", async () => {
    const { farEnd, ask, installationToken } = bare();
    const token = await installationToken();
    const { id } = Numbered.parse(await (await ask("GET", "/users/ADA-A", token)).json());
    farEnd.people.rename("ada-a", "ada-lovely");
    farEnd.people.signUp("ada-a");
    expect(await (await ask("GET", "/users/ada-lovely", token)).json()).toMatchObject({ id });
    const stranger = Numbered.parse(await (await ask("GET", "/users/ada-a", token)).json());
    expect(stranger.id).not.toBe(id);
    farEnd.people.remove("ada-lovely");
    expect((await ask("GET", "/users/ada-lovely", token)).status).toBe(404);
    expect(farEnd.snapshot().teams["base"]).toEqual(["Bo-B"]);
    const base = `/orgs/${organisation}/teams/BASE`;
    expect((await ask("GET", `${base}/memberships/bo-b`, token)).status).toBe(200);
    expect(await (await ask("GET", base, token)).json()).toMatchObject({ slug: "base", members_count: 1 });
    expect(farEnd.violations).toEqual([]);
  });

  test("of GraphQL name what is not there, and demand a page's size", async () => {
    const { farEnd, ask, installationToken } = bare();
    const token = await installationToken();
    const graphql = async (query: string) =>
      (await ask("POST", "/graphql", token, { body: { query } })).json();
    const people = await graphql(
      '{ a: user(login: "ADA-A") { login id } b: user(login: "nobody-n") { login } }',
    );
    expect(people).toMatchObject({
      data: { a: { login: "ada-a" }, b: null },
      errors: [{ type: "NOT_FOUND", path: ["b"] }],
    });
    const { id } = z.object({ data: z.object({ a: z.object({ id: z.string() }) }) }).parse(people).data.a;
    farEnd.people.rename("ada-a", "ada-z");
    const nodes = await graphql(`{ nodes(ids: ["${id}", "none"]) { ... on User { login databaseId } } }`);
    expect(nodes).toMatchObject({
      data: { nodes: [{ login: "ada-z" }, null] },
      errors: [{ path: ["nodes", 1] }],
    });
    const list = (range: string) =>
      graphql(`{ organization(login: "${organisation}") { membersWithRole${range} { nodes { login } } }
        rateLimit { cost remaining } }`);
    expect(await list("")).toMatchObject({ errors: [{ type: "MISSING_PAGINATION_BOUNDARIES" }] });
    expect(await list("(first: 101)")).toMatchObject({ errors: [{ type: "EXCESSIVE_PAGINATION" }] });
    expect(await list("(last: 2)")).toMatchObject({
      data: { organization: { membersWithRole: { nodes: [{}, { login: "cy-c" }] } }, rateLimit: { cost: 1 } },
    });
    expect(farEnd.violations).toEqual([]);
    expect(await graphql("{ organization { login } }")).toMatchObject({ errors: [{}] });
    expect(farEnd.violations.splice(0)).toHaveLength(1);
  });
});

describe("invitations", () => {
  test("expire after seven days of the movable clock, and can be declined", async () => {
    const { farEnd, clock, ask, installationToken } = bare();
    const token = await installationToken();
    const put = (login: string) => ask("PUT", `/orgs/${organisation}/teams/base/memberships/${login}`, token);
    expect(await (await put("dee-d")).json()).toMatchObject({ state: "pending", role: "member" });
    expect(await (await put("eve-e")).json()).toMatchObject({ state: "pending" });
    farEnd.people.decline("eve-e");
    clock.moveBy(7 * day - 1);
    expect(farEnd.snapshot().pending).toMatchObject([{ login: "dee-d", teams: ["base"] }]);
    clock.moveBy(1);
    const failed = await (await ask("GET", `/orgs/${organisation}/failed_invitations`, token)).json();
    expect(failed).toMatchObject([{ login: "dee-d", failed_at: "2031-03-10T10:00:00.000Z" }]);
    expect(() => farEnd.people.accept("dee-d")).toThrow("nobody has invited");
    expect((await ask("DELETE", `/orgs/${organisation}/invitations/1`, token)).status).toBe(204);
    const { pending, failed: left, teams: now } = farEnd.snapshot();
    expect({ pending, left, base: now["base"] }).toEqual({ pending: [], left: [], base: ["ada-a", "Bo-B"] });
    expect(farEnd.violations).toEqual([]);
  });

  test.each([
    [20, 50],
    [400, 500],
  ])("an organisation %i days old sends %i in any 24 hours", async (ageDays, most) => {
    const many = Array.from({ length: most + 1 }, (_, index) => `n-${index}`);
    const limits = { writesPerMinute: 1000, writesPerHour: 1000, pointsPerMinute: 10_000 };
    const world = { ...smallOrganisation, ageDays, teams: [], users: accounts("Olga-Owner", ...many) };
    const { farEnd, client, clock } = githubHarness({ world, limits });
    const octokit = await client("write")();
    const invite = (email: string) =>
      octokit.request("POST /orgs/{org}/invitations", { org: organisation, email });
    for (const login of many.slice(1)) await invite(`${login}@example.org`);
    await expect(invite("last@example.org")).rejects.toMatchObject({
      status: 422,
      response: {
        data: {
          errors: [
            {
              resource: "OrganizationInvitation",
              code: "unprocessable",
              field: "data",
              message: "Over invitation rate limit",
            },
          ],
        },
      },
    });
    clock.moveBy(day);
    expect((await invite("last@example.org")).status).toBe(201);
    expect(farEnd.snapshot().pending).toHaveLength(most + 1);
  });
});

describe("GitHub's description", () => {
  test("has no operation here that is not served", async () => {
    const { farEnd, ask, appToken } = bare();
    for (const operation of restOperations) {
      const [method = "", path = ""] = operation.split(" ");
      const answer = await ask(method, path.replaceAll(/\{\w+\}/g, "1"), appToken());
      // An operation without a route answers 404 without this header.
      expect([operation, answer.headers.has("x-ratelimit-limit") || answer.status !== 404]).toEqual([
        operation,
        true,
      ]);
    }
    // Those that want a body had none.
    farEnd.violations.splice(0);
  });

  test("catches a wrong request and a wrong answer", async () => {
    const { farEnd, ask, installationToken } = bare();
    const token = await installationToken();
    const wrong = await ask("POST", `/orgs/${organisation}/invitations`, token, {
      body: { invitee_id: "dee-d" },
    });
    expect(wrong.status).toBe(422);
    expect(farEnd.violations.splice(0)).toEqual([
      "request POST /orgs/{org}/invitations: body/invitee_id must be integer",
    ]);
    const { answer } = contract();
    expect(answer("GET /orgs/{org}/teams/{team_slug}/members", 200, [{ login: "ada-a" }])).not.toEqual([]);
    expect(answer("GET /orgs/{org}/teams/{team_slug}/members", 418, undefined)).not.toEqual([]);
    expect(answer("DELETE /orgs/{org}/invitations/{invitation_id}", 204, {})).not.toEqual([]);
  });
});

test("a restart keeps what happened, and seeding again changes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "github-"));
  try {
    const file = join(folder, "state.db");
    const first = openState(file);
    const before = githubHarness({ state: first });
    const github = await before.client("write")();
    const path = { org: organisation, team_slug: "base" };
    await github.request("PUT /orgs/{org}/teams/{team_slug}/memberships/{username}", {
      ...path,
      username: "dee-d",
    });
    before.farEnd.people.leave("ada-a");
    const state = before.farEnd.snapshot();
    expect(state.teams["base"]).toEqual(["Bo-B"]);
    first.close();
    const second = openState(file);
    expect(githubHarness({ state: second }).farEnd.snapshot()).toEqual(state);
    second.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
