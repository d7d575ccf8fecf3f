// Git's own objects: blobs, trees and commits with their true hashes, kept once and known to the repositories that hold them.
// A fork knows what was copied into it and what was pushed to it; upstream's newer commits it does not know.
import { createHash } from "node:crypto";
import * as z from "zod";
import type { Store } from "./state.ts";

export const gitTables = `
  CREATE TABLE IF NOT EXISTS github_git_object (sha TEXT PRIMARY KEY, type TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS github_repository_object (repository INTEGER NOT NULL, sha TEXT NOT NULL,
    PRIMARY KEY (repository, sha)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS github_ref (repository INTEGER NOT NULL, name TEXT NOT NULL, sha TEXT NOT NULL,
    PRIMARY KEY (repository, name)) WITHOUT ROWID;`;

export type ObjectType = "blob" | "tree" | "commit";
export type TreeEntry = { mode: string; type: ObjectType; name: string; sha: string };
export type Person = { name: string; email: string; date: string };
export type Commit = {
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
};
/** Path to what lies there. */
export type Files = Map<string, { mode: string; type: ObjectType; sha: string }>;

export type Git = ReturnType<typeof openGit>;

const Row = z.object({ type: z.enum(["blob", "tree", "commit"]), body: z.string() });

/** The objects and refs of one repository. */
export function openGit(store: Store, repository: number) {
  function put(type: ObjectType, body: Buffer): string {
    const sha = createHash("sha1").update(`${type} ${body.length}\0`).update(body).digest("hex");
    store.run("INSERT OR IGNORE INTO github_git_object VALUES (?, ?, ?)", sha, type, body.toString("base64"));
    store.run("INSERT OR IGNORE INTO github_repository_object VALUES (?, ?)", repository, sha);
    return sha;
  }
  function get(type: ObjectType, sha: string): Buffer | undefined {
    const row = store.one(
      Row,
      `SELECT o.type, o.body FROM github_git_object o JOIN github_repository_object r ON r.sha = o.sha
       WHERE r.repository = ? AND o.sha = ? AND o.type = ?`,
      repository,
      sha,
      type,
    );
    return row === undefined ? undefined : Buffer.from(row.body, "base64");
  }

  function putTree(entries: readonly TreeEntry[]): string {
    // Git orders a folder as if its name ended in a slash.
    const key = ({ name, type }: TreeEntry) => Buffer.from(type === "tree" ? `${name}/` : name);
    const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)));
    const parts = sorted.flatMap(({ mode, name, sha }) => [
      Buffer.from(`${mode.replace(/^0+/, "")} ${name}\0`),
      Buffer.from(sha, "hex"),
    ]);
    return put("tree", Buffer.concat(parts));
  }
  function tree(sha: string): TreeEntry[] | undefined {
    const body = get("tree", sha);
    if (body === undefined) return undefined;
    const entries: TreeEntry[] = [];
    for (let at = 0; at < body.length; ) {
      const end = body.indexOf(0, at);
      const [mode = "", ...name] = body.toString("utf8", at, end).split(" ");
      const padded = mode.padStart(6, "0");
      entries.push({
        mode: padded,
        type: padded === "040000" ? "tree" : padded === "160000" ? "commit" : "blob",
        name: name.join(" "),
        sha: body.toString("hex", end + 1, end + 21),
      });
      at = end + 21;
    }
    return entries;
  }

  /** Everything below a tree, folders too. */
  function files(sha: string, prefix = ""): Files {
    const found: Files = new Map();
    for (const { name, mode, type, sha: inner } of tree(sha) ?? []) {
      found.set(`${prefix}${name}`, { mode, type, sha: inner });
      if (type === "tree")
        for (const [path, file] of files(inner, `${prefix}${name}/`)) found.set(path, file);
    }
    return found;
  }

  /** The tree of these files; folders are made from their paths. */
  function treeOf(wanted: Files): string {
    const here: TreeEntry[] = [];
    const below = new Map<string, Files>();
    for (const [path, file] of wanted) {
      if (file.type === "tree") continue;
      const [first = "", ...rest] = path.split("/");
      if (rest.length === 0) here.push({ name: first, ...file });
      else below.set(first, (below.get(first) ?? new Map()).set(rest.join("/"), file));
    }
    for (const [name, inner] of below) here.push({ name, mode: "040000", type: "tree", sha: treeOf(inner) });
    return putTree(here);
  }

  const stamp = ({ name, email, date }: Person): string =>
    `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
  const putCommit = ({ tree: root, parents, author, committer, message }: Commit): string =>
    put(
      "commit",
      Buffer.from(
        [
          `tree ${root}`,
          ...parents.map((parent) => `parent ${parent}`),
          `author ${stamp(author)}`,
          `committer ${stamp(committer)}`,
          "",
          message,
        ].join("\n"),
      ),
    );
  function commit(sha: string): Commit | undefined {
    const text = get("commit", sha)?.toString();
    if (text === undefined) return undefined;
    const cut = text.indexOf("\n\n");
    const lines = text.slice(0, cut).split("\n");
    const all = (word: string) =>
      lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
    const person = (word: string): Person => {
      const [, name = "", email = "", seconds = "0"] = /^(.*) <(.*)> (\d+) /.exec(all(word)[0] ?? "") ?? [];
      return { name, email, date: new Date(Number(seconds) * 1000).toISOString().replace(".000", "") };
    };
    return {
      tree: all("tree")[0] ?? "",
      parents: all("parent"),
      author: person("author"),
      committer: person("committer"),
      message: text.slice(cut + 2),
    };
  }

  /** Tells whether `ancestor` is `sha` or lies before it. */
  function reaches(sha: string, ancestor: string): boolean {
    const waiting = [sha];
    const seen = new Set<string>();
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === ancestor) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...(commit(next)?.parents ?? []));
    }
    return false;
  }

  return {
    putBlob: (bytes: Buffer) => put("blob", bytes),
    blob: (sha: string) => get("blob", sha),
    tree,
    files,
    treeOf,
    putCommit,
    commit,
    reaches,
    ref: (name: string): string | undefined =>
      store.one(
        z.object({ sha: z.string() }),
        "SELECT sha FROM github_ref WHERE repository = ? AND name = ?",
        repository,
        name,
      )?.sha,
    refs: (prefix: string) =>
      store.all(
        z.object({ name: z.string(), sha: z.string() }),
        "SELECT name, sha FROM github_ref WHERE repository = ? AND name >= ? AND name < ? ORDER BY name",
        repository,
        prefix,
        `${prefix}\u{10ffff}`,
      ),
    setRef: (name: string, sha: string): void => {
      store.run("INSERT OR REPLACE INTO github_ref VALUES (?, ?, ?)", repository, name, sha);
    },
    /** Takes over what another repository knows: a fork, and its being brought up to date. */
    adopt: (from: number): void => {
      store.run(
        "INSERT OR IGNORE INTO github_repository_object SELECT ?, sha FROM github_repository_object WHERE repository = ?",
        repository,
        from,
      );
    },
  };
}
