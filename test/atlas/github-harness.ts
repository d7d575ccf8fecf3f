// Each call of ours that meets an answer of GitHub's, over a port and by the production adapters, as the App or the account.
import { generateKeyPairSync } from "node:crypto";
import { failed } from "../../shared/failure.ts";
import { accountClient } from "../../shared/github/account.ts";
import { type Github, githubClient } from "../../shared/github/client.ts";
import { type Fork, forks } from "../../shared/github/fork.ts";
import { invitationLists, readInvitations } from "../../shared/github/lists.ts";
import { resolveLogins } from "../../shared/github/logins.ts";
import { readTeams } from "../../shared/github/people.ts";
import { repositories } from "../../shared/github/repositories.ts";
import { teamWrites } from "../../shared/github/team-writes.ts";
import type { Recorded } from "./entry.ts";
import { type Call, said } from "./github-said.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const organisation = "example-hub";
const upstream = "example-ops/infrastructure";
const fork: Fork = { repository: "crew/infrastructure", owner: { login: "crew", person: true } };
const head = { branch: "main", sha: "a".repeat(40), tree: "b".repeat(40) };

/** Answers of GitHub before the call that fails, each by the beginning of its path. */
const before: Partial<Record<Call, Record<string, Recorded>>> = {
  "make-fork": {
    "/user": said(200, { login: "crew", type: "User" }),
    "/repos/crew/": said(404, { message: "Not Found" }),
  },
  "catch-up": { "/repos/crew/infrastructure/git/ref/": said(200, { object: { sha: "c".repeat(40) } }) },
  commit: { "/repos/crew/infrastructure/git/ref/": said(200, { object: { sha: head.sha } }) },
};
const signIn: Record<string, Recorded> = {
  [`/orgs/${organisation}/installation`]: said(200, { id: 1 }),
  "/app/installations/": said(201, {
    token: "ghs_invented",
    expires_at: "2031-03-03T11:00:00Z",
    permissions: { members: "write" },
  }),
};

/** Gives the answers that come before a call. "installation" and "access-token" themselves come before the other calls. */
export function preludeOf(call: Call): (path: string) => Recorded | undefined {
  const answers: Record<string, Recorded> = { ...signIn, ...before[call] };
  if (call === "installation" || call === "access-token") delete answers["/app/installations/"];
  if (call === "installation") delete answers[`/orgs/${organisation}/installation`];
  return (path) => Object.entries(answers).find(([start]) => path.startsWith(start))?.[1];
}

/** A value of ours that is a refusal speaks for itself. */
const spoken = (answer: unknown): unknown => {
  if (typeof answer !== "object" || answer === null || !("failure" in answer)) return answer;
  return failed(answer.failure as Parameters<typeof failed>[0]);
};

export function callers(url: string, timeoutMs = 60_000): Record<Call, () => Promise<unknown>> {
  const connection = { endpoints: { github: url }, timeoutMs };
  // An App's client keeps its token: whoever signs in anew has a client of its own.
  const signingIn = (): Github =>
    githubClient({
      ...connection,
      appId: 1,
      organisation,
      privateKey: async () => privateKey,
      permissions: { members: "write" },
    });
  const app = signingIn();
  const account = accountClient({ ...connection, token: async () => "ghp_invented" });
  const writes = teamWrites(app, organisation);
  const ours = () => forks(account);
  const theirs = repositories(account);
  const teams = (github: Github) => readTeams(github, organisation, ["base"]);
  const change = { head, changes: [{ path: "a", mode: "100644" as const, text: "x" }], message: "m" };
  return {
    installation: () => teams(signingIn()),
    "access-token": () => teams(signingIn()),
    "invitation-list": async () =>
      readInvitations(await app(), invitationLists.pending, { org: organisation }),
    teams: () => teams(app),
    logins: () => resolveLogins(app, organisation, ["ada-a"]),
    invite: () => writes.invite({ userId: 1, teamIds: [1] }),
    "add-to-team": () => writes.addToTeam({ slug: "base", login: "ada-a" }),
    "remove-from-team": () => writes.removeFromTeam({ slug: "base", login: "ada-a" }),
    withdraw: () => writes.cancelInvitation(1),
    "own-name": () => ours().fork(upstream),
    "make-fork": () => ours().fork(upstream),
    "catch-up": () => ours().commit(fork, change),
    commit: () => ours().commit(fork, change),
    "make-branch": () => ours().point(fork, "bump", head.sha, false),
    "move-branch": () => ours().point(fork, "bump", head.sha, true),
    "list-pulls": () => ours().pulls(upstream, fork, "bump"),
    "open-pull": () => ours().open(upstream, { fork, branch: "bump", base: "main", title: "t", body: "b" }),
    "update-pull": () => ours().update(upstream, 1, { title: "t", body: "b" }),
    upstream: () => theirs.head(upstream),
    tags: () => theirs.releases(upstream),
    files: () => theirs.files(upstream, head, () => true),
  };
}

/** Gives the end of a call: the error that it throws, or the refusal that it gives. */
export const endOf = (call: () => Promise<unknown>): Promise<unknown> =>
  call().then(spoken, (error: unknown) => error);
