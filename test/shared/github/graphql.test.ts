// Lists by GraphQL over a scripted GitHub, whose pages are whatever a test says: a list is whole, or it is refused.
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { askGraphql, type Listing, readingTeams, readListings } from "../../../shared/github/graphql.ts";
import { plainOctokit } from "../../../shared/github/octokit.ts";

type Asked = { query: string; variables: Record<string, string> };

/** A client whose questions are answered in turn. */
async function scripted(...answers: readonly object[]) {
  const asked: Asked[] = [];
  const send: typeof fetch = async (_, init) => {
    asked.push(JSON.parse(String(init?.body)));
    return Response.json(answers[asked.length - 1] ?? {});
  };
  return { asked, octokit: await plainOctokit({ endpoints: { github: "http://github.test" }, fetch: send }) };
}

/** People from the first to the last, as edges. */
const edges = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => ({
    cursor: `at ${first + index}`,
    node: { databaseId: first + index },
  }));
const page = (totalCount: number, [first, last]: [number, number]) => ({
  totalCount,
  pageInfo: { startCursor: `at ${first}`, endCursor: `at ${last}` },
  edges: edges(first, last),
});
const answer = (...parts: unknown[]) => ({
  data: { organization: Object.fromEntries(parts.map((part, index) => [`part${index}`, part])) },
});
const ofTeam = (...of: Parameters<typeof page>) => ({ databaseId: 7, page: page(...of) });
const listing: Listing = { team: "base", field: "members", edge: "node { databaseId }" };
const pending: Listing = { field: "pendingMembers", edge: "node { databaseId }" };

async function read(listings: readonly Listing[], ...answers: readonly object[]) {
  const { asked, octokit } = await scripted(...answers);
  const lists = await readListings(octokit, "hub", listings);
  return { asked, lists };
}
/** Numbers of the people in a list, in order. */
const Edge = z.object({ node: z.object({ databaseId: z.number() }) });
const ids = (list: { edges: unknown[] } | undefined) =>
  list?.edges.map((edge) => Edge.parse(edge).node.databaseId).sort((a, b) => a - b);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("a list is whole", () => {
  test("of no page, one, and two that are asked for one after another", async () => {
    const none = await read(
      [listing],
      answer({
        databaseId: 7,
        page: { ...page(0, [1, 0]), pageInfo: { startCursor: null, endCursor: null } },
      }),
    );
    expect([none.lists, none.asked.length]).toEqual([[{ teamId: 7, edges: [] }], 1]);
    const one = await read([listing], answer(ofTeam(100, [1, 100])));
    expect([ids(one.lists[0]), one.asked.length]).toEqual([upTo(100), 1]);
    const two = await read([listing], answer(ofTeam(101, [1, 100])), answer(ofTeam(101, [101, 101])));
    expect(ids(two.lists[0])).toEqual(upTo(101));
    expect(two.asked.map(({ variables }) => variables)).toEqual([
      { organisation: "hub", team0: "base" },
      { organisation: "hub", team0: "base", cursor0: "at 100" },
    ]);
    expect(two.asked[1]?.query).toContain("members(first: 100, after: $cursor0)");
  });

  test("that is long is read from both ends at once, until what is left is a page", async () => {
    const { lists, asked } = await read(
      [listing],
      answer(ofTeam(450, [1, 100])),
      answer(ofTeam(450, [101, 200]), ofTeam(450, [351, 450])),
      answer(ofTeam(450, [201, 300]), ofTeam(450, [251, 350])),
    );
    expect(ids(lists[0])).toEqual(upTo(450));
    expect(
      asked.map(({ query }) => query.match(/(?:first|last): 100(?:, (?:after|before): \$cursor\d)?/g)),
    ).toEqual([
      ["first: 100"],
      ["first: 100, after: $cursor0", "last: 100"],
      ["first: 100, after: $cursor0", "last: 100, before: $cursor1"],
    ]);
    expect(asked[2]?.variables).toMatchObject({ cursor0: "at 200", cursor1: "at 351" });
    const page3 = await read([listing], answer(ofTeam(200, [1, 100])), answer(ofTeam(200, [101, 200])));
    expect([ids(page3.lists[0]), page3.asked.length]).toEqual([upTo(200), 2]);
  });

  test("is not asked for again beside one that is longer; one of the organisation has no team", async () => {
    const { lists, asked } = await read(
      [pending, listing],
      answer(page(1, [1, 1]), ofTeam(101, [1, 100])),
      answer(ofTeam(101, [101, 101])),
    );
    expect(lists.map(({ teamId, edges }) => [teamId, edges.length])).toEqual([
      [undefined, 1],
      [7, 101],
    ]);
    expect(asked[0]?.query).toContain("part0: pendingMembers(first: 100)");
    expect(asked[1]?.query).not.toContain("pendingMembers");
  });

  test("of everybody once, though a page begins with who ended the one before", async () => {
    const [again] = edges(100, 100).map((edge) => ({ ...edge, cursor: "elsewhere" }));
    const second = { ...page(101, [101, 101]), edges: [again, ...edges(101, 101)] };
    const { lists } = await read(
      [listing],
      answer(ofTeam(101, [1, 100])),
      answer({ databaseId: 7, page: second }),
    );
    expect(ids(lists[0])).toEqual(upTo(101));
  });

  test("of those who are hidden too, each by itself", async () => {
    const hidden = (cursor: string) => ({ cursor, node: null });
    const { lists } = await read(
      [pending],
      answer({ ...page(3, [1, 1]), edges: [hidden("a"), hidden("b"), ...edges(1, 1)] }),
    );
    expect(lists[0]?.edges).toHaveLength(3);
  });
});

describe("a list is refused", () => {
  const changed = { failure: { cause: "changed-while-read", lasts: "transient" } };
  const unreadable = { message: expect.stringMatching(/broken off/) };
  const noTeam = { failure: { cause: "team-unknown", lasts: "lasting" } };
  const cases: [string, object[], object][] = [
    ["whose page brings nobody new", [answer(ofTeam(150, [1, 100])), answer(ofTeam(150, [1, 100]))], changed],
    ["whose first page is empty", [answer(ofTeam(150, [1, 0]))], changed],
    ["that has grown", [answer(ofTeam(150, [1, 100])), answer(ofTeam(151, [101, 151]))], changed],
    ["that has shrunk", [answer(ofTeam(150, [1, 100])), answer(ofTeam(149, [101, 149]))], changed],
    ["with more than it counts", [answer(ofTeam(99, [1, 100]))], changed],
    ["of a team that is gone", [answer(null)], noTeam],
    ["without a page", [answer({ databaseId: 7 })], unreadable],
    [
      "without its count",
      [answer({ databaseId: 7, page: { ...page(1, [1, 1]), totalCount: null } })],
      unreadable,
    ],
    ["without an organisation", [{ data: { organization: null } }], unreadable],
    ["without an answer", [{}], unreadable],
    ["with data that is none", [{ data: null, errors: [] }], unreadable],
    [
      "by a limit that is a message alone",
      [{ message: "You have exceeded a secondary rate limit" }],
      { failure: { lasts: "transient" } },
    ],
  ];
  test.each(cases)("%s", async (_, answers, expected) => {
    await expect(read([listing], ...answers)).rejects.toMatchObject(expected);
  });

  test("of the organisation: nothing is no team that is gone", async () => {
    await expect(read([pending], answer(null))).rejects.toMatchObject(unreadable);
  });
});

describe("errors in an answer", () => {
  const forbidden = (part: string) => ({
    type: "FORBIDDEN",
    path: ["organization", part],
    message: "Resource not accessible by integration",
  });
  const invitations: Listing = { team: "base", field: "invitations", edge: "node { id }" };
  const failing = (listings: readonly Listing[], ...errors: object[]) =>
    read(listings, { data: { organization: {} }, errors }).catch(
      (error: unknown) => error instanceof Error && error.message,
    );

  test("have a way around them where they are of invitations alone", async () => {
    const around = "the App may not read invitations by GraphQL";
    expect(await failing([listing, invitations, pending], forbidden("part1"), forbidden("part2"))).toBe(
      around,
    );
    expect(await failing([listing, invitations], forbidden("part0"), forbidden("part1"))).not.toBe(around);
    expect(
      await failing([listing, invitations], forbidden("part1"), { type: "NOT_FOUND", message: "no" }),
    ).not.toBe(around);
    expect(
      await failing([invitations], {
        type: "SERVICE_UNAVAILABLE",
        path: ["organization", "part0"],
        message: "x",
      }),
    ).not.toBe(around);
  });

  test("of which nobody knows what they are about have none, nor have those of several kinds", async () => {
    const { path: _, ...lost } = forbidden("part0");
    for (const errors of [[lost], [forbidden("part0"), { type: "NOT_FOUND", message: "no" }]])
      await expect(read([invitations], { data: { organization: {} }, errors })).rejects.toMatchObject({
        failure: { service: "github" },
      });
  });

  test("are handed on beside the data, save a limit, which speaks for all of them", async () => {
    const errors = [{ type: "NOT_FOUND", message: "no such user" }];
    const { octokit } = await scripted({ data: { a: 1 }, errors });
    expect(await askGraphql(octokit, "query", {}, readingTeams)).toMatchObject({ data: { a: 1 }, errors });
    for (const limit of [
      { type: "RATE_LIMITED", message: "slow" },
      { code: "RATE_LIMITED", message: "slow" },
      { message: "API rate limit exceeded" },
    ]) {
      const limited = await scripted({ data: { a: 1 }, errors: [...errors, limit] });
      await expect(askGraphql(limited.octokit, "query", {}, readingTeams)).rejects.toMatchObject({
        failure: { service: "github", lasts: "transient" },
      });
    }
  });
});
