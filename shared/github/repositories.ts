// Repositories that we only read: their releases, by tag, and files of their default branch. Whole or not at all.

import * as z from "zod";
import { failed } from "../failure.ts";
import { attempt, call } from "./account.ts";
import type { Github } from "./client.ts";
import { type Doing, unsettled } from "./failures.ts";
import { ofOthers } from "./refusals-account.ts";

export type Release = {
  tag: string;
  /** The commit that is tagged. */
  sha: string;
};

export type Head = { branch: string; sha: string; tree: string };
export type SourceFile = { path: string; sha: string; mode: "100644" | "100755"; bytes: number };

export type Repositories = {
  /** Every tag but those that GitHub calls a draft or a pre-release. */
  releases: (repository: string) => Promise<Release[]>;
  head: (repository: string) => Promise<Head>;
  /** The files whose path matches; text files are what is looked for, so links and modules are left out. */
  files: (repository: string, head: Head, matches: (path: string) => boolean) => Promise<SourceFile[]>;
  /** Undefined for what is too large, or no text. */
  text: (repository: string, file: SourceFile) => Promise<string | undefined>;
};

const pageSize = 100;
const maximumPages = 50;
const maximumBytes = 1024 * 1024;

const Tags = z.array(z.object({ name: z.string(), commit: z.object({ sha: z.string() }) }));
const Releases = z.array(z.object({ tag_name: z.string(), draft: z.boolean(), prerelease: z.boolean() }));
const Repository = z.object({ default_branch: z.string() });
const Ref = z.object({ object: z.object({ sha: z.string() }) });
const Commit = z.object({ tree: z.object({ sha: z.string() }) });
const Tree = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      type: z.string(),
      sha: z.string(),
      size: z.number().optional(),
    }),
  ),
});
const Blob = z.object({ content: z.string(), encoding: z.literal("base64"), size: z.number() });

/** "owner/name" in its two parts, as the routes want them. */
export const partsOf = (repository: string): { owner: string; repo: string } => {
  const [owner = "", repo = ""] = repository.split("/");
  return { owner, repo };
};

/** The commit of a branch; undefined when there is no such branch, or nothing in the repository yet. */
export async function branchSha(
  github: Github,
  repository: string,
  branch: string,
): Promise<string | undefined> {
  const found = await attempt(
    github,
    {
      shape: Ref,
      route: "GET /repos/{owner}/{repo}/git/ref/{ref}",
      parameters: { ...partsOf(repository), ref: `heads/${branch}` },
      what: "a branch could not be read",
    },
    ({ status, text }) => status === 404 || (status === 409 && /empty/i.test(text)),
  );
  return found.value?.object.sha;
}

const reading: Doing = {
  what: "the upstream repository could not be read",
  as: "account",
  known: ofOthers,
};

/** Reads of repositories; each refusal is thrown in the words that a person is told. */
export function repositories(github: Github): Repositories {
  const get = <T>(shape: z.ZodType<T>, route: string, parameters: Record<string, unknown>): Promise<T> =>
    call(github, { shape, route, parameters, what: reading.what, known: ofOthers });
  async function pages<T>(shape: z.ZodType<T[]>, route: string, repository: string): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1; page <= maximumPages; page += 1) {
      const found = await get(shape, route, { ...partsOf(repository), per_page: pageSize, page });
      all.push(...found);
      if (found.length < pageSize) return all;
    }
    throw tooLong("endless-list", `it has more than ${maximumPages * pageSize} tags or releases`);
  }

  return {
    async releases(repository) {
      const tags = await pages(Tags, "GET /repos/{owner}/{repo}/tags", repository);
      const announced = await pages(Releases, "GET /repos/{owner}/{repo}/releases", repository);
      const unready = new Set(
        announced.filter(({ draft, prerelease }) => draft || prerelease).map(({ tag_name }) => tag_name),
      );
      const found = new Map(tags.map(({ name, commit }) => [name, commit.sha]));
      return [...found].filter(([tag]) => !unready.has(tag)).map(([tag, sha]) => ({ tag, sha }));
    },
    async head(repository) {
      const { default_branch: branch } = await get(
        Repository,
        "GET /repos/{owner}/{repo}",
        partsOf(repository),
      );
      const sha = await branchSha(github, repository, branch);
      if (sha === undefined)
        throw unsettled(reading, "no-default-branch", "its default branch has no commit just now");
      const route = "GET /repos/{owner}/{repo}/git/commits/{commit_sha}";
      const { tree } = await get(Commit, route, { ...partsOf(repository), commit_sha: sha });
      return { branch, sha, tree: tree.sha };
    },
    async files(repository, { tree }, matches) {
      const route = "GET /repos/{owner}/{repo}/git/trees/{tree_sha}";
      const read = await get(Tree, route, { ...partsOf(repository), tree_sha: tree, recursive: "1" });
      // Half a list would leave references behind without a word.
      if (read.truncated)
        throw tooLong(
          "too-many-files",
          "it has more files than GitHub lists in one answer (100,000, or 7 MB)",
        );
      return read.tree.flatMap(({ path, mode, type, sha, size = 0 }) =>
        type === "blob" && (mode === "100644" || mode === "100755") && matches(path)
          ? [{ path, sha, mode, bytes: size }]
          : [],
      );
    },
    async text(repository, { sha, bytes }) {
      if (bytes > maximumBytes) return undefined;
      const route = "GET /repos/{owner}/{repo}/git/blobs/{file_sha}";
      const { content, size } = await get(Blob, route, { ...partsOf(repository), file_sha: sha });
      if (size > maximumBytes) return undefined;
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
          Buffer.from(content, "base64"),
        );
      } catch {
        return undefined;
      }
    },
  };
}

/** Half a list is no list, and no time mends it: https://docs.github.com/rest/git/trees#get-a-tree. */
const tooLong = (cause: string, why: string): Error =>
  failed({
    service: "github",
    cause,
    lasts: "lasting",
    explanation: {
      what: reading.what,
      why,
      next: "report it to whoever develops Groundcrew: this repository is larger than it was made for",
    },
  });
