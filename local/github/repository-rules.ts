// Which rule answers which operation on repositories; all of them want an account of a person or a machine, not an App.
import { ok, publicUser } from "./answers.ts";
import type { Rule } from "./call.ts";
import type { Operation } from "./contract.ts";
import * as pulls from "./pulls.ts";
import * as repositories from "./repositories.ts";
import * as trees from "./trees.ts";

type RepositoryOperation = Extract<Operation, `${string} /repos/${string}` | "GET /user">;

const self: Rule = ({ user, api }) => {
  if (user === undefined) throw new Error("who calls was checked before");
  return ok({ ...publicUser(user, api), user_view_type: "public" });
};

const rules: Record<RepositoryOperation, Rule> = {
  "GET /user": self,
  "GET /repos/{owner}/{repo}": repositories.repository,
  "GET /repos/{owner}/{repo}/tags": repositories.tags,
  "GET /repos/{owner}/{repo}/releases": repositories.releases,
  "GET /repos/{owner}/{repo}/git/ref/{ref}": repositories.ref,
  "GET /repos/{owner}/{repo}/git/commits/{commit_sha}": repositories.commit,
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}": trees.tree,
  "GET /repos/{owner}/{repo}/git/blobs/{file_sha}": repositories.blob,
  "POST /repos/{owner}/{repo}/git/trees": trees.createTree,
  "POST /repos/{owner}/{repo}/git/commits": repositories.createCommit,
  "POST /repos/{owner}/{repo}/git/refs": repositories.createRef,
  "PATCH /repos/{owner}/{repo}/git/refs/{ref}": repositories.updateRef(pulls.headMoved),
  "POST /repos/{owner}/{repo}/forks": repositories.fork,
  "POST /repos/{owner}/{repo}/merge-upstream": repositories.mergeUpstream,
  "GET /repos/{owner}/{repo}/pulls": pulls.pulls,
  "POST /repos/{owner}/{repo}/pulls": pulls.createPull,
  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}": pulls.updatePull,
};

type Guarded = Record<RepositoryOperation, { need: "user"; rule: Rule }>;

export const repositoryRules: Guarded = Object.fromEntries(
  Object.entries(rules).map(([operation, rule]) => [operation, { need: "user", rule }]),
) as Guarded;
