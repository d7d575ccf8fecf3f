// The real Octokit against our GitHub: reading whole or not at all, and each change told in our words.
import { describe, expect, test } from "@jest/globals";
import { serveFarEnd } from "../../local/far-end.ts";
import { readTeams, resolveLogins, teamWrites } from "../../shared/github/people.ts";
import { accounts, day, githubWorld, organisation, smallWorld, team } from "../local/github-world.ts";

const managed = ["base", "full", "public"];
const people = (count: number, prefix = "p") =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(4, "0")}`);
const explanation = (error: unknown) => (error as { explanation?: object }).explanation;
const thrown = async (work: Promise<unknown>): Promise<Error & { retryAfterSeconds?: number }> => {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
};

describe("reading the teams", () => {
  test("gives members, live and failed invitations, and who is in charge", async () => {
    const { farEnd, client, clock, requests } = githubWorld();
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
    const { farEnd, client } = githubWorld({ limits: { invitationsPerDay: 200, writesPerMinute: 200 } });
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
    const { client, requests } = githubWorld({
      world: { ...smallWorld, teams: [team("base", ...logins)], users: accounts("Olga-Owner", ...logins) },
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
    const { client, requests, farEnd } = githubWorld({
      world: { ...smallWorld, teams, users: accounts("Olga-Owner", ...logins) },
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
    const { farEnd, client } = githubWorld();
    farEnd.people.renameTeam("full", "fuller");
    const error = await thrown(readTeams(client("read"), organisation, managed));
    expect(error.name).toBe("Permanent");
    expect(explanation(error)).toMatchObject({ what: "GitHub has no team full in this organisation" });
  });

  test("what GitHub answers with errors, cut short, or changed meanwhile is refused", async () => {
    const logins = people(450);
    const world = {
      ...smallWorld,
      teams: [team("base", ...logins)],
      users: accounts("Olga-Owner", ...logins, "late-l"),
    };
    const { farEnd, faults, client, send } = githubWorld({ world });
    const json = { "content-type": "application/json" };
    const read = (github = client("read")) => readTeams(github, organisation, ["base"]);
    const answer = (body: object, status = 200) =>
      faults.add({
        farEnd: "github",
        match: "POST /graphql",
        failure: { kind: "status", status, body: JSON.stringify(body), headers: json },
      });
    answer({
      data: { organization: { part0: null } },
      errors: [{ type: "SERVICE_UNAVAILABLE", message: "x" }],
    });
    expect((await thrown(read())).message).toMatch(/answered with errors/);
    answer({ data: { organization: {} } });
    expect((await thrown(read())).message).toMatch(/could not be read/);
    faults.add({ farEnd: "github", match: "POST /graphql", at: 2, failure: { kind: "truncated" } });
    expect((await thrown(read())).message).toMatch(/could not be read/);
    faults.add({ farEnd: "github", match: "failed_invitations", failure: { kind: "truncated" } });
    expect((await thrown(read())).message).toMatch(/could not be read/);
    answer({ message: "Bad Gateway" }, 502);
    expect((await thrown(read())).message).toMatch(/answered 502/);

    let rounds = 0;
    const moving: typeof send = async (input, init) => {
      const response = await send(input, init);
      if (String(input).endsWith("/graphql") && ++rounds === 2) farEnd.people.addByHand("base", "late-l");
      return response;
    };
    const error = await thrown(read(client("read", undefined, moving)));
    expect(error.message).toMatch(/changed while it was read/);
    expect((await read()).teams["base"]?.members).toHaveLength(451);
  });

  test("nobody goes missing when somebody leaves between two pages", async () => {
    const logins = people(301);
    const world = {
      ...smallWorld,
      teams: [team("base", ...logins)],
      users: accounts("Olga-Owner", ...logins),
    };
    const { farEnd, client, send } = githubWorld({ world });
    let rounds = 0;
    const moving: typeof send = async (input, init) => {
      const response = await send(input, init);
      if (String(input).endsWith("/graphql") && ++rounds === 1) farEnd.people.leave("p-0005");
      return response;
    };
    const error = await thrown(readTeams(client("read", undefined, moving), organisation, ["base"]));
    expect(error.message).toMatch(/changed while it was read/);
  });

  test("asks REST for the teams of invitations when GraphQL and REST name people differently", async () => {
    const { farEnd, client, send } = githubWorld();
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

  test("finds the teams of invitations by REST where GraphQL hides them", async () => {
    const { farEnd, faults, client } = githubWorld();
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
    faults.add({
      farEnd: "github",
      match: "POST /graphql",
      failure: {
        kind: "status",
        status: 200,
        body: JSON.stringify({ data: {}, errors }),
        headers: { "content-type": "application/json" },
      },
    });
    const read = await readTeams(github, organisation, managed);
    expect(read.pending).toMatchObject([{ invitationId: 1, login: "dee-d", teams: ["full"] }]);
    expect(read.teams["base"]?.members).toHaveLength(2);
    expect(farEnd.violations).toEqual([]);
  });
});

describe("looking up logins", () => {
  test("says who belongs to the organisation already, without another request", async () => {
    const { client, requests } = githubWorld();
    const found = await resolveLogins(client("read"), organisation, ["ada-a", "dee-d"]);
    expect(found.get("ada-a")).toMatchObject({ type: "User", member: true });
    expect(found.get("dee-d")).toMatchObject({ type: "User", member: false });
    expect(requests.filter((each) => each === "POST /graphql")).toHaveLength(1);
  });

  test("tells people, organisations, bots and nobody apart, in any case", async () => {
    const { farEnd, client, requests } = githubWorld();
    farEnd.people.suspend("eve-e");
    const found = await resolveLogins(client("read"), organisation, [
      "ADA-A",
      "ada-a",
      "Some-Company",
      "helper[bot]",
      "ghost[bot]",
      "nobody-n",
      "eve-e",
      'odd " name',
    ]);
    expect(
      Object.fromEntries([...found].map(([login, is]) => [login, is === "not-found" ? is : is.type])),
    ).toEqual({
      "ada-a": "User",
      "some-company": "Organization",
      "helper[bot]": "Bot",
      "ghost[bot]": "not-found",
      "nobody-n": "not-found",
      "eve-e": "not-found",
      'odd " name': "not-found",
    });
    expect(requests.filter((each) => each === "POST /graphql")).toHaveLength(2);
    expect(farEnd.violations).toEqual([]);
  });

  test("takes silence for no proof that a name is nobody's", async () => {
    const { faults, client } = githubWorld();
    faults.add({
      farEnd: "github",
      match: "POST /graphql",
      failure: {
        kind: "status",
        status: 200,
        body: '{"data":{"part0":null}}',
        headers: { "content-type": "application/json" },
      },
    });
    expect((await thrown(resolveLogins(client("read"), organisation, ["ada-a"]))).message).toMatch(
      /could not be read/,
    );
  });

  test("asks for a hundred at a time", async () => {
    const logins = people(250);
    const { client, requests } = githubWorld({
      world: { ...smallWorld, teams: [], users: accounts("Olga-Owner", ...logins) },
    });
    const found = await resolveLogins(client("read"), organisation, logins);
    expect(found.size).toBe(250);
    expect([...found.values()]).not.toContain("not-found");
    expect(requests.filter((each) => each === "POST /graphql")).toHaveLength(3);
  });
});

describe("the changes", () => {
  async function ready(options: Parameters<typeof githubWorld>[0] = {}) {
    const world = githubWorld(options);
    const github = world.client("write");
    const { teams } = await readTeams(github, organisation, managed);
    const found = await resolveLogins(github, organisation, [
      "ada-a",
      "cy-c",
      "dee-d",
      "eve-e",
      "some-company",
    ]);
    const idOf = (login: string): number => {
      const account = found.get(login);
      if (account === undefined || account === "not-found") throw new Error("no such account");
      return account.id;
    };
    return { ...world, writes: teamWrites(github, organisation), base: teams["base"]?.id ?? 0, idOf };
  }

  test("an invitation is accepted into all its teams", async () => {
    const { farEnd, writes, base, idOf } = await ready();
    expect(await writes.invite({ userId: idOf("dee-d"), teamIds: [base] })).toBe("invited");
    expect(await writes.addToTeam({ slug: "full", login: "DEE-D" })).toBe("invited");
    expect(farEnd.snapshot().pending).toMatchObject([{ login: "dee-d", teams: ["base", "full"] }]);
    farEnd.people.accept("dee-d");
    const { teams, pending, members } = farEnd.snapshot();
    expect(teams).toMatchObject({ base: ["ada-a", "Bo-B", "dee-d"], full: ["dee-d", "Olga-Owner"] });
    expect(pending).toEqual([]);
    expect(members).toContainEqual({ id: idOf("dee-d"), login: "dee-d", role: "member" });
    expect(farEnd.violations).toEqual([]);
  });

  test("members and invited people are told from the daily limit", async () => {
    const { farEnd, clock, writes, base, idOf } = await ready({ limits: { invitationsPerDay: 1 } });
    expect(await writes.invite({ userId: idOf("dee-d"), teamIds: [base] })).toBe("invited");
    expect(await writes.invite({ userId: idOf("eve-e"), teamIds: [base] })).toBe("over-limit");
    expect(await writes.addToTeam({ slug: "base", login: "eve-e" })).toBe("over-limit");
    expect(await writes.addToTeam({ slug: "base", login: "cy-c" })).toBe("added");
    clock.moveBy(day);
    expect(await writes.invite({ userId: idOf("cy-c"), teamIds: [base] })).toBe("already");
    expect(await writes.invite({ userId: idOf("dee-d"), teamIds: [base] })).toBe("already");
    expect(farEnd.snapshot().pending.map(({ login }) => login)).toEqual(["dee-d"]);
    expect(farEnd.snapshot().teams["base"]).toEqual(["ada-a", "Bo-B", "cy-c"]);
  });

  test("what stands against one person comes back as a reason without their name", async () => {
    const { farEnd, writes, base, idOf } = await ready();
    farEnd.people.block("cy-c");
    farEnd.people.suspend("eve-e");
    const reasons = [
      await writes.invite({ userId: idOf("cy-c"), teamIds: [base] }),
      await writes.addToTeam({ slug: "base", login: "cy-c" }),
      await writes.invite({ userId: idOf("eve-e"), teamIds: [base] }),
      await writes.invite({ userId: idOf("some-company"), teamIds: [base] }),
      await writes.addToTeam({ slug: "base", login: "some-company" }),
    ];
    expect(reasons).toEqual([
      { refused: "this person has blocked the organisation, or left it for good" },
      { refused: "this person has blocked the organisation, or left it for good" },
      { refused: "GitHub no longer knows this account" },
      { refused: "this is not a person's account" },
      { refused: "this is not a person's account" },
    ]);
    expect(await writes.addToTeam({ slug: "base", login: "nobody-n" })).toBe("no-such-user");
    expect(farEnd.snapshot().pending).toEqual([]);
  });

  test("removing ends a membership, a pending one too, and tells when there was none", async () => {
    const { farEnd, writes, base, idOf } = await ready();
    await writes.invite({ userId: idOf("dee-d"), teamIds: [base] });
    expect(await writes.removeFromTeam({ slug: "base", login: "ADA-a" })).toBe("removed");
    expect(await writes.removeFromTeam({ slug: "base", login: "ada-a" })).toBe("not-there");
    expect(await writes.removeFromTeam({ slug: "base", login: "dee-d" })).toBe("removed");
    expect(farEnd.snapshot()).toMatchObject({
      teams: { base: ["Bo-B"] },
      pending: [{ login: "dee-d", teams: [] }],
    });
    expect(await writes.cancelInvitation(1)).toBe("cancelled");
    expect(await writes.cancelInvitation(1)).toBe("not-there");
    expect(farEnd.snapshot().members.map(({ login }) => login)).toContain("ada-a");
    expect(farEnd.snapshot().pending).toEqual([]);
  });

  test("an unknown outcome is sent once and said to be unknown", async () => {
    const { farEnd, faults, requests, writes, base, idOf } = await ready();
    requests.length = 0;
    faults.add({ farEnd: "github", match: "POST /orgs", failure: { kind: "lost-answer" } });
    const lost = await thrown(writes.invite({ userId: idOf("dee-d"), teamIds: [base] }));
    expect(lost.message).toMatch(/did not answer; whether the change was made is unknown/);
    faults.add({ farEnd: "github", match: "PUT /orgs", failure: { kind: "status", status: 502 } });
    const failed = await thrown(writes.addToTeam({ slug: "base", login: "cy-c" }));
    expect(failed.message).toMatch(/answered 502; whether the change was made is unknown/);
    faults.add({ farEnd: "github", match: "PUT /orgs", failure: { kind: "truncated" } });
    expect((await thrown(writes.addToTeam({ slug: "base", login: "cy-c" }))).message).toMatch(
      /could not be read/,
    );
    expect(requests).toHaveLength(3);
    expect(farEnd.snapshot()).toMatchObject({
      pending: [{ login: "dee-d", teams: ["base"] }],
      teams: { base: ["ada-a", "Bo-B", "cy-c"] },
    });
  });

  test("a limit says how long to wait, by GitHub's own clock", async () => {
    const { clock, writes, client } = await ready({ limits: { writesPerMinute: 2, perHour: 8 } });
    await writes.removeFromTeam({ slug: "full", login: "cy-c" });
    clock.moveBy(20_000);
    await writes.removeFromTeam({ slug: "full", login: "cy-c" });
    const secondary = await thrown(writes.addToTeam({ slug: "full", login: "cy-c" }));
    expect(secondary).toMatchObject({ name: "Error", retryAfterSeconds: 40 });
    clock.moveBy(40_000);
    expect(await writes.removeFromTeam({ slug: "full", login: "ada-a" })).toBe("not-there");
    const github = await client("read")();
    for (let call = 0; call < 4; call += 1) {
      await github.request("GET /orgs/{org}/teams/{team_slug}", { org: organisation, team_slug: "base" });
    }
    const primary = await thrown(readTeams(client("read"), organisation, managed));
    expect(primary).toMatchObject({ name: "Error", retryAfterSeconds: 3540 });
    clock.moveBy(3_540_000);
    expect((await readTeams(client("read"), organisation, managed)).failed).toEqual([]);
  });
});

describe("signing in", () => {
  const failing = async (options: Parameters<typeof githubWorld>[0]) =>
    explanation(await thrown(readTeams(githubWorld(options).client("write"), organisation, managed)));

  test("says in a person's words what is missing", async () => {
    expect(await failing({ permissions: { members: "read" } })).toMatchObject({
      why: "the App lacks the organisation permission Members: Read and write",
    });
    expect(await failing({ permissions: { metadata: "read" } })).toMatchObject({
      why: "the App lacks the organisation permission Members: Read and write",
    });
    expect(await failing({ organisation: "elsewhere" })).toMatchObject({
      what: "GitHub does not know the App in this organisation",
    });
    const { generateKeyPairSync } = await import("node:crypto");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(await failing({ key })).toMatchObject({ what: "GitHub did not accept the App's key" });
  });

  test("a reader's token cannot write", async () => {
    const { farEnd, client } = githubWorld();
    const writes = teamWrites(client("read"), organisation);
    const error = await thrown(writes.removeFromTeam({ slug: "base", login: "ada-a" }));
    expect(explanation(error)).toMatchObject({
      why: "the App lacks the organisation permission Members: Read and write",
    });
    expect(farEnd.snapshot().teams["base"]).toEqual(["ada-a", "Bo-B"]);
  });

  test("a token that GitHub has forgotten is replaced once, and one is used for many requests", async () => {
    const { client, state, requests } = githubWorld();
    const github = client("read");
    await readTeams(github, organisation, managed);
    state.exec("DELETE FROM github_token");
    await readTeams(github, organisation, managed);
    expect(requests.filter((each) => each.endsWith("/access_tokens"))).toHaveLength(2);
    expect(requests.filter((each) => each.endsWith("/installation"))).toHaveLength(1);
  });

  test("the same over a port", async () => {
    const { farEnd, faults, client } = githubWorld();
    const served = await serveFarEnd(farEnd);
    try {
      const github = client("write", served.url, fetch);
      const { teams } = await readTeams(github, organisation, managed);
      expect(teams["base"]?.members.map(({ login }) => login)).toEqual(["ada-a", "Bo-B"]);
      faults.add({ farEnd: "github", match: "PUT", failure: { kind: "lost-answer" } });
      const lost = await thrown(teamWrites(github, organisation).addToTeam({ slug: "base", login: "cy-c" }));
      expect(lost.message).toMatch(/did not answer; whether/);
      expect(farEnd.snapshot().teams["base"]).toEqual(["ada-a", "Bo-B", "cy-c"]);
    } finally {
      await served.close();
    }
  });
});
