// GitHub's repositories at the far end: who may call, what is refused and in which words, and that git's rules hold.
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { fork, repositories, upstream } from "./repositories-harness.ts";

const messageOf = (json: unknown): string => JSON.stringify(json);

test("an unknown token is nobody; without one nothing is told; the App's own has no say here", async () => {
  const { ask } = repositories();
  expect((await ask("GET", `/repos/${upstream}`, undefined, "token ghp_another")).status).toBe(401);
  expect((await ask("GET", `/repos/${upstream}`, undefined, "")).status).toBe(401);
  expect((await ask("GET", "/repos/nobody/nothing")).status).toBe(404);
  expect((await ask("GET", "/orgs/operator/invitations")).status).toBe(404);
});

test("only one's own repository is written", async () => {
  const { ask, farEnd, main } = repositories();
  const before = main();
  for (const [method, path, body] of [
    [
      "POST",
      `/repos/${upstream}/git/trees`,
      { tree: [{ path: "x", mode: "100644", type: "blob", content: "x" }] },
    ],
    ["POST", `/repos/${upstream}/git/refs`, { ref: "refs/heads/x", sha: before }],
    ["PATCH", `/repos/${upstream}/git/refs/heads/main`, { sha: before, force: true }],
    ["POST", `/repos/${upstream}/merge-upstream`, { branch: "main" }],
  ] as const)
    expect([path, (await ask(method, path, body)).status]).toEqual([path, 404]);
  expect(main()).toBe(before);
  expect(farEnd.violations).toEqual([]);
});

test("a fork is not brought up to date with a branch that is not there, and what is no fork not at all", async () => {
  const { ask, makeFork, farEnd } = repositories();
  await makeFork();
  const sync = async (repository: string, branch: string) => {
    const { status, json } = await ask("POST", `/repos/${repository}/merge-upstream`, { branch });
    return [status, z.object({ message: z.string() }).parse(json).message];
  };
  expect(await sync(fork, "none")).toEqual([404, "Branch not found"]);
  farEnd.upstream.publish("crew/own", new Map([["a", Buffer.from("a")]]), "m");
  expect(await sync("crew/own", "main")).toEqual([422, "This repository is not a fork"]);
});

describe("a fork", () => {
  test("is made once, holds what upstream held, and catches up when it is told to", async () => {
    const { ask, farEnd, publish, makeFork, main, commit } = repositories();
    expect((await makeFork()).status).toBe(202);
    expect((await makeFork()).json).toMatchObject({
      full_name: fork,
      fork: true,
      parent: { full_name: upstream },
    });
    const first = main();
    publish("x: 2\n", "c\n");
    // Upstream's new commit is not known there yet.
    expect((await ask("POST", `/repos/${fork}/git/refs`, { ref: "refs/heads/x", sha: main() })).status).toBe(
      422,
    );
    expect((await ask("POST", `/repos/${fork}/merge-upstream`, { branch: "main" })).json).toMatchObject({
      merge_type: "fast-forward",
    });
    expect((await ask("POST", `/repos/${fork}/merge-upstream`, { branch: "main" })).json).toMatchObject({
      merge_type: "none",
    });
    expect(farEnd.upstream.head(fork, "main")).toBe(main());
    const own = await commit(first, "x: 3\n");
    await ask("PATCH", `/repos/${fork}/git/refs/heads/main`, { sha: own, force: true });
    expect((await ask("POST", `/repos/${fork}/merge-upstream`, { branch: "main" })).status).toBe(409);
    expect(farEnd.violations).toEqual([]);
  });

  test("a branch goes forward, and elsewhere only by force", async () => {
    const { ask, farEnd, makeFork, main, commit } = repositories();
    await makeFork();
    const [one, two] = [await commit(main(), "x: 1.1\n"), await commit(main(), "x: 1.2\n")];
    const ref = `/repos/${fork}/git/refs/heads/bump-image/leap`;
    expect((await ask("PATCH", ref, { sha: one })).status).toBe(422);
    expect(
      (await ask("POST", `/repos/${fork}/git/refs`, { ref: "refs/heads/bump-image/leap", sha: one })).status,
    ).toBe(201);
    expect(
      messageOf(
        (await ask("POST", `/repos/${fork}/git/refs`, { ref: "refs/heads/bump-image/leap", sha: two })).json,
      ),
    ).toContain("Reference already exists");
    const refused = await ask("PATCH", ref, { sha: two });
    expect([refused.status, messageOf(refused.json)]).toEqual([
      422,
      expect.stringContaining("Update is not a fast forward"),
    ]);
    expect((await ask("PATCH", ref, { sha: two, force: true })).status).toBe(200);
    expect((await ask("GET", `/repos/${fork}/git/ref/heads%2Fbump-image%2Fleap`)).json).toMatchObject({
      object: { sha: two },
    });
    expect((await ask("PATCH", ref, { sha: "0".repeat(40), force: true })).status).toBe(422);
    expect(farEnd.upstream.read(fork, "bump-image/leap", "a/b.yaml")).toBe("x: 1.2\n");
    expect(farEnd.upstream.read(fork, "bump-image/leap", "c.txt")).toBe("c\n");
    expect(farEnd.violations).toEqual([]);
  });
});

describe("a pull request", () => {
  const request = (more: object = {}) => ({
    title: "t",
    body: "b",
    head: "crew:work",
    base: "main",
    ...more,
  });

  test("is opened once for a branch, follows it, and is found by it", async () => {
    const { ask, farEnd, makeFork, main, commit } = repositories();
    await makeFork();
    const pulls = `/repos/${upstream}/pulls`;
    expect(messageOf((await ask("POST", pulls, request())).json)).toContain('"field":"head"');
    await ask("POST", `/repos/${fork}/git/refs`, { ref: "refs/heads/work", sha: main() });
    expect(messageOf((await ask("POST", pulls, request())).json)).toContain(
      "No commits between main and crew:work",
    );
    const sha = await commit(main(), "x: 2\n");
    await ask("PATCH", `/repos/${fork}/git/refs/heads/work`, { sha });
    expect((await ask("POST", pulls, request())).status).toBe(201);
    const again = await ask("POST", pulls, request());
    expect([again.status, messageOf(again.json)]).toEqual([
      422,
      expect.stringContaining("A pull request already exists for crew:work."),
    ]);
    const next = await commit(sha, "x: 3\n");
    await ask("PATCH", `/repos/${fork}/git/refs/heads/work`, { sha: next });
    expect((await ask("GET", `${pulls}?head=crew:work&state=all`)).json).toMatchObject([
      { number: 1, head: { sha: next } },
    ]);
    expect((await ask("GET", `${pulls}?head=crew:other&state=all`)).json).toEqual([]);
    expect((await ask("PATCH", `${pulls}/1`, { title: "new" })).json).toMatchObject({
      title: "new",
      body: "b",
    });
    expect((await ask("POST", pulls, request({ body: "x".repeat(65_537) }))).status).toBe(422);
    expect((await ask("POST", pulls, request({ base: "nowhere" }))).status).toBe(422);
    expect(farEnd.violations).toEqual([]);
  });

  test("merged, upstream has its change and what came in meanwhile", async () => {
    const { ask, farEnd, publish, makeFork, main, commit } = repositories();
    await makeFork();
    const sha = await commit(main(), "x: 2\n");
    await ask("POST", `/repos/${fork}/git/refs`, { ref: "refs/heads/work", sha });
    await ask("POST", `/repos/${upstream}/pulls`, request());
    publish("x: 1\n", "newer\n");
    farEnd.upstream.merge(upstream, 1);
    expect(farEnd.upstream.read(upstream, "main", "a/b.yaml")).toBe("x: 2\n");
    expect(farEnd.upstream.read(upstream, "main", "c.txt")).toBe("newer\n");
    expect((await ask("GET", `/repos/${upstream}/pulls?state=closed`)).json).toMatchObject([
      { state: "closed", merged_at: expect.any(String) },
    ]);
  });
});

test("a path that leaves the repository is no path", async () => {
  const { ask, makeFork } = repositories();
  await makeFork();
  for (const path of ["../x", "/x", "a//b", "a/../b", "."])
    expect([
      path,
      (
        await ask("POST", `/repos/${fork}/git/trees`, {
          tree: [{ path, mode: "100644", type: "blob", content: "" }],
        })
      ).status,
    ]).toEqual([path, 422]);
});

test("tags come in pages, a pre-release says that it is one", async () => {
  const { ask, farEnd } = repositories();
  for (let day = 10; day < 29; day += 1)
    farEnd.upstream.tag("images/images", {
      tag: `2024.01.${day}`,
      at: new Date(`2024-01-${day}`),
      prerelease: day === 28,
    });
  const Names = z.array(z.object({ name: z.string() }));
  const pages = await Promise.all(
    [1, 2, 3].map((page) => ask("GET", `/repos/images/images/tags?per_page=10&page=${page}`)),
  );
  expect(pages.map(({ json }) => Names.parse(json).length)).toEqual([10, 9, 0]);
  expect((await ask("GET", "/repos/images/images/releases")).json).toMatchObject([
    { tag_name: "2024.01.28", prerelease: true, draft: false },
  ]);
  expect(farEnd.violations).toEqual([]);
});
