// Trees, commits and refs that only foreign clients ask for: each comes about as git and GitHub have it, or not at all.
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { fork, repositories, Sha, upstream } from "./repositories-harness.ts";

const Tree = z.looseObject({ tree: z.array(z.looseObject({ path: z.string(), mode: z.string() })) });
const file = { mode: "100644", type: "blob" };
const folder = { mode: "040000", type: "tree" };

async function forked() {
  const world = repositories();
  await world.makeFork();
  const make = (tree: readonly object[]) =>
    world.ask("POST", `/repos/${fork}/git/trees`, { base_tree: world.main(), tree });
  const read = async (name: string) => {
    const { status, json } = await world.ask("GET", `/repos/${fork}/git/trees/${name}?recursive=1`);
    return { status, paths: status === 200 ? Tree.parse(json).tree.map(({ path }) => path) : [] };
  };
  return { ...world, make, read };
}

describe("a tree is made of", () => {
  test.each([
    ["a file into a folder", { path: "a/d", ...file, content: "d" }, ["a", "a/b.yaml", "a/d", "c.txt"]],
    ["a file that is gone", { path: "a/b.yaml", ...file, sha: null }, ["c.txt"]],
    [
      "a file that may be run",
      { path: "a/d", mode: "100755", type: "blob", content: "d" },
      ["a", "a/b.yaml", "a/d", "c.txt"],
    ],
  ])("%s", async (_, entry, paths) => {
    const { make, read, farEnd } = await forked();
    const made = await make([entry]);
    expect(made.status).toBe(201);
    expect((await read(Sha.parse(made.json).sha)).paths).toEqual(paths);
    expect(farEnd.violations).toEqual([]);
  });

  test.each([
    ["a folder that is gone", [{ path: "a", ...folder, sha: null }], 422],
    ["a file that is gone and never was", [{ path: "none", ...file, sha: null }], 422],
    ["a file with neither bytes nor a name", [{ path: "c.txt", ...file }], 422],
    ["a file with both", [{ path: "c.txt", ...file, sha: "0".repeat(40), content: "x" }], 422],
    ["what git keeps for itself", [{ path: ".git/config", ...file, content: "x" }], 422],
    ["a file where a folder is", [{ path: "a", ...file, content: "x" }], 501],
    ["a folder where a file is", [{ path: "c.txt/d", ...file, content: "x" }], 501],
    ["a folder's bytes", [{ path: "d", ...folder, content: "x" }], 501],
    [
      "a commit of another repository",
      [{ path: "d", mode: "160000", type: "commit", sha: "0".repeat(40) }],
      501,
    ],
    [
      "a path twice",
      [
        { path: "d", ...file, content: "x" },
        { path: "d", ...file, content: "y" },
      ],
      501,
    ],
    [
      "a good file and a bad one",
      [
        { path: "d", ...file, content: "x" },
        { path: "none", ...file, sha: null },
      ],
      422,
    ],
  ])("never of %s", async (_, entries, status) => {
    const { make, farEnd } = await forked();
    expect((await make(entries)).status).toBe(status);
    expect(farEnd.violations.splice(0)).toHaveLength(status === 501 ? 1 : 0);
  });
});

test("a tree is found by a branch and by a tag, and nothing else that git can resolve is said not to be there", async () => {
  const { ask, read, main, farEnd } = await forked();
  await ask("POST", `/repos/${fork}/git/refs`, { ref: "refs/tags/v1", sha: main() });
  const paths = ["a", "a/b.yaml", "c.txt"];
  for (const name of ["main", "v1", main()]) expect(await read(name)).toEqual({ status: 200, paths });
  expect((await read("none")).status).toBe(404);
  expect(farEnd.violations).toEqual([]);
  for (const name of ["HEAD", "heads%2Fmain", "refs%2Fheads%2Fmain", main().slice(0, 8), "main~1"])
    expect([name, (await read(name)).status]).toEqual([name, 501]);
  expect(farEnd.violations.splice(0)).toHaveLength(5);
});

test.each([
  ["refs/heads/a/b", 201],
  ["refs/heads/\u00fc", 201],
  ["refs/heads/v", 422],
  ["refs/heads/v/w/x", 422],
  ["refs/heads/a..b", 422],
  ["refs/heads/a.lock", 422],
  ["refs/heads/.a", 422],
  ["refs/heads/a/", 422],
  ["refs/heads/a//b", 422],
  ["refs/heads/a@{1}", 422],
  ["refs/heads/a.", 422],
  ["refs/heads/a\u0001", 422],
  [`refs/heads/${"0".repeat(40)}`, 422],
  ["heads/a", 422],
  ["refs/notes/a", 501],
])("a ref of the name %j: %d", async (ref, status) => {
  const { ask, main, farEnd } = await forked();
  await ask("POST", `/repos/${fork}/git/refs`, { ref: "refs/heads/v/w", sha: main() });
  expect((await ask("POST", `/repos/${fork}/git/refs`, { ref, sha: main() })).status).toBe(status);
  expect(farEnd.violations.splice(0)).toHaveLength(status === 501 ? 1 : 0);
});

test("a commit by a name of two lines is not made", async () => {
  const { ask, main, farEnd } = await forked();
  const tree = Tree.extend({ sha: z.string() }).parse(
    (await ask("GET", `/repos/${fork}/git/trees/main`)).json,
  ).sha;
  const author = { name: "Ada\nparent 0", email: "ada@example.org" };
  const body = { message: "m", tree, parents: [main()], author };
  expect((await ask("POST", `/repos/${fork}/git/commits`, body)).status).toBe(501);
  expect(farEnd.violations.splice(0)).toHaveLength(1);
});

test.each<[string, number, object]>([
  ["2031-01-01T00:00:00Z", 201, { date: "2031-01-01T00:00:00Z" }],
  ["a date of another zone", 501, { date: "2031-01-01T00:00:00+05:00" }],
  ["a date before 1970", 501, { date: "1969-12-31T23:59:59Z" }],
  ["a date that is none", 422, { date: "yesterday" }],
  ["a field that is not served", 501, { signature: "x" }],
])("a commit whose author has %s: %d", async (_, status, more) => {
  const { ask, main, farEnd } = await forked();
  const { sha: tree } = Tree.extend({ sha: z.string() }).parse(
    (await ask("GET", `/repos/${fork}/git/trees/main`)).json,
  );
  for (const who of ["author", "committer"]) {
    const person = { name: "Ada", email: "ada@example.org", ...more };
    const body = { message: "m", tree, parents: [main()], [who]: person };
    const { status: got, json } = await ask("POST", `/repos/${fork}/git/commits`, body);
    expect(got).toBe(status);
    if (status === 201) expect(json).toMatchObject({ [who]: person });
  }
  expect(farEnd.violations.splice(0)).toHaveLength(status === 201 ? 0 : 2);
});

test("a tree of nothing, and an entry with a field that is not served, are not made", async () => {
  const { ask, farEnd } = await forked();
  const make = async (...tree: object[]) => (await ask("POST", `/repos/${fork}/git/trees`, { tree })).status;
  const entry = { path: "new", mode: "100644", type: "blob", content: "x" };
  expect([await make(), await make({ ...entry, encoding: "base64" }), await make(entry)]).toEqual([
    422, 501, 201,
  ]);
  expect(farEnd.violations.splice(0)).toEqual([expect.stringContaining("the field tree.encoding of")]);
});

test("pull requests are listed as GitHub does by a head without an owner, and not by a state that is none", async () => {
  const { ask, main, commit, farEnd } = await forked();
  const ref = { ref: "refs/heads/one", sha: await commit(main(), "x: 2\n") };
  await ask("POST", `/repos/${fork}/git/refs`, ref);
  const pull = { title: "t", head: "crew:one", base: "main" };
  expect((await ask("POST", `/repos/${upstream}/pulls`, pull)).status).toBe(201);
  const count = async (query: string) => {
    const { json } = await ask("GET", `/repos/${upstream}/pulls?${query}`);
    return z.array(z.unknown()).parse(json).length;
  };
  expect([await count("head=crew:one"), await count("head=crew:two"), await count("head=two")]).toEqual([
    1, 0, 1,
  ]);
  expect(farEnd.violations).toEqual([]);
  expect((await ask("GET", `/repos/${upstream}/pulls?state=merged`)).status).toBe(501);
  expect(farEnd.violations.splice(0)).toHaveLength(1);
});
