// Pull requests: opened from a branch to another repository's, at most one open for the two, changed and closed.
import * as z from "zod";
import { type Answer, created, list, notFound, ok, unprocessable } from "./answers.ts";
import { type Rule, windowOf } from "./call.ts";
import { inRepository } from "./repositories.ts";
import { type PullView, pullFull, pullSimple } from "./repository-answers.ts";
import { type Found, repositoryBy, repositoryById } from "./repository-store.ts";
import type { Store } from "./state.ts";

export const pullTables = `
  CREATE TABLE IF NOT EXISTS github_pull (id INTEGER PRIMARY KEY AUTOINCREMENT, repository INTEGER NOT NULL,
    number INTEGER NOT NULL, title TEXT NOT NULL, body TEXT, state TEXT NOT NULL, merged INTEGER, created INTEGER NOT NULL,
    closed INTEGER, head_repository INTEGER NOT NULL, head_ref TEXT NOT NULL, head_sha TEXT NOT NULL, base_ref TEXT NOT NULL,
    author INTEGER NOT NULL, maintainer INTEGER NOT NULL, UNIQUE (repository, number));`;

const Row = z.object({
  id: z.number(),
  repository: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(["open", "closed"]),
  merged: z.number().nullable(),
  created: z.number(),
  closed: z.number().nullable(),
  head_repository: z.number(),
  head_ref: z.string(),
  head_sha: z.string(),
  base_ref: z.string(),
  author: z.number(),
  maintainer: z.number(),
});

export function pullsOf(store: Store, repository: number): PullView[] {
  const rows = store.all(
    Row,
    "SELECT * FROM github_pull WHERE repository = ? ORDER BY number DESC",
    repository,
  );
  return rows.flatMap((row) => {
    const head = repositoryById(store, row.head_repository);
    const base = repositoryById(store, row.repository);
    const author = store.accountBy.id(row.author);
    if (head === undefined || base === undefined || author === undefined) return [];
    const baseSha = base.git.ref(`refs/heads/${row.base_ref}`) ?? "";
    return [
      {
        ...row,
        author,
        head: { found: head, ref: row.head_ref, sha: row.head_sha },
        base: { found: base, ref: row.base_ref, sha: baseSha },
      },
    ];
  });
}

export const pulls: Rule = inRepository((call, found) => {
  const { store, query, api } = call;
  const state = query["state"] ?? "open";
  // Passes over a head without an owner, as GitHub does: https://github.com/PyGithub/PyGithub/issues/1566.
  const head = query["head"]?.includes(":") ? query["head"].toLowerCase() : undefined;
  const matching = pullsOf(store, found.repository.id).filter(
    (pull) =>
      (state === "all" || pull.state === state) &&
      (head === undefined || head === `${pull.head.found.owner.login}:${pull.head.ref}`.toLowerCase()) &&
      (query["base"] === undefined || query["base"] === pull.base.ref),
  );
  const { limit, offset = 0 } = windowOf(call);
  return list(
    matching.slice(offset, offset + limit).map((pull) => pullSimple(pull, api)),
    matching.length,
  );
});

const PullRequest = z.object({
  title: z.string().min(1),
  body: z.string().max(65_536).nullish(),
  head: z.string(),
  base: z.string(),
  maintainer_can_modify: z.boolean().default(true),
});

const invalid = (field: string): Answer => unprocessable({ resource: "PullRequest", code: "invalid", field });
const custom = (message: string): Answer =>
  unprocessable({ resource: "PullRequest", code: "custom", field: "head", message });

export const createPull: Rule = inRepository((call, base) => {
  const { store, body, user, nowMs, api } = call;
  const read = PullRequest.safeParse(body);
  if (!read.success) return invalid(String(read.error.issues[0]?.path[0] ?? "title"));
  const request = read.data;
  const [owner, branch] = request.head.includes(":")
    ? request.head.split(":", 2)
    : [base.owner.login, request.head];
  const head = forkOf(store, base, owner ?? "");
  const sha = head?.git.ref(`refs/heads/${branch}`);
  const baseSha = base.git.ref(`refs/heads/${request.base}`);
  if (head === undefined || sha === undefined || user?.id !== head.owner.id) return invalid("head");
  if (baseSha === undefined) return invalid("base");
  const label = `${head.owner.login}:${branch}`;
  const twin = pullsOf(store, base.repository.id).find(
    (pull) =>
      pull.state === "open" &&
      pull.head.found.repository.id === head.repository.id &&
      pull.head.ref === branch &&
      pull.base.ref === request.base,
  );
  if (twin !== undefined) return custom(`A pull request already exists for ${label}.`);
  if (base.git.reaches(baseSha, sha)) return custom(`No commits between ${request.base} and ${label}`);
  // Only the owner of a fork can let others push to it, and an organisation cannot (https://docs.github.com/pull-requests).
  if (request.maintainer_can_modify && head.owner.type !== "User")
    return unprocessable({
      resource: "PullRequest",
      code: "custom",
      field: "fork_collab",
      message: "Fork collab can't be granted by someone without permission",
    });
  const number =
    store.count(
      "SELECT coalesce(max(number), 0) AS n FROM github_pull WHERE repository = ?",
      base.repository.id,
    ) + 1;
  store.run(
    "INSERT INTO github_pull (repository, number, title, body, state, created, head_repository, head_ref, head_sha, base_ref, author, maintainer) VALUES (?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?)",
    base.repository.id,
    number,
    request.title,
    request.body ?? null,
    nowMs,
    head.repository.id,
    branch ?? "",
    sha,
    request.base,
    user.id,
    request.maintainer_can_modify ? 1 : 0,
  );
  const made = pullsOf(store, base.repository.id).find((pull) => pull.number === number);
  return made === undefined ? notFound : created(pullFull(made, api));
});

/** The repository itself, or whoever's fork of it. */
function forkOf(store: Store, base: Found, owner: string): Found | undefined {
  if (owner.toLowerCase() === base.owner.login.toLowerCase()) return base;
  const account = store.accountBy.login(owner);
  const row = store.one(
    z.object({ name: z.string() }),
    "SELECT name FROM github_repository WHERE owner = ? AND parent = ?",
    account?.id ?? -1,
    base.repository.id,
  );
  return row === undefined ? undefined : repositoryBy(store, owner, row.name);
}

export const updatePull: Rule = inRepository(({ store, body, path, user, nowMs, api }, base) => {
  const number = Number(path["pull_number"]);
  const pull = pullsOf(store, base.repository.id).find((each) => each.number === number);
  if (pull === undefined || user === undefined || (user.id !== pull.author.id && user.id !== base.owner.id))
    return notFound;
  const request = z
    .object({
      title: z.string().min(1).optional(),
      body: z.string().max(65_536).nullish(),
      state: z.enum(["open", "closed"]).optional(),
    })
    .safeParse(body);
  if (!request.success) return invalid("body");
  const { title = pull.title, state = pull.state } = request.data;
  const text = request.data.body === undefined ? pull.body : request.data.body;
  store.run(
    "UPDATE github_pull SET title = ?, body = ?, state = ?, closed = ? WHERE id = ?",
    title,
    text,
    state,
    state === "closed" ? (pull.closed ?? nowMs) : null,
    pull.id,
  );
  const after = pullsOf(store, base.repository.id).find((each) => each.number === number);
  return after === undefined ? notFound : ok(pullFull(after, api));
});

/** An open pull request shows what its branch holds now. */
export function headMoved(store: Store, { repository }: Found, ref: string, sha: string): void {
  store.run(
    "UPDATE github_pull SET head_sha = ? WHERE head_repository = ? AND head_ref = ? AND state = 'open'",
    sha,
    repository.id,
    ref.replace(/^refs\/heads\//, ""),
  );
}
