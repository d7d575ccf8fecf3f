// Which repositories there are, whose each is, and the git behind it. What GitHub shows of them is written elsewhere.
import * as z from "zod";
import { type Git, gitTables, openGit } from "./git.ts";
import type { Account, Store } from "./state.ts";

export const repositoryTables = `${gitTables}
  CREATE TABLE IF NOT EXISTS github_repository (id INTEGER PRIMARY KEY AUTOINCREMENT, owner INTEGER NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE, default_branch TEXT NOT NULL, parent INTEGER, UNIQUE (owner, name));
  CREATE TABLE IF NOT EXISTS github_release (id INTEGER PRIMARY KEY AUTOINCREMENT, repository INTEGER NOT NULL,
    tag TEXT NOT NULL, prerelease INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE (repository, tag));`;

export const Repository = z.object({
  id: z.number(),
  owner: z.number(),
  name: z.string(),
  default_branch: z.string(),
  parent: z.number().nullable(),
});
export type Repository = z.infer<typeof Repository>;
export type Found = { repository: Repository; owner: Account; git: Git };

const columns = "id, owner, name, default_branch, parent";

export function repositoryById(store: Store, id: number): Found | undefined {
  const repository = store.one(Repository, `SELECT ${columns} FROM github_repository WHERE id = ?`, id);
  const owner = repository === undefined ? undefined : store.accountBy.id(repository.owner);
  if (repository === undefined || owner === undefined) return undefined;
  return { repository, owner, git: openGit(store, id) };
}

export function repositoryBy(store: Store, owner: string, name: string): Found | undefined {
  const account = store.accountBy.login(owner);
  if (account === undefined) return undefined;
  const row = store.one(
    Repository,
    `SELECT ${columns} FROM github_repository WHERE owner = ? AND name = ?`,
    account.id,
    name,
  );
  return row === undefined ? undefined : repositoryById(store, row.id);
}

export function makeRepository(store: Store, of: Omit<Repository, "id">): Found {
  const { id } = store.run(
    "INSERT INTO github_repository (owner, name, default_branch, parent) VALUES (?, ?, ?, ?)",
    of.owner,
    of.name,
    of.default_branch,
    of.parent,
  );
  const made = repositoryById(store, id);
  if (made === undefined) throw new Error("the repository's owner has no account");
  return made;
}
