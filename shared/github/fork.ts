// Our fork of an upstream repository, and the pull request that comes from it. Every write says what became of it in our words.
import * as z from "zod";
import type { Pattern } from "../failure.ts";
import { attempt, call } from "./account.ts";
import type { Github } from "./client.ts";
import { type Refusal, unsettled } from "./failures.ts";
import { branchNotYet, noRepository, notYet } from "./refusals-account.ts";
import { branchSha, type Head, partsOf } from "./repositories.ts";

export type Owner = { login: string; person: boolean };
export type Fork = { repository: string; owner: Owner };
export type Pull = {
  number: number;
  url: string;
  state: "open" | "closed";
  merged: boolean;
  title: string;
  body: string;
  /** The commit that its branch has now. */
  sha: string;
};
export type Change = { path: string; mode: "100644" | "100755"; text: string };

export type Forks = {
  /**
   * Finds whose forks are ours, and our fork where there is one: it makes none. `known` is where it was the last time: it may have
   * another name than upstream, which may have got another one, too.
   */
  find: (upstream: string, known?: string) => Promise<{ owner: Owner; fork?: Fork }>;
  /** Our fork, made when there is none; "pending" while GitHub is still making it. */
  fork: (upstream: string) => Promise<Fork | "pending">;
  branch: (fork: Fork, name: string) => Promise<string | undefined>;
  /** A commit on top of upstream's default branch, on no branch yet. */
  commit: (fork: Fork, request: { head: Head; changes: Change[]; message: string }) => Promise<string>;
  /** Points the branch at the commit, whatever it held: look first. */
  point: (fork: Fork, name: string, sha: string, there: boolean) => Promise<void>;
  /** All pull requests from the branch, newest first. */
  pulls: (upstream: string, of: Pick<Fork, "owner">, branch: string) => Promise<Pull[]>;
  /** "exists" when somebody was faster; "nothing" when the branch holds no commit that upstream lacks. */
  open: (
    upstream: string,
    request: { fork: Fork; branch: string; base: string; title: string; body: string },
  ) => Promise<Pull | "exists" | "nothing">;
  update: (upstream: string, number: number, request: { title: string; body: string }) => Promise<void>;
};

const User = z.object({ login: z.string(), type: z.string() });
const Repository = z.object({
  full_name: z.string(),
  default_branch: z.string().optional(),
  parent: z.object({ full_name: z.string() }).optional(),
});
const Sha = z.object({ sha: z.string() });
const PullBody = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.enum(["open", "closed"]),
  merged_at: z.string().nullable(),
  title: z.string(),
  body: z.string().nullable(),
  head: z.object({ sha: z.string() }),
});

export function forks(github: Github): Forks {
  let self: Promise<Owner> | undefined;
  const owner = (): Promise<Owner> => {
    self ??= call(github, {
      shape: User,
      route: "GET /user",
      what: "the fork's account could not be asked for its own name",
    }).then(({ login, type }) => ({ login, person: type === "User" }));
    self.catch(() => {
      self = undefined;
    });
    return self;
  };

  const find: Forks["find"] = async (upstream, known) => {
    const account = await owner();
    const usual = `${account.login}/${partsOf(upstream).repo}`;
    for (const place of new Set([known ?? usual, usual])) {
      const there = await repositoryOf(github, partsOf(place));
      if (there?.parent === undefined) continue;
      const { full_name: parent } = there.parent;
      if (isSame(parent, upstream) || isSame(parent, await nameNow(github, upstream)))
        return { owner: account, fork: { repository: there.full_name, owner: account } };
    }
    return { owner: account };
  };

  return {
    find,
    async fork(upstream) {
      const { owner: account, fork } = await find(upstream);
      if (fork !== undefined) return fork;
      const made = await call(github, {
        shape: Repository,
        route: "POST /repos/{owner}/{repo}/forks",
        parameters: { ...partsOf(upstream), default_branch_only: true },
        what: "the fork could not be made",
        write: true,
        known: [noRepository],
      });
      const filled = await repositoryOf(github, partsOf(made.full_name));
      const ready =
        filled?.default_branch !== undefined &&
        (await branchSha(github, made.full_name, filled.default_branch)) !== undefined;
      return ready ? { repository: made.full_name, owner: account } : "pending";
    },
    branch: (fork, name) => branchSha(github, fork.repository, name),
    async commit(fork, request) {
      await catchUp(github, fork, request.head);
      return commit(github, fork, request);
    },
    point: (fork, name, sha, there) => point(github, { fork, name, sha, there }),
    async pulls(upstream, { owner: { login } }, branch) {
      const found = await call(github, {
        shape: z.array(PullBody),
        route: "GET /repos/{owner}/{repo}/pulls",
        parameters: {
          ...partsOf(upstream),
          head: `${login}:${branch}`,
          state: "all",
          per_page: 100,
        },
        what: "the pull requests could not be listed",
        known: [noRepository],
      });
      return found.map(pullOf).sort((a, b) => b.number - a.number);
    },
    open: (upstream, request) => open(github, upstream, request),
    async update(upstream, number, { title, body }) {
      await call(github, {
        shape: z.unknown(),
        route: "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
        parameters: { ...partsOf(upstream), pull_number: number, title, body },
        what: "the pull request could not be brought up to date",
        write: true,
        known: [noRepository],
      });
    },
  };
}

/** A repository of the account's; undefined where there is none of this name. */
async function repositoryOf(github: Github, parameters: { owner: string; repo: string }) {
  const found = await attempt(
    github,
    {
      shape: Repository,
      route: "GET /repos/{owner}/{repo}",
      parameters,
      what: "the fork could not be looked for",
    },
    ({ status }) => status === 404,
  );
  return found.value;
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Gives a repository's name of today: who asks for one that was renamed is led there (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects). */
const nameNow = async (github: Github, name: string): Promise<string> =>
  (await repositoryOf(github, partsOf(name)))?.full_name ?? "";

/** Conflict, in whatever words it comes: https://docs.github.com/rest/branches/branches#sync-a-fork-branch-with-the-upstream-repository. */
const conflict: Pattern = {
  status: 409,
  cause: "fork-diverged",
  lasts: "lasting",
  why: "its default branch has commits of its own",
  next: "on the fork's page press Sync fork, then Discard commits; or delete the fork, and it is made again",
};

/** A fork knows upstream's newest commit only once its own default branch has it. */
async function catchUp(github: Github, fork: Fork, head: Head): Promise<void> {
  if ((await branchSha(github, fork.repository, head.branch)) === head.sha) return;
  await call(github, {
    shape: z.unknown(),
    route: "POST /repos/{owner}/{repo}/merge-upstream",
    parameters: { ...partsOf(fork.repository), branch: head.branch },
    what: "the fork could not be brought up to date",
    write: true,
    known: notYet,
    otherwise: conflict,
  });
}

async function commit(
  github: Github,
  fork: Fork,
  { head, changes, message }: { head: Head; changes: Change[]; message: string },
): Promise<string> {
  const at = partsOf(fork.repository);
  const making = { shape: Sha, what: "the commit could not be made", write: true, known: notYet };
  const tree = await call(github, {
    ...making,
    route: "POST /repos/{owner}/{repo}/git/trees",
    parameters: {
      ...at,
      base_tree: head.tree,
      tree: changes.map(({ path, mode, text }) => ({ path, mode, type: "blob", content: text })),
    },
  });
  const made = await call(github, {
    ...making,
    route: "POST /repos/{owner}/{repo}/git/commits",
    parameters: { ...at, message, tree: tree.sha, parents: [head.sha] },
  });
  return made.sha;
}

const says = (text: RegExp) => (refusal: Refusal) => refusal.status === 422 && text.test(refusal.text);

async function point(
  github: Github,
  { fork, name, sha, there }: { fork: Fork; name: string; sha: string; there: boolean },
): Promise<void> {
  const at = partsOf(fork.repository);
  if (there) {
    await call(github, {
      shape: z.unknown(),
      route: "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
      parameters: { ...at, ref: `heads/${name}`, sha, force: true },
      what: "the branch could not be moved",
      write: true,
      known: notYet,
    });
    return;
  }
  const making = { what: "the branch could not be made", write: true };
  const made = await attempt(
    github,
    {
      ...making,
      shape: z.unknown(),
      route: "POST /repos/{owner}/{repo}/git/refs",
      parameters: { ...at, ref: `refs/heads/${name}`, sha },
      known: notYet,
    },
    says(/already exists/i),
  );
  if (made.refusal !== undefined && (await branchSha(github, fork.repository, name)) !== sha)
    throw unsettled(
      { ...making, as: "account" },
      "branch-taken",
      "the branch was made by somebody else meanwhile",
    );
}

async function open(
  github: Github,
  upstream: string,
  { fork, branch, base, title, body }: Parameters<Forks["open"]>[1],
): Promise<Pull | "exists" | "nothing"> {
  const exists = says(/already exists/i);
  const nothing = says(/no commits between/i);
  const made = await attempt(
    github,
    {
      shape: PullBody,
      route: "POST /repos/{owner}/{repo}/pulls",
      parameters: {
        ...partsOf(upstream),
        title,
        body,
        base,
        head: `${fork.owner.login}:${branch}`,
        // Only an account of a person can let maintainers push to its fork.
        maintainer_can_modify: fork.owner.person,
      },
      what: "the pull request could not be opened",
      write: true,
      known: [branchNotYet, noRepository],
    },
    (refusal) => exists(refusal) || nothing(refusal),
  );
  if (made.refusal === undefined) return pullOf(made.value);
  return exists(made.refusal) ? "exists" : "nothing";
}

const pullOf = ({
  number,
  html_url,
  state,
  merged_at,
  title,
  body,
  head,
}: z.infer<typeof PullBody>): Pull => ({
  number,
  url: html_url,
  state,
  merged: merged_at !== null,
  title,
  body: body ?? "",
  sha: head.sha,
});
