// Our fork of an upstream repository, and the pull request that comes from it. Every write says what became of it in our words.
import { z } from "zod";
import { Permanent, passing } from "../errors.ts";
import { accountFailure } from "./account.ts";
import type { Github } from "./client.ts";
import { refusalIn } from "./failures.ts";
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
  /** Our fork, made when there is none; "pending" while GitHub is still making it. */
  fork: (upstream: string) => Promise<Fork | "pending">;
  branch: (fork: Fork, name: string) => Promise<string | undefined>;
  /** A commit on top of upstream's default branch, on no branch yet. */
  commit: (fork: Fork, wish: { head: Head; changes: Change[]; message: string }) => Promise<string>;
  /** Points the branch at the commit, whatever it held: look first. */
  point: (fork: Fork, name: string, sha: string, there: boolean) => Promise<void>;
  /** All pull requests from the branch, newest first. */
  pulls: (upstream: string, fork: Fork, branch: string) => Promise<Pull[]>;
  /** "exists" when somebody was faster; "nothing" when the branch holds no commit that upstream lacks. */
  open: (
    upstream: string,
    wish: { fork: Fork; branch: string; base: string; title: string; body: string },
  ) => Promise<Pull | "exists" | "nothing">;
  update: (upstream: string, number: number, wish: { title: string; body: string }) => Promise<void>;
};

const User = z.object({ login: z.string(), type: z.string() });
const Repository = z.object({
  full_name: z.string(),
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
  async function call<T>(
    shape: z.ZodType<T>,
    route: string,
    parameters: Record<string, unknown>,
    doing: string,
  ): Promise<T> {
    const octokit = await github();
    const { data } = await octokit.request(route, parameters).catch((error: unknown) => {
      throw accountFailure(error, doing);
    });
    return shape.parse(data);
  }
  /** The same, where an answer other than success is an answer. */
  async function attempt<T>(
    shape: z.ZodType<T>,
    route: string,
    parameters: Record<string, unknown>,
    doing: string,
  ) {
    const octokit = await github();
    try {
      return { value: shape.parse((await octokit.request(route, parameters)).data) };
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal !== undefined && [404, 409, 422].includes(refusal.status)) return { refusal };
      throw accountFailure(error, doing);
    }
  }
  const owner = (): Promise<Owner> => {
    self ??= call(User, "GET /user", {}, "asking for the account's own name").then(({ login, type }) => ({
      login,
      person: type === "User",
    }));
    self.catch(() => {
      self = undefined;
    });
    return self;
  };

  return {
    async fork(upstream) {
      const account = await owner();
      const { repo } = partsOf(upstream);
      const there = await attempt(
        Repository,
        "GET /repos/{owner}/{repo}",
        { owner: account.login, repo },
        "looking for the fork",
      );
      const isOurs = (found: z.infer<typeof Repository>) =>
        found.parent?.full_name.toLowerCase() === upstream.toLowerCase();
      if (there.value !== undefined && isOurs(there.value))
        return { repository: there.value.full_name, owner: account };
      const route = "POST /repos/{owner}/{repo}/forks";
      const made = await call(
        Repository,
        route,
        { ...partsOf(upstream), default_branch_only: true },
        "making the fork",
      );
      return (await hasBranch(made.full_name)) ? { repository: made.full_name, owner: account } : "pending";
    },
    branch: (fork, name) => branchSha(github, fork.repository, name),
    async commit(fork, { head, changes, message }) {
      await catchUp(fork, head);
      const at = partsOf(fork.repository);
      const tree = await call(
        Sha,
        "POST /repos/{owner}/{repo}/git/trees",
        {
          ...at,
          base_tree: head.tree,
          tree: changes.map(({ path, mode, text }) => ({ path, mode, type: "blob", content: text })),
        },
        "writing the files",
      );
      const wish = { ...at, message, tree: tree.sha, parents: [head.sha] };
      return (await call(Sha, "POST /repos/{owner}/{repo}/git/commits", wish, "making the commit")).sha;
    },
    async point(fork, name, sha, there) {
      const at = partsOf(fork.repository);
      if (there) {
        const wish = { ...at, ref: `heads/${name}`, sha, force: true };
        await call(z.unknown(), "PATCH /repos/{owner}/{repo}/git/refs/{ref}", wish, "moving the branch");
        return;
      }
      const wish = { ...at, ref: `refs/heads/${name}`, sha };
      const made = await attempt(
        z.unknown(),
        "POST /repos/{owner}/{repo}/git/refs",
        wish,
        "making the branch",
      );
      if ("refusal" in made && (await branchSha(github, fork.repository, name)) !== sha)
        throw passing("the branch was made by somebody else meanwhile");
    },
    async pulls(upstream, fork, branch) {
      const wish = {
        ...partsOf(upstream),
        head: `${fork.owner.login}:${branch}`,
        state: "all",
        per_page: 100,
      };
      const found = await call(
        z.array(PullBody),
        "GET /repos/{owner}/{repo}/pulls",
        wish,
        "listing pull requests",
      );
      return found.map(pullOf).sort((a, b) => b.number - a.number);
    },
    async open(upstream, { fork, branch, base, title, body }) {
      const wish = {
        ...partsOf(upstream),
        title,
        body,
        base,
        head: `${fork.owner.login}:${branch}`,
        // Only an account of a person can let maintainers push to its fork.
        maintainer_can_modify: fork.owner.person,
      };
      const made = await attempt(
        PullBody,
        "POST /repos/{owner}/{repo}/pulls",
        wish,
        "opening the pull request",
      );
      if (made.value !== undefined) return pullOf(made.value);
      const { refusal } = made;
      if (refusal !== undefined && /already exists/i.test(refusal.text)) return "exists";
      if (refusal !== undefined && /no commits between/i.test(refusal.text)) return "nothing";
      throw new Permanent({
        what: "GitHub refused the pull request",
        why: `it answered ${refusal?.status ?? 0}`,
        next: "check that the upstream repository takes pull requests from forks and has not blocked the fork's account",
      });
    },
    async update(upstream, number, { title, body }) {
      const wish = { ...partsOf(upstream), pull_number: number, title, body };
      await call(
        z.unknown(),
        "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
        wish,
        "changing the pull request",
      );
    },
  };

  /** GitHub names a fork before it has filled it. */
  async function hasBranch(repository: string): Promise<boolean> {
    const found = await attempt(
      z.object({ default_branch: z.string() }),
      "GET /repos/{owner}/{repo}",
      partsOf(repository),
      "looking for the fork",
    );
    return (
      found.value !== undefined &&
      (await branchSha(github, repository, found.value.default_branch)) !== undefined
    );
  }

  /** A fork knows upstream's newest commit only once its own default branch has it. */
  async function catchUp(fork: Fork, head: Head): Promise<void> {
    if ((await branchSha(github, fork.repository, head.branch)) === head.sha) return;
    const wish = { ...partsOf(fork.repository), branch: head.branch };
    const merged = await attempt(
      z.unknown(),
      "POST /repos/{owner}/{repo}/merge-upstream",
      wish,
      "bringing the fork up to date",
    );
    if (merged.refusal?.status === 409)
      throw new Permanent({
        what: "the fork cannot be brought up to date",
        why: "its default branch has commits of its own",
        next: "on the fork's page press Sync fork, then Discard commits; or delete the fork, and it is made again",
      });
    if ("refusal" in merged) throw passing("the fork could not be brought up to date just now");
  }
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
