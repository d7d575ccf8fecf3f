// Acts of the repositories' own people, which no API call of ours does: commit, tag a release, merge or close a pull request.
// Switches for a person who tries the sample hub, and for tests.
import { atOnceIn, type State } from "../wire/state.ts";
import type { Files } from "./git.ts";
import { headMoved, pullsOf, pullTables } from "./pulls.ts";
import { type Found, makeRepository, repositoryBy, repositoryTables } from "./repository-store.ts";
import type { Account, Store } from "./state.ts";

export type Upstream = ReturnType<typeof openUpstream>;

export type Pull = {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  merged: boolean;
  /** "<owner>:<branch>" */
  head: string;
  sha: string;
};

const branch = "main";
const operator = { name: "Operator", email: "operator@example.org" };

export function openUpstream(state: State, store: Store, nowMs: () => number, before: () => void) {
  state.exec(`${repositoryTables}${pullTables}`);

  const account = (login: string, type: Account["type"]): number =>
    store.accountBy.login(login)?.id ?? store.signUp(login, { type });
  function repository(name: string): Found {
    const [owner = "", repo = ""] = name.split("/");
    const found = repositoryBy(store, owner, repo);
    if (found !== undefined) return found;
    return makeRepository(store, {
      owner: account(owner, "Organization"),
      name: repo,
      default_branch: branch,
      parent: null,
    });
  }
  function commitOn(
    found: Found,
    ref: string,
    of: { tree: string; message: string; at: number; author?: string },
  ): string {
    const parent = found.git.ref(ref);
    const who = {
      ...(of.author === undefined ? operator : { name: of.author, email: `${of.author}@example.org` }),
      date: new Date(of.at).toISOString(),
    };
    const sha = found.git.putCommit({
      tree: of.tree,
      parents: parent === undefined ? [] : [parent],
      author: who,
      committer: who,
      message: of.message,
    });
    found.git.setRef(ref, sha);
    headMoved(store, found, ref, sha);
    return sha;
  }
  const atOnce = atOnceIn(state, before);
  const filesAt = (found: Found, sha: string | undefined): Files => {
    const tree = sha === undefined ? undefined : found.git.commit(sha)?.tree;
    return tree === undefined ? new Map() : found.git.files(tree);
  };
  const end = (name: string, number: number, merged: number | null): void => {
    store.run(
      "UPDATE github_pull SET state = 'closed', closed = ?, merged = ? WHERE repository = ? AND number = ? AND state = 'open'",
      nowMs(),
      merged,
      repository(name).repository.id,
      number,
    );
  };

  return {
    /** An account, when it is missing. */
    account: atOnce((login: string) => account(login, "User")),
    /** Makes the default branch hold exactly these files; nothing where it does already. */
    publish: atOnce(
      (name: string, files: ReadonlyMap<string, Buffer>, message: string): "committed" | "same" => {
        const found = repository(name);
        const tree = found.git.treeOf(
          new Map(
            [...files].map(([path, bytes]) => [
              path,
              { mode: "100644", type: "blob", sha: found.git.putBlob(bytes) },
            ]),
          ),
        );
        const head = found.git.ref(`refs/heads/${branch}`);
        if (head !== undefined && found.git.commit(head)?.tree === tree) return "same";
        commitOn(found, `refs/heads/${branch}`, { tree, message, at: nowMs() });
        return "committed";
      },
    ),
    /** Tags a commit of its own as a release; gives the commit, or nothing where the tag is there. */
    tag: atOnce(
      (name: string, release: { tag: string; at: Date; prerelease?: boolean }): string | undefined => {
        const found = repository(name);
        if (found.git.ref(`refs/tags/${release.tag}`) !== undefined) return undefined;
        const at = release.at.getTime();
        const tree = found.git.treeOf(
          new Map([
            [
              "VERSION",
              { mode: "100644", type: "blob", sha: found.git.putBlob(Buffer.from(`${release.tag}\n`)) },
            ],
          ]),
        );
        const sha = commitOn(found, `refs/heads/${branch}`, {
          tree,
          message: `Update the environment for ${release.tag}`,
          at,
        });
        found.git.setRef(`refs/tags/${release.tag}`, sha);
        if (release.prerelease === true)
          store.run(
            "INSERT INTO github_release (repository, tag, prerelease, at) VALUES (?, ?, 1, ?)",
            found.repository.id,
            release.tag,
            at,
          );
        return sha;
      },
    ),
    /** Somebody pushes a commit to a branch, of a fork too. */
    commit: atOnce(
      (name: string, on: string, change: { path: string; text: string; author: string }): string => {
        const found = repository(name);
        const files = filesAt(found, found.git.ref(`refs/heads/${on}`));
        files.set(change.path, {
          mode: "100644",
          type: "blob",
          sha: found.git.putBlob(Buffer.from(change.text)),
        });
        const tree = found.git.treeOf(files);
        return commitOn(found, `refs/heads/${on}`, {
          tree,
          message: `Change ${change.path}`,
          at: nowMs(),
          author: change.author,
        });
      },
    ),
    /** The text of a file on a branch. */
    read: (name: string, on: string, path: string): string | undefined => {
      const found = repository(name);
      const file = filesAt(found, found.git.ref(`refs/heads/${on}`)).get(path);
      return file === undefined ? undefined : found.git.blob(file.sha)?.toString();
    },
    /** The tree of a commit, by its hash. */
    treeOf: (name: string, sha: string): string | undefined => repository(name).git.commit(sha)?.tree,
    parentsOf: (name: string, sha: string): string[] => repository(name).git.commit(sha)?.parents ?? [],
    head: (name: string, on: string): string | undefined => repository(name).git.ref(`refs/heads/${on}`),
    pulls: (name: string): Pull[] =>
      pullsOf(store, repository(name).repository.id).map(
        ({ number, title, body, state: is, merged, head }) => ({
          number,
          title,
          body: body ?? "",
          state: is,
          merged: merged !== null,
          head: `${head.found.owner.login}:${head.ref}`,
          sha: head.sha,
        }),
      ),
    close: atOnce((name: string, number: number) => end(name, number, null)),
    /** Merges a pull request; gives the files of the default branch afterwards. */
    merge: atOnce((name: string, number: number): Map<string, Buffer> => {
      const found = repository(name);
      const pull = pullsOf(store, found.repository.id).find(
        (each) => each.number === number && each.state === "open",
      );
      if (pull === undefined) throw new Error("the sample GitHub has no such open pull request");
      found.git.adopt(pull.head.found.repository.id);
      const before = filesAt(found, found.git.commit(pull.head.sha)?.parents[0]);
      const files = filesAt(found, found.git.ref(`refs/heads/${branch}`));
      for (const [path, file] of filesAt(found, pull.head.sha))
        if (file.type === "blob" && before.get(path)?.sha !== file.sha) files.set(path, file);
      commitOn(found, `refs/heads/${branch}`, {
        tree: found.git.treeOf(files),
        message: `Merge pull request #${number}`,
        at: nowMs(),
      });
      end(name, number, nowMs());
      const blobs = [...files].filter(([, { type }]) => type === "blob");
      return new Map(blobs.map(([path, { sha }]) => [path, found.git.blob(sha) ?? Buffer.alloc(0)]));
    }),
  };
}
