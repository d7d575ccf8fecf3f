// Repositories, their forks and what git holds in them: what GitHub's pages of them answer. Only the owner writes; to anybody
// else a repository that may not be written looks as if it were not there.
import * as z from "zod";
import { type Answer, created, list, notFound, ok, refusal, unprocessable, unserved } from "./answers.ts";
import { type Call, type Rule, windowOf } from "./call.ts";
import type { Person } from "./git.ts";
import { blobBody, commitBody, refBody, releaseBody, repositoryBody, tagBody } from "./repository-answers.ts";
import { type Found, makeRepository, repositoryBy, repositoryById } from "./repository-store.ts";
import { workflowInBranch } from "./scopes.ts";
import type { Account, Store } from "./state.ts";

/** Runs a rule on the repository of the path. */
export const inRepository =
  (rule: (call: Call, found: Found) => Answer): Rule =>
  (call) => {
    const found = repositoryBy(call.store, call.path["owner"] ?? "", call.path["repo"] ?? "");
    return found === undefined ? notFound : rule(call, found);
  };

/** The same, for whoever may write to it. */
export const writing = (rule: (call: Call, found: Found) => Answer): Rule =>
  inRepository((call, found) => (call.user?.id === found.owner.id ? rule(call, found) : notFound));

export const repository: Rule = inRepository(({ store, api }, found) =>
  ok(repositoryBody(found, store, api)),
);

/** Newest first by name, as GitHub lists them. */
export const tags: Rule = inRepository((call, found) => {
  const { limit, offset = 0 } = windowOf(call);
  const all = found.git.refs("refs/tags/").reverse();
  const page = all.slice(offset, offset + limit);
  return list(
    page.map(({ name, sha }) => tagBody(name.slice("refs/tags/".length), sha, found, call.api)),
    all.length,
  );
});

export const releases: Rule = inRepository((call, found) => {
  const { store, api } = call;
  const { limit, offset = 0 } = windowOf(call);
  const rows = store.all(
    z.object({ id: z.number(), tag: z.string(), prerelease: z.number(), at: z.number() }),
    "SELECT id, tag, prerelease, at FROM github_release WHERE repository = ? ORDER BY at DESC, id DESC",
    found.repository.id,
  );
  return list(
    rows.slice(offset, offset + limit).map((row) => releaseBody(row, found, api)),
    rows.length,
  );
});

export const ref: Rule = inRepository(({ path, api }, found) => {
  const name = `refs/${path["ref"] ?? ""}`;
  const sha = found.git.ref(name);
  return sha === undefined ? notFound : ok(refBody(name, sha, found, api));
});

export const commit: Rule = inRepository(({ path, api }, found) => {
  const sha = path["commit_sha"] ?? "";
  const read = found.git.commit(sha);
  return read === undefined ? notFound : ok(commitBody(sha, read, found, api));
});

export const blob: Rule = inRepository(({ path, api }, found) => {
  const sha = path["file_sha"] ?? "";
  const bytes = found.git.blob(sha);
  return bytes === undefined ? notFound : ok(blobBody(sha, bytes, found, api));
});

const Author = z.object({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});
const CommitRequest = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: Author.optional(),
  committer: Author.optional(),
});

export const createCommit: Rule = writing((call, found) => {
  const { body, nowMs, api, user } = call;
  const request = CommitRequest.parse(body);
  const { git } = found;
  const people = [request.author, request.committer].flatMap((each) => [each?.name ?? "", each?.email ?? ""]);
  if (people.some((text) => /[<>\n\0]/.test(text)))
    return unserved("a name or an address with a sign that git leaves out");
  const dates = [request.author, request.committer].flatMap((each) => each?.date ?? []);
  // A commit's dates are kept as seconds of UTC here: git keeps their zone, and none before 1970.
  if (dates.some((each) => !/(?:Z|[+-]00:00)$/.test(each) || Date.parse(each) < 0))
    return unserved("a date of another zone than UTC, or before 1970");
  if (git.tree(request.tree) === undefined) return refusal(422, "Tree SHA does not exist");
  if (request.parents.some((parent) => git.commit(parent) === undefined))
    return refusal(422, "Parent SHA does not exist or is not a commit object");
  const date = new Date(nowMs).toISOString();
  const self: z.infer<typeof Author> = {
    name: user?.login ?? "",
    email: `${user?.login}@users.noreply.github.com`,
  };
  const whole = (person: z.infer<typeof Author> = self): Person => ({ ...person, date: person.date ?? date });
  const author = whole(request.author);
  const made = {
    ...request,
    author,
    committer: request.committer === undefined ? author : whole(request.committer),
  };
  const sha = git.putCommit(made);
  return created(commitBody(sha, git.commit(sha) ?? made, found, api));
});

/** Rules of `git check-ref-format` (https://git-scm.com/docs/git-check-ref-format), and of GitHub: none looks like a commit's name. */
const isRefName = (name: string): boolean =>
  /^refs(?:\/[^/]+){2,}$/.test(name) &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids them.
  !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\.$|\/\.|\.lock(?:\/|$)/.test(name) &&
  !/^refs\/(?:heads|tags)\/[0-9a-f]{40}$/.test(name);

export const createRef: Rule = writing((call, found) => {
  const { body, api } = call;
  const { ref: name, sha } = z.object({ ref: z.string(), sha: z.string() }).parse(body);
  if (!isRefName(name)) return refusal(422, "Reference name must be a valid ref");
  if (!/^refs\/(?:heads|tags)\//.test(name)) return unserved("a ref that is neither a branch nor a tag");
  if (found.git.ref(name) !== undefined) return refusal(422, "Reference already exists");
  // A ref is a file to git: none can lie below another.
  const above = name.split("/").map((_, at, parts) => parts.slice(0, at).join("/"));
  if (above.some((each) => found.git.ref(each) !== undefined) || found.git.refs(`${name}/`).length > 0)
    return refusal(422, "Reference update failed");
  if (found.git.commit(sha) === undefined) return refusal(422, "Object does not exist");
  const refused = workflowInBranch(call, found, found.git, sha);
  if (refused !== undefined) return refused;
  found.git.setRef(name, sha);
  return created(refBody(name, sha, found, api));
});

/** `moved` is told of a branch that has changed: its pull requests show the new head. */
export const updateRef = (moved: (store: Store, found: Found, name: string, sha: string) => void): Rule =>
  writing((call, found) => {
    const { store, body, path, api } = call;
    const { sha, force } = z.object({ sha: z.string(), force: z.boolean().default(false) }).parse(body);
    const name = `refs/${path["ref"] ?? ""}`;
    const now = found.git.ref(name);
    if (now === undefined) return refusal(422, "Reference does not exist");
    if (found.git.commit(sha) === undefined) return refusal(422, "Object does not exist");
    if (!force && !found.git.reaches(sha, now)) return refusal(422, "Update is not a fast forward");
    const refused = workflowInBranch(call, found, found.git, sha);
    if (refused !== undefined) return refused;
    found.git.setRef(name, sha);
    moved(store, found, name, sha);
    return ok(refBody(name, sha, found, api));
  });

/** GitHub makes a fork in the background; whoever asks again for one gets the one that is there. */
export const fork: Rule = inRepository(({ store, user, api, body }, found) => {
  if (user === undefined) return notFound;
  if (user.id === found.owner.id)
    return unprocessable({
      resource: "Fork",
      code: "invalid",
      field: "owner",
      message: "cannot fork your own repository",
    });
  const there = store.one(
    z.object({ id: z.number() }),
    `SELECT id FROM github_repository WHERE owner = ? AND parent = ?`,
    user.id,
    found.repository.id,
  );
  const existing = there === undefined ? undefined : repositoryById(store, there.id);
  const { default_branch_only: alone } = z
    .object({ default_branch_only: z.boolean().default(false) })
    .parse(body ?? {});
  const made = existing ?? copy(store, found, user, alone);
  return { status: 202, body: repositoryBody(made, store, api) };
});

/** With `alone` its default branch comes, and no other. */
function copy(store: Store, { repository: from, git }: Found, user: Account, alone: boolean): Found {
  const taken = repositoryBy(store, user.login, from.name) !== undefined;
  const made = makeRepository(store, {
    owner: user.id,
    name: taken ? `${from.name}-1` : from.name,
    default_branch: from.default_branch,
    parent: from.id,
  });
  made.git.adopt(from.id);
  const refs = git.refs(alone ? `refs/heads/${from.default_branch}` : "refs/heads/");
  for (const { name, sha } of refs)
    if (!alone || name === `refs/heads/${from.default_branch}`) made.git.setRef(name, sha);
  return made;
}

/** Its refusals: https://github.com/PyGithub/PyGithub/pull/3175, https://github.com/PyGithub/PyGithub/pull/2066. */
export const mergeUpstream: Rule = writing((call, found) => {
  const { store, body } = call;
  const { branch } = z.object({ branch: z.string() }).parse(body);
  if (found.repository.parent === null) return refusal(422, "This repository is not a fork");
  const upstream = repositoryById(store, found.repository.parent);
  const theirs = upstream?.git.ref(`refs/heads/${branch}`);
  const ours = found.git.ref(`refs/heads/${branch}`);
  if (upstream === undefined || theirs === undefined || ours === undefined)
    return refusal(404, "Branch not found");
  const base_branch = `${upstream.owner.login}:${branch}`;
  if (ours === theirs)
    return ok({
      message: `This branch is not behind the upstream ${base_branch}.`,
      merge_type: "none",
      base_branch,
    });
  if (!upstream.git.reaches(theirs, ours)) return refusal(409, "There are merge conflicts");
  const refused = workflowInBranch(call, found, upstream.git, theirs);
  if (refused !== undefined) return refused;
  found.git.adopt(upstream.repository.id);
  found.git.setRef(`refs/heads/${branch}`, theirs);
  return ok({
    message: `Successfully fetched and fast-forwarded from upstream ${base_branch}.`,
    merge_type: "fast-forward",
    base_branch,
  });
});
