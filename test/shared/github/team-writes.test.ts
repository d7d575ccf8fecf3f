// The real Octokit against our GitHub: each change is sent once and told in our words.
import { expect, test } from "@jest/globals";
import { resolveLogins } from "../../../shared/github/logins.ts";
import { readTeams } from "../../../shared/github/people.ts";
import { teamWrites } from "../../../shared/github/team-writes.ts";
import { day, githubHarness, organisation } from "../../local/github/harness.ts";

const managed = ["base", "full", "public"];

async function ready(options: Parameters<typeof githubHarness>[0] = {}) {
  const world = githubHarness(options);
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
  expect(reasons).toMatchObject([
    { refused: "this person has left or blocked the organisation, or an owner has blocked them" },
    { refused: "this person has left or blocked the organisation, or an owner has blocked them" },
    { refused: "GitHub no longer knows this account", failure: { cause: "no-such-account" } },
    { refused: "this is not a person's account", failure: { cause: "not-a-person" } },
    { refused: "this is not a person's account" },
  ]);
  expect(JSON.stringify(reasons)).not.toMatch(/cy-c|eve-e|some-company/);
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
  await expect(writes.invite({ userId: idOf("dee-d"), teamIds: [base] })).rejects.toThrow(
    /whether the change was made is unknown.*: GitHub did not answer$/,
  );
  faults.add({ farEnd: "github", match: "PUT /orgs", failure: { kind: "status", status: 502 } });
  await expect(writes.addToTeam({ slug: "base", login: "cy-c" })).rejects.toThrow(
    /whether the change was made is unknown.*: GitHub answered 502$/,
  );
  faults.add({ farEnd: "github", match: "PUT /orgs", failure: { kind: "truncated" } });
  await expect(writes.addToTeam({ slug: "base", login: "cy-c" })).rejects.toThrow(
    /the next attempt looks what became of it: .*broken off/,
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
  await expect(writes.addToTeam({ slug: "full", login: "cy-c" })).rejects.toMatchObject({
    failure: { cause: "secondary-rate-limit", lasts: "transient", waitSeconds: 40 },
  });
  clock.moveBy(40_000);
  expect(await writes.removeFromTeam({ slug: "full", login: "ada-a" })).toBe("not-there");
  const github = await client("read")();
  for (let call = 0; call < 4; call += 1) {
    await github.request("GET /orgs/{org}/teams/{team_slug}", { org: organisation, team_slug: "base" });
  }
  await expect(readTeams(client("read"), organisation, managed)).rejects.toMatchObject({
    failure: { cause: "rate-limit", lasts: "transient", waitSeconds: 3540 },
  });
  clock.moveBy(3_540_000);
  expect((await readTeams(client("read"), organisation, managed)).failed).toEqual([]);
});
