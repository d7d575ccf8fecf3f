// The real Octokit against our GitHub: who a login is.
import { expect, test } from "@jest/globals";
import { resolveLogins } from "../../../shared/github/logins.ts";
import {
  accounts,
  githubHarness,
  organisation,
  people,
  smallOrganisation,
} from "../../local/github/harness.ts";

test("says who belongs to the organisation already, without another request", async () => {
  const { client, requests } = githubHarness();
  const found = await resolveLogins(client("read"), organisation, ["ada-a", "dee-d"]);
  expect(found.get("ada-a")).toMatchObject({ type: "User", member: true });
  expect(found.get("dee-d")).toMatchObject({ type: "User", member: false });
  expect(requests.filter((each) => each === "POST /graphql")).toHaveLength(1);
});

test("tells people, organisations, bots and nobody apart, in any case", async () => {
  const { farEnd, client, requests } = githubHarness();
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
  const { answerNext, client } = githubHarness();
  answerNext({ data: { part0: null } });
  await expect(resolveLogins(client("read"), organisation, ["ada-a"])).rejects.toThrow(/broken off/);
});

test("asks for a hundred at a time", async () => {
  const logins = people(250);
  const { client, requests } = githubHarness({
    world: { ...smallOrganisation, teams: [], users: accounts("Olga-Owner", ...logins) },
  });
  const found = await resolveLogins(client("read"), organisation, logins);
  expect(found.size).toBe(250);
  expect([...found.values()]).not.toContain("not-found");
  expect(requests.filter((each) => each === "POST /graphql")).toHaveLength(3);
});

test("gives the name that a profile shows, in the same request", async () => {
  const { client, requests } = githubHarness({
    world: {
      ...smallOrganisation,
      users: [...smallOrganisation.users, { login: "fay-f", name: "Fay Fontaine" }],
    },
  });
  const found = await resolveLogins(client("read"), organisation, ["fay-f", "dee-d"]);
  expect(found.get("fay-f")).toMatchObject({ login: "fay-f", name: "Fay Fontaine" });
  expect(found.get("dee-d")).not.toHaveProperty("name");
  expect(requests.filter((each) => each === "POST /graphql")).toHaveLength(1);
});
