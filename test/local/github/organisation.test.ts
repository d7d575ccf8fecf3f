// Lists of an organisation that only foreign clients ask for: its members by role, and its teams, page by page.
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { bare } from "./bare.ts";
import { organisation } from "./harness.ts";

const Logins = z.array(z.looseObject({ login: z.string() }));
const Slugs = z.array(z.looseObject({ slug: z.string() }));

test.each([
  ["", ["Olga-Owner", "ada-a", "Bo-B", "cy-c"]],
  ["?role=all", ["Olga-Owner", "ada-a", "Bo-B", "cy-c"]],
  ["?role=admin", ["Olga-Owner"]],
  ["?role=member&per_page=2&page=2", ["cy-c"]],
])("members%s", async (query, logins) => {
  const { farEnd, ask, installationToken } = bare();
  const answer = await ask("GET", `/orgs/${organisation}/members${query}`, await installationToken());
  expect(Logins.parse(await answer.json()).map(({ login }) => login)).toEqual(logins);
  expect(farEnd.violations).toEqual([]);
});

test("teams, two a page", async () => {
  const { farEnd, ask, installationToken } = bare();
  const token = await installationToken();
  const pages = [1, 2, 3].map((page) =>
    ask("GET", `/orgs/${organisation}/teams?per_page=2&page=${page}`, token),
  );
  const slugs = await Promise.all(
    pages.map(async (page) => Slugs.parse(await (await page).json()).map(({ slug }) => slug)),
  );
  expect(slugs).toEqual([["base", "full"], ["public", "hand-made"], []]);
  expect(farEnd.violations).toEqual([]);
});

test("an App without the right to members is refused", async () => {
  const { ask, installationToken } = bare();
  const token = await installationToken({ metadata: "read" });
  for (const list of ["members", "teams"])
    expect((await ask("GET", `/orgs/${organisation}/${list}`, token)).status).toBe(403);
});

test("whoever is put into a team by hand has no live invitation left, and is in its teams", async () => {
  const { farEnd, ask, installationToken } = bare();
  const token = await installationToken();
  const invited = await ask("PUT", `/orgs/${organisation}/teams/full/memberships/dee-d`, token);
  expect(invited.status).toBe(200);
  expect(farEnd.snapshot(organisation).pending.map(({ login }) => login)).toEqual(["dee-d"]);
  farEnd.people.addByHand("public", "dee-d", organisation);
  const { pending, teams } = farEnd.snapshot(organisation);
  expect([pending, teams["public"], teams["full"]?.toSorted()]).toEqual([
    [],
    ["dee-d"],
    ["Olga-Owner", "dee-d"],
  ]);
});

test("pending invitations by role, and page by page", async () => {
  const { ask, installationToken } = bare();
  const token = await installationToken();
  const post = (body: object) => ask("POST", `/orgs/${organisation}/invitations`, token, { body });
  for (const name of ["a", "b", "c"]) await post({ email: `${name}@example.org` });
  await post({ email: "d@example.org", role: "admin" });
  const emails = async (query: string) => {
    const answer = await ask("GET", `/orgs/${organisation}/invitations?${query}`, token);
    return z
      .array(z.looseObject({ email: z.string() }))
      .parse(await answer.json())
      .map(({ email }) => email[0]);
  };
  expect(await emails("role=all")).toHaveLength(4);
  expect(await emails("role=hiring_manager")).toEqual([]);
  expect(await emails("role=admin")).toEqual(["d"]);
  const pages = await Promise.all(
    [1, 2, 3].map((page) => emails(`role=direct_member&per_page=2&page=${page}`)),
  );
  expect(pages.map((page) => page.length)).toEqual([2, 1, 0]);
});

test("nobody is invited in a way that is not kept, or at no address", async () => {
  const { farEnd, ask, installationToken } = bare();
  const token = await installationToken();
  const invitations = `/orgs/${organisation}/invitations`;
  const membership = `/orgs/${organisation}/teams/base/memberships/dee-d`;
  expect((await ask("POST", invitations, token, { body: { email: "nowhere" } })).status).toBe(422);
  expect(
    (await ask("POST", invitations, token, { body: { email: "a@example.org", role: "reinstate" } })).status,
  ).toBe(501);
  expect((await ask("PUT", membership, token, { body: { role: "maintainer" } })).status).toBe(501);
  expect(await (await ask("GET", invitations, token)).json()).toEqual([]);
  expect(farEnd.violations.splice(0)).toHaveLength(2);
});

test("members by a role that is none are not listed", async () => {
  const { farEnd, ask, installationToken } = bare();
  const answer = await ask("GET", `/orgs/${organisation}/members?role=owner`, await installationToken());
  expect(answer.status).toBe(501);
  expect(farEnd.violations.splice(0)).toHaveLength(1);
});
