// Reads of a repository over a scripted GitHub: a list is whole, or it is refused.
import { expect, test } from "@jest/globals";
import { accountClient } from "../../../shared/github/account.ts";
import { repositories } from "../../../shared/github/repositories.ts";

const head = { branch: "main", sha: "c0", tree: "t0" };

const refusal = (status: number, message: string): Response => Response.json({ message }, { status });

/** Reads of a repository whose GitHub answers so, by the path below the repository; which pages were asked for. */
function reads(answers: Record<string, (page: number) => unknown>) {
  const asked: string[] = [];
  const send: typeof fetch = async (input) => {
    const url = new URL(String(input));
    const path = url.pathname.replace("/repos/hub/images/", "");
    const page = url.searchParams.get("page") ?? "1";
    asked.push(`${path} ${page}`);
    const answer = answers[path]?.(Number(page)) ?? refusal(404, "Not Found");
    return answer instanceof Response ? answer : Response.json(answer);
  };
  const endpoints = { github: "http://github.test" };
  return { asked, of: repositories(accountClient({ endpoints, fetch: send, token: async () => "t" })) };
}

const tags = (count: number, page: number) =>
  Array.from({ length: Math.max(0, Math.min(100, count - 100 * (page - 1))) }, (_, index) => {
    const n = 100 * (page - 1) + index;
    return { name: `v${n}`, commit: { sha: `c${n}` } };
  });

test.each([
  [0, 1],
  [99, 1],
  [100, 2],
  [101, 2],
  [250, 3],
])("%i tags are read whole, in as many pages as it takes: %i", async (count, pages) => {
  const { asked, of } = reads({ tags: (page) => tags(count, page), releases: () => [] });
  const releases = await of.releases("hub/images");
  expect(releases.map(({ tag }) => tag)).toEqual(Array.from({ length: count }, (_, n) => `v${n}`));
  expect(asked.filter((each) => each.startsWith("tags"))).toHaveLength(pages);
});

test("more tags than can be are no list", async () => {
  const { asked, of } = reads({ tags: (page) => tags(1e6, page), releases: () => [] });
  await expect(of.releases("hub/images")).rejects.toMatchObject({
    failure: { cause: "endless-list" },
    explanation: { why: "it has more than 5000 tags or releases" },
  });
  expect(asked).toHaveLength(50);
});

test("a draft is no release, nor is a pre-release; a tag that nobody has announced is one", async () => {
  const said = (tag_name: string, draft: boolean, prerelease: boolean) => ({ tag_name, draft, prerelease });
  const { of } = reads({
    tags: () => tags(4, 1),
    releases: () => [said("v0", true, false), said("v1", false, true), said("v2", false, false)],
  });
  expect(await of.releases("hub/images")).toEqual([
    { tag: "v2", sha: "c2" },
    { tag: "v3", sha: "c3" },
  ]);
});

const file = (path: string, mode = "100644", type = "blob") => ({ path, mode, type, sha: path, size: 3 });

test("half a tree is no tree", async () => {
  const { of } = reads({ "git/trees/t0": () => ({ truncated: true, tree: [file("a.yaml")] }) });
  await expect(of.files("hub/images", head, () => true)).rejects.toMatchObject({
    failure: { cause: "too-many-files" },
  });
});

test("the files that match are given, links, modules and folders are not", async () => {
  const tree = [
    ...[file("a.yaml"), file("run.yaml", "100755"), file("a.txt"), file("link.yaml", "120000")],
    ...[file("module.yaml", "160000", "commit"), file("folder.yaml", "100644", "tree")],
  ];
  const { of } = reads({ "git/trees/t0": () => ({ truncated: false, tree }) });
  expect(await of.files("hub/images", head, (path) => path.endsWith(".yaml"))).toEqual([
    { path: "a.yaml", sha: "a.yaml", mode: "100644", bytes: 3 },
    { path: "run.yaml", sha: "run.yaml", mode: "100755", bytes: 3 },
  ]);
});

test.each([
  ["text", Buffer.from("name: ä\n"), 3, undefined, "name: ä\n"],
  ["no text", Buffer.from([0xff, 0xfe, 0x00]), 3, undefined, undefined],
  ["of a mebibyte is text", Buffer.from("a"), 1024 * 1024, 1024 * 1024, "a"],
  ["said to be larger by the tree", Buffer.from("a"), 1024 * 1024 + 1, undefined, undefined],
  ["said to be larger by itself", Buffer.from("a"), 3, 1024 * 1024 + 1, undefined],
])("a file: %s", async (_, bytes, inTree, inBlob, text) => {
  const blob = { content: bytes.toString("base64"), encoding: "base64", size: inBlob ?? bytes.length };
  const { of } = reads({ "git/blobs/f0": () => blob });
  const source = { path: "a", sha: "f0", mode: "100644", bytes: inTree } as const;
  expect(await of.text("hub/images", source)).toBe(text);
});

test("a default branch is a place to begin from once it has a commit", async () => {
  const found = {
    "/repos/hub/images": () => ({ default_branch: "main" }),
    "git/commits/c0": () => ({ tree: { sha: "t0" } }),
  };
  const ref = { "git/ref/heads%2Fmain": () => ({ object: { sha: "c0" } }) };
  expect(await reads({ ...found, ...ref }).of.head("hub/images")).toEqual(head);
  await expect(reads(found).of.head("hub/images")).rejects.toMatchObject({
    failure: { cause: "no-default-branch", lasts: "transient" },
  });
  const answering = (status: number, message: string) =>
    reads({ ...found, "git/ref/heads%2Fmain": () => refusal(status, message) }).of.head("hub/images");
  await expect(answering(409, "Git Repository is empty.")).rejects.toMatchObject({
    failure: { cause: "no-default-branch" },
  });
  for (const other of [answering(409, "Conflict"), answering(500, "The queue is empty")])
    await expect(other).rejects.not.toMatchObject({ failure: { cause: "no-default-branch" } });
});
