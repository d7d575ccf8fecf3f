// The real Octokit against our GitHub: teams and invitations are read whole or not at all.
import { expect, test } from "@jest/globals";
import { resolveLogins } from "../../../shared/github/logins.ts";
import { readTeams } from "../../../shared/github/people.ts";
import { teamWrites } from "../../../shared/github/team-writes.ts";
import {
  accounts,
  day,
  githubHarness,
  organisation,
  people,
  smallOrganisation,
  team,
} from "../../local/github/harness.ts";

const managed = ["base", "full", "public"];

test("gives members, live and failed invitations, and who is in charge", async () => {
  const { farEnd, client, clock, requests } = githubHarness();
  const github = client("write");
  const writes = teamWrites(github, organisation);
  const ids = Object.fromEntries((await resolveLogins(github, organisation, ["dee-d", "eve-e"])).entries());
  expect(ids["dee-d"]).toEqual({ id: expect.any(Number), login: "dee-d", type: "User", member: false });
  const first = await readTeams(github, organisation, managed);
  expect(Object.keys(first.teams)).toEqual(managed);
  expect(first.teams["base"]?.members.map(({ login }) => login)).toEqual(["ada-a", "Bo-B"]);
  expect(first.teams["public"]?.members).toEqual([]);
  expect(first).toMatchObject({ owners: ["Olga-Owner"], pending: [], failed: [] });

  const userId = (login: string) => farEnd.people.signUp(login);
  const old = userId("old-o");
  await writes.invite({ userId: old, teamIds: [first.teams["base"]?.id ?? 0] });
  clock.moveBy(8 * day);
  const dee = ids["dee-d"] as { id: number };
  const both = ["base", "full"].map((slug) => first.teams[slug]?.id ?? 0);
  expect(await writes.invite({ userId: dee.id, teamIds: both })).toBe("invited");

  requests.length = 0;
  const read = await readTeams(github, organisation, managed);
  expect(read.pending).toEqual([
    {
      invitationId: 2,
      id: dee.id,
      login: "dee-d",
      teams: ["base", "full"],
      createdAt: "2031-03-11T10:00:00.000Z",
      role: "direct_member",
      teamCount: 2,
    },
  ]);
  expect(read.failed).toEqual([
    {
      invitationId: 1,
      login: "old-o",
      failedAt: "2031-03-10T10:00:00.000Z",
      reason: "Invitation expired. User did not accept this invite for 7 days.",
    },
  ]);
  expect(requests.sort()).toEqual([
    "GET /orgs/Sample-Hub/failed_invitations",
    "GET /orgs/Sample-Hub/invitations",
    "POST /graphql",
  ]);
  expect(farEnd.violations).toEqual([]);
});

test("sees an invitation that went to an address, and reads invitations in pages", async () => {
  const { farEnd, client } = githubHarness({ limits: { invitationsPerDay: 200, writesPerMinute: 200 } });
  const github = client("write");
  const octokit = await github();
  const { teams } = await readTeams(github, organisation, managed);
  await octokit.request("POST /orgs/{org}/invitations", {
    org: organisation,
    email: "guest@example.org",
    team_ids: [teams["full"]?.id ?? 0],
  });
  for (const login of people(120, "new")) {
    const userId = farEnd.people.signUp(login);
    await teamWrites(github, organisation).invite({ userId, teamIds: [teams["base"]?.id ?? 0] });
  }
  const { pending } = await readTeams(github, organisation, managed);
  expect(pending).toHaveLength(121);
  expect(pending[0]).toMatchObject({ email: "guest@example.org", teams: ["full"] });
  expect(pending[0]).not.toHaveProperty("login");
  expect(pending.slice(1).every(({ teams: [only] }) => only === "base")).toBe(true);
  expect(farEnd.violations).toEqual([]);
});

test("60 people cost four requests, sign-in included", async () => {
  const logins = people(60);
  const { client, requests } = githubHarness({
    world: {
      ...smallOrganisation,
      teams: [team("base", ...logins)],
      users: accounts("Olga-Owner", ...logins),
    },
  });
  const { teams } = await readTeams(client("read"), organisation, ["base"]);
  expect(teams["base"]?.members.map(({ login }) => login)).toEqual(logins);
  expect(requests).toHaveLength(4);
});

test.each([
  ["one team", (logins: string[]) => [team("base", ...logins)], 20],
  [
    "four",
    (logins: string[]) => [0, 1, 2, 3].map((k) => team(`t${k}`, ...logins.slice(k * 750, k * 750 + 750))),
    10,
  ],
])("3,000 people in %s are read whole within the budget", async (_, teamsOf, most) => {
  const logins = people(3000);
  const teams = teamsOf(logins);
  const { client, requests, farEnd } = githubHarness({
    world: { ...smallOrganisation, teams, users: accounts("Olga-Owner", ...logins) },
  });
  const read = await readTeams(
    client("read"),
    organisation,
    teams.map(({ slug }) => slug),
  );
  const found = Object.values(read.teams).flatMap(({ members }) => members.map(({ login }) => login));
  expect(found.sort()).toEqual(logins);
  expect(requests.length).toBeLessThanOrEqual(most);
  expect(farEnd.violations).toEqual([]);
});

test("a missing team is named and nobody takes it for an empty one", async () => {
  const { farEnd, client } = githubHarness();
  farEnd.people.renameTeam("full", "fuller");
  await expect(readTeams(client("read"), organisation, managed)).rejects.toMatchObject({
    name: "Permanent",
    explanation: { what: "GitHub has no team full in this organisation" },
  });
});

test("what GitHub answers with errors, cut short, or changed meanwhile is refused", async () => {
  const logins = people(450);
  const world = {
    ...smallOrganisation,
    teams: [team("base", ...logins)],
    users: accounts("Olga-Owner", ...logins, "late-l"),
  };
  const { farEnd, faults, answerNext, client, send } = githubHarness({ world });
  const read = (github = client("read")) => readTeams(github, organisation, ["base"]);
  answerNext({
    data: { organization: { part0: null } },
    errors: [{ type: "SERVICE_UNAVAILABLE", message: "x" }],
  });
  await expect(read()).rejects.toMatchObject({ failure: { cause: "timeout", lasts: "transient" } });
  answerNext({ data: { organization: {} } });
  await expect(read()).rejects.toThrow(/broken off/);
  faults.add({ farEnd: "github", match: "POST /graphql", at: 2, failure: { kind: "truncated" } });
  await expect(read()).rejects.toThrow(/broken off/);
  faults.add({ farEnd: "github", match: "failed_invitations", failure: { kind: "truncated" } });
  await expect(read()).rejects.toThrow(/broken off/);
  answerNext({ message: "Bad Gateway" }, 502);
  await expect(read()).rejects.toThrow(/answered 502/);

  let rounds = 0;
  const moving: typeof send = async (input, init) => {
    const response = await send(input, init);
    if (String(input).endsWith("/graphql") && ++rounds === 2) farEnd.people.addByHand("base", "late-l");
    return response;
  };
  await expect(read(client("read", undefined, moving))).rejects.toThrow(/changed while it was read/);
  expect((await read()).teams["base"]?.members).toHaveLength(451);
});

test("nobody goes missing when somebody leaves between two pages", async () => {
  const logins = people(301);
  const world = {
    ...smallOrganisation,
    teams: [team("base", ...logins)],
    users: accounts("Olga-Owner", ...logins),
  };
  const { farEnd, client, send } = githubHarness({ world });
  let rounds = 0;
  const moving: typeof send = async (input, init) => {
    const response = await send(input, init);
    if (String(input).endsWith("/graphql") && ++rounds === 1) farEnd.people.leave("p-0005");
    return response;
  };
  const read = readTeams(client("read", undefined, moving), organisation, ["base"]);
  await expect(read).rejects.toThrow(/changed while it was read/);
});

test("asks REST for the teams of invitations when GraphQL and REST name people differently", async () => {
  const { farEnd, client, send } = githubHarness();
  farEnd.people.signUp("renamed-r");
  const other: typeof send = async (input, init) => {
    const response = await send(input, init);
    if (!String(input).endsWith("/graphql")) return response;
    return new Response((await response.text()).replaceAll("renamed-r", "former-f"), response);
  };
  const github = client("write", undefined, other);
  await teamWrites(github, organisation).addToTeam({ slug: "full", login: "renamed-r" });
  const { pending } = await readTeams(github, organisation, managed);
  expect(pending).toMatchObject([{ login: "renamed-r", teams: ["full"] }]);
});

test("an invitee whom GraphQL counts and hides stops nobody: REST tells where the invitations lead", async () => {
  const { farEnd, client, send } = githubHarness();
  for (const login of ["hidden-h", "seen-s"]) farEnd.people.signUp(login);
  const github = client("write", undefined, hiding);
  for (const login of ["hidden-h", "seen-s"])
    await teamWrites(github, organisation).addToTeam({ slug: "full", login });
  const { pending } = await readTeams(github, organisation, managed);
  expect(pending).toMatchObject([
    { login: "hidden-h", teams: ["full"] },
    { login: "seen-s", teams: ["full"] },
  ]);

  async function hiding(input: Parameters<typeof send>[0], init?: RequestInit): Promise<Response> {
    const response = await send(input, init);
    if (!String(input).endsWith("/graphql")) return response;
    let hidden = 0;
    const body = JSON.stringify(await response.json(), (key, value: unknown) => {
      if (key !== "node" || !JSON.stringify(value).includes("hidden-h")) return value;
      hidden += 1;
      return null;
    });
    expect(hidden).toBe(1);
    return new Response(body, response);
  }
});

test("a member of a team who is hidden makes the list none that is whole", async () => {
  const { client, send } = githubHarness();
  const hiding: typeof send = async (input, init) => {
    const response = await send(input, init);
    if (!String(input).endsWith("/graphql")) return response;
    const body = JSON.stringify(await response.json(), (key, value: unknown) =>
      key === "node" && JSON.stringify(value).includes("ada-a") ? null : value,
    );
    return new Response(body, response);
  };
  await expect(readTeams(client("read", undefined, hiding), organisation, managed)).rejects.toThrow(
    /broken off/,
  );
});

test("finds the teams of invitations by REST where GraphQL hides them", async () => {
  const { farEnd, answerNext, client } = githubHarness();
  const github = client("write");
  const { teams } = await readTeams(github, organisation, managed);
  const dee = (await resolveLogins(github, organisation, ["DEE-d"])).get("dee-d") as { id: number };
  await teamWrites(github, organisation).invite({ userId: dee.id, teamIds: [teams["full"]?.id ?? 0] });
  const errors = [
    {
      type: "FORBIDDEN",
      path: ["organization", "part4", "page"],
      message: "Resource not accessible by integration",
    },
  ];
  answerNext({ data: {}, errors });
  const read = await readTeams(github, organisation, managed);
  expect(read.pending).toMatchObject([{ invitationId: 1, login: "dee-d", teams: ["full"] }]);
  expect(read.teams["base"]?.members).toHaveLength(2);
  expect(farEnd.violations).toEqual([]);
});

test("a failed invitation went to a login or an address, at a time or at none that is told", async () => {
  const { client, send } = githubHarness();
  const created_at = "2031-03-03T10:00:00Z";
  const failed = [
    {
      id: 1,
      login: null,
      email: "guest@example.org",
      created_at,
      failed_at: created_at,
      failed_reason: "no",
    },
    { id: 2, login: "old-o", email: null, created_at, failed_at: null },
    { id: 3, login: "new-n", email: null, created_at },
  ];
  const failing: typeof send = async (input, init) =>
    String(input).includes("/failed_invitations") ? Response.json(failed) : send(input, init);
  const read = await readTeams(client("read", undefined, failing), organisation, managed);
  expect(read.failed).toEqual([
    { invitationId: 1, email: "guest@example.org", failedAt: "2031-03-03T10:00:00.000Z", reason: "no" },
    { invitationId: 2, login: "old-o", reason: "" },
    { invitationId: 3, login: "new-n", reason: "" },
  ]);
});
