// Invitations by REST, with the teams that GraphQL knows of them: they meet in a login or an address, or REST tells of both.
import { expect, test } from "@jest/globals";
import { plainOctokit } from "../../../shared/github/octokit.ts";
import { type InvitationLists, readPending } from "../../../shared/github/pending.ts";

const invitation = (id: number, login: string | null, email: string | null = null) => ({
  ...{ id, login, email, created_at: "2031-03-03T10:00:00.000Z" },
});
const all: object[] = [
  // Sent by a person, and by an app.
  {
    ...invitation(1, "Ada-A"),
    role: "direct_member",
    team_count: 2,
    inviter: { login: "owner", type: "User" },
  },
  { ...invitation(2, "bo-b"), inviter: { login: "groundcrew[bot]", type: "Bot" } },
  invitation(3, null, "guest@example.org"),
  invitation(4, null, "other@example.org"),
];
/** Invitations of each team, by REST. */
const ofTeams: Record<string, object[]> = { base: [all[0] ?? {}, all[1] ?? {}], full: [all[0] ?? {}] };

const edge = (databaseId: number, login: string) => ({
  node: { email: null, invitee: { databaseId, login } },
});
const guest = { node: { email: "Guest@example.org", invitee: null } };
const list = (...edges: unknown[]) => ({ teamId: 1, edges });

/** Reads; gives the invitations and the requests. */
async function read(invitations: InvitationLists) {
  const asked: string[] = [];
  const send: typeof fetch = async (input) => {
    const { pathname } = new URL(String(input));
    asked.push(pathname);
    const team = /teams\/(\w+)\//.exec(pathname)?.[1];
    return Response.json(team === undefined ? all : ofTeams[team]);
  };
  const octokit = await plainOctokit({ endpoints: { github: "http://github.test" }, fetch: send });
  return { asked, pending: await readPending(octokit, "hub", ["base", "full"], invitations) };
}

const createdAt = "2031-03-03T10:00:00.000Z";
const whole = "/orgs/hub/invitations";
const byTeam = [whole, "/orgs/hub/teams/base/invitations", "/orgs/hub/teams/full/invitations"];

test("meet in login or address, however they are written", async () => {
  const { asked, pending } = await read([
    list(edge(11, "ada-a"), edge(12, "bo-b")),
    list(edge(11, "ada-a"), guest),
  ]);
  expect(pending).toEqual([
    {
      ...{ invitationId: 1, id: 11, login: "Ada-A", teams: ["base", "full"], createdAt },
      ...{ role: "direct_member", teamCount: 2, isByPerson: true },
    },
    { invitationId: 2, id: 12, login: "bo-b", teams: ["base"], createdAt },
    { invitationId: 3, email: "guest@example.org", teams: ["full"], createdAt },
    { invitationId: 4, email: "other@example.org", teams: [], createdAt },
  ]);
  expect(asked).toEqual([whole]);
});

test("one that leads to no team of ours has none", async () => {
  const { pending } = await read([list(edge(11, "ada-a")), list()]);
  expect(pending.map(({ teams }) => teams)).toEqual([["base"], [], [], []]);
});

const byNumber = [["base", "full"], ["base"], [], []];
test.each([
  ["hidden from the App", "hidden" as const, [undefined, undefined, undefined, undefined]],
  [
    "one hidden by GraphQL",
    [list(edge(11, "ada-a"), { node: null }), list()],
    [11, undefined, undefined, undefined],
  ],
  [
    "one that names nobody",
    [list({ node: { email: null, invitee: null } }), list()],
    [undefined, undefined, undefined, undefined],
  ],
  [
    "one that REST does not know",
    [list(edge(13, "former-f")), list(edge(12, "bo-b"))],
    [undefined, 12, undefined, undefined],
  ],
])("REST tells where they lead: %s", async (_, invitations, ids) => {
  const { asked, pending } = await read(invitations);
  expect(pending.map(({ teams }) => teams)).toEqual(byNumber);
  expect(pending.map(({ id }) => id)).toEqual(ids);
  expect(pending.map((each) => "id" in each)).toEqual(ids.map((id) => id !== undefined));
  expect(asked).toEqual(byTeam);
});

test("of nobody nobody is asked; what cannot be understood is refused", async () => {
  expect(await read("none")).toEqual({ asked: [], pending: [] });
  await expect(read([list({ node: { email: null } }), list()])).rejects.toThrow(/broken off/);
});
