// Trees of a repository: read by name, and made from files put into another and taken out of it.
import * as z from "zod";
import { type Answer, created, notFound, ok, refusal, unserved } from "./answers.ts";
import type { Rule } from "./call.ts";
import type { Files, Git } from "./git.ts";
import { inRepository, writing } from "./repositories.ts";
import { workflowInTree } from "./scopes.ts";

/** By the tree's own name, a commit's, a branch's or a tag's. */
export const tree: Rule = inRepository(({ path, query, api }, { git, owner, repository: { name } }) => {
  const asked = path["tree_sha"] ?? "";
  // Fewer letters of a name, and what else git can resolve, are not served.
  if (
    /^(?:HEAD$|refs\/|heads\/|tags\/|[0-9a-f]{4,39}$|.*[~^:@])/.test(asked) &&
    git.ref(`refs/heads/${asked}`) === undefined
  )
    return unserved("a tree by another name than its own, a commit's, a branch's or a tag's");
  const named = git.ref(`refs/heads/${asked}`) ?? git.ref(`refs/tags/${asked}`) ?? asked;
  const sha = git.commit(named)?.tree ?? named;
  if (git.tree(sha) === undefined) return notFound;
  const all =
    query["recursive"] === undefined
      ? [...git.files(sha)].filter(([at]) => !at.includes("/"))
      : [...git.files(sha)];
  const url = `${api}/repos/${owner.login}/${name}/git`;
  const entries = all.map(([at, { mode, type, sha: inner }]) => ({
    path: at,
    mode,
    type,
    sha: inner,
    url: `${url}/${type}s/${inner}`,
    ...(type === "blob" ? { size: git.blob(inner)?.length ?? 0 } : {}),
  }));
  return ok({ sha, url: `${url}/trees/${sha}`, tree: entries, truncated: false });
});

const TreeRequest = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string().regex(/^(?!\/)(?!.*\/\/)(?!.*(?:^|\/)(?:\.{1,2}|\.git)(?:\/|$))/i),
      mode: z.enum(["100644", "100755", "040000", "160000", "120000"]),
      type: z.enum(["blob", "tree", "commit"]),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});
type Entry = z.infer<typeof TreeRequest>["tree"][number];

/** Lays one entry into the files of a tree; gives the refusal of what cannot be, in GitHub's words. */
function layEntry({ path, mode, type, sha, content }: Entry, files: Files, git: Git): Answer | undefined {
  // Removes a folder in no way: https://github.com/google/go-github/issues/2418.
  if (sha === null && content === undefined && !["blob", "commit"].includes(files.get(path)?.type ?? ""))
    return refusal(422, "GitRPC::BadObjectState");
  if (type !== "blob" || mode === "040000" || mode === "160000")
    return unserved(`an entry of the type ${type} and the mode ${mode}`);
  // https://github.com/octokit/octokit.net/issues/2836
  if ((sha === undefined) === (content === undefined))
    return refusal(
      422,
      "Must supply either tree.sha or tree.content. Request will be rejected if both are present.",
    );
  if (sha === null) {
    files.delete(path);
    return undefined;
  }
  const above = path.split("/").map((_, at, parts) => parts.slice(0, at).join("/"));
  if (
    files.get(path)?.type === "tree" ||
    above.some((each) => each !== "" && files.get(each)?.type === "blob")
  )
    return unserved("an entry where a folder and a file meet");
  if (sha !== undefined && git.blob(sha) === undefined) return refusal(422, "tree.sha is not a valid object");
  files.set(path, { mode, type, sha: sha ?? "" });
  for (const each of above) if (each !== "") files.set(each, { mode: "040000", type: "tree", sha: "" });
  return undefined;
}

export const createTree: Rule = writing((call, found) => {
  const { body, api } = call;
  const { git } = found;
  const request = TreeRequest.safeParse(body);
  if (!request.success) return refusal(422, "tree.path contains a malformed path component");
  // https://github.com/47degrees/github4s/issues/259
  if (request.data.tree.length === 0) return refusal(422, "Invalid tree info");
  const bringsWorkflow = workflowInTree(
    call,
    request.data.tree.map(({ path }) => path),
  );
  if (bringsWorkflow !== undefined) return bringsWorkflow;
  const base = request.data.base_tree;
  const from = base === undefined ? undefined : (git.commit(base)?.tree ?? base);
  if (from !== undefined && git.tree(from) === undefined) return notFound;
  const files: Files = from === undefined ? new Map() : git.files(from);
  const paths = request.data.tree.map(({ path }) => path);
  if (new Set(paths).size < paths.length) return unserved("a path twice");
  for (const entry of request.data.tree) {
    const refused = layEntry(entry, files, git);
    if (refused !== undefined) return refused;
  }
  // Keeps bytes only now: a refusal leaves nothing.
  for (const { path, mode, content } of request.data.tree)
    if (content !== undefined)
      files.set(path, { mode, type: "blob", sha: git.putBlob(Buffer.from(content)) });
  const sha = git.treeOf(files);
  const url = `${api}/repos/${found.owner.login}/${found.repository.name}/git`;
  const tree = (git.tree(sha) ?? []).map(({ name, ...entry }) => ({
    path: name,
    ...entry,
    url: `${url}/${entry.type}s/${entry.sha}`,
  }));
  return created({ sha, url: `${url}/trees/${sha}`, tree, truncated: false });
});
