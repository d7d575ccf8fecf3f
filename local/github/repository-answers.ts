// Answers of GitHub about a repository, its refs and commits, and its pull requests.
import { longAgo, nodeIds, simpleUser } from "./answers.ts";
import type { Commit } from "./git.ts";
import { type Found, repositoryById } from "./repository-store.ts";
import type { Account, Store } from "./state.ts";

const urlOf = ({ owner, repository: { name } }: Found, api: string): string =>
  `${api}/repos/${owner.login}/${name}`;
const pageOf = ({ owner, repository: { name } }: Found): string =>
  `https://github.com/${owner.login}/${name}`;
const fullName = ({ owner, repository: { name } }: Found): string => `${owner.login}/${name}`;

/** The addresses that every form of a repository has, by GitHub's names for them. */
const addresses: Record<string, string> = {
  archive: "/{archive_format}{/ref}",
  assignees: "/assignees{/user}",
  blobs: "/git/blobs{/sha}",
  branches: "/branches{/branch}",
  collaborators: "/collaborators{/collaborator}",
  comments: "/comments{/number}",
  commits: "/commits{/sha}",
  compare: "/compare/{base}...{head}",
  contents: "/contents/{+path}",
  contributors: "/contributors",
  deployments: "/deployments",
  downloads: "/downloads",
  events: "/events",
  forks: "/forks",
  git_commits: "/git/commits{/sha}",
  git_refs: "/git/refs{/sha}",
  git_tags: "/git/tags{/sha}",
  hooks: "/hooks",
  issue_comment: "/issues/comments{/number}",
  issue_events: "/issues/events{/number}",
  issues: "/issues{/number}",
  keys: "/keys{/key_id}",
  labels: "/labels{/name}",
  languages: "/languages",
  merges: "/merges",
  milestones: "/milestones{/number}",
  notifications: "/notifications{?since,all,participating}",
  pulls: "/pulls{/number}",
  releases: "/releases{/id}",
  stargazers: "/stargazers",
  statuses: "/statuses/{sha}",
  subscribers: "/subscribers",
  subscription: "/subscription",
  tags: "/tags",
  teams: "/teams",
  trees: "/git/trees{/sha}",
};

/** A repository as it stands inside another answer. */
function plainBody(found: Found, api: string) {
  const { repository, owner } = found;
  const url = urlOf(found, api);
  const page = pageOf(found);
  return {
    id: repository.id,
    node_id: nodeIds.of("Repository", repository.id),
    name: repository.name,
    full_name: fullName(found),
    private: false,
    owner: simpleUser(owner, api),
    html_url: page,
    description: null,
    fork: repository.parent !== null,
    url,
    ...Object.fromEntries(Object.entries(addresses).map(([name, rest]) => [`${name}_url`, `${url}${rest}`])),
    clone_url: `${page}.git`,
    git_url: `git:${page.slice("https:".length)}.git`,
    ssh_url: `git@github.com:${fullName(found)}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    open_issues: 0,
    open_issues_count: 0,
    default_branch: repository.default_branch,
    has_issues: true,
    has_projects: true,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    pushed_at: longAgo,
    created_at: longAgo,
    updated_at: longAgo,
  };
}

/** A repository looked up by itself, with what it was forked from. */
export function repositoryBody(found: Found, store: Store, api: string) {
  const parent =
    found.repository.parent === null ? undefined : repositoryById(store, found.repository.parent);
  const above =
    parent === undefined ? {} : { parent: plainBody(parent, api), source: plainBody(parent, api) };
  return { ...plainBody(found, api), network_count: 0, subscribers_count: 0, ...above };
}

export function refBody(ref: string, sha: string, found: Found, api: string) {
  const url = urlOf(found, api);
  return {
    ref,
    node_id: nodeIds.of("Ref", found.repository.id),
    url: `${url}/git/${encodeURI(ref)}`,
    object: { type: "commit", sha, url: `${url}/git/commits/${sha}` },
  };
}

export function commitBody(
  sha: string,
  { tree, parents, author, committer, message }: Commit,
  found: Found,
  api: string,
) {
  const url = urlOf(found, api);
  const page = pageOf(found);
  return {
    sha,
    node_id: nodeIds.of("Commit", found.repository.id),
    url: `${url}/git/commits/${sha}`,
    html_url: `${page}/commit/${sha}`,
    author,
    committer,
    message,
    tree: { sha: tree, url: `${url}/git/trees/${tree}` },
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${url}/git/commits/${parent}`,
      html_url: `${page}/commit/${parent}`,
    })),
    verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
  };
}

export function blobBody(sha: string, bytes: Buffer, found: Found, api: string) {
  return {
    sha,
    node_id: nodeIds.of("Blob", found.repository.id),
    size: bytes.length,
    url: `${urlOf(found, api)}/git/blobs/${sha}`,
    // GitHub breaks base64 into lines.
    content: bytes.toString("base64").replaceAll(/.{60}/g, "$&\n"),
    encoding: "base64",
  };
}

export function tagBody(name: string, sha: string, found: Found, api: string) {
  const url = urlOf(found, api);
  return {
    name,
    node_id: nodeIds.of("Ref", found.repository.id),
    commit: { sha, url: `${url}/commits/${sha}` },
    zipball_url: `${url}/zipball/refs/tags/${name}`,
    tarball_url: `${url}/tarball/refs/tags/${name}`,
  };
}

export function releaseBody(
  row: { id: number; tag: string; prerelease: number; at: number },
  found: Found,
  api: string,
) {
  const url = `${urlOf(found, api)}/releases/${row.id}`;
  const at = new Date(row.at).toISOString();
  return {
    id: row.id,
    node_id: nodeIds.of("Release", row.id),
    url,
    html_url: `${pageOf(found)}/releases/tag/${row.tag}`,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    tarball_url: null,
    zipball_url: null,
    tag_name: row.tag,
    target_commitish: found.repository.default_branch,
    name: row.tag,
    body: null,
    draft: false,
    prerelease: row.prerelease === 1,
    created_at: at,
    published_at: at,
    author: simpleUser(found.owner, api),
    assets: [],
  };
}

export type PullView = {
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  merged: number | null;
  created: number;
  closed: number | null;
  maintainer: number;
  head: { found: Found; ref: string; sha: string };
  base: { found: Found; ref: string; sha: string };
  author: Account;
};

/** A pull request in a list. */
export function pullSimple(pull: PullView, api: string) {
  const { base, head, number } = pull;
  const url = `${urlOf(base.found, api)}/pulls/${number}`;
  const issue = `${urlOf(base.found, api)}/issues/${number}`;
  const page = `${pageOf(base.found)}/pull/${number}`;
  const links = {
    comments: `${issue}/comments`,
    commits: `${url}/commits`,
    html: page,
    issue,
    review_comment: `${url}/comments{/number}`,
    review_comments: `${url}/comments`,
    self: url,
    statuses: `${urlOf(base.found, api)}/statuses/${head.sha}`,
  };
  const side = ({ found, ref, sha }: PullView["head"]) => ({
    label: `${found.owner.login}:${ref}`,
    ref,
    sha,
    user: simpleUser(found.owner, api),
    repo: plainBody(found, api),
  });
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    id: pull.id,
    node_id: nodeIds.of("PullRequest", pull.id),
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: simpleUser(pull.author, api),
    body: pull.body,
    labels: [],
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    created_at: time(pull.created),
    updated_at: time(pull.closed ?? pull.created),
    closed_at: time(pull.closed),
    merged_at: time(pull.merged),
    merge_commit_sha: null,
    head: side(head),
    base: side(base),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: "CONTRIBUTOR",
    auto_merge: null,
    draft: false,
  };
}

/** A pull request by itself. */
export function pullFull(pull: PullView, api: string) {
  return {
    ...pullSimple(pull, api),
    merged: pull.merged !== null,
    mergeable: true,
    mergeable_state: "clean",
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: pull.maintainer === 1,
    commits: 1,
    additions: 0,
    deletions: 0,
    changed_files: 1,
  };
}
