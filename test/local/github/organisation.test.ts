// Lists of an organisation that only foreign clients ask for: its members by role, and its teams, page by page.
import { expect, test } from "@jest/globals";
import { z } from "zod";
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
