// Scopes of a classic token: what it may do with public repositories, and that workflows need one of their own.
// https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
import { type Answer, notFound, refusal } from "./answers.ts";
import type { Caller } from "./app-auth.ts";
import type { Call } from "./call.ts";
import type { Operation } from "./contract.ts";
import type { Found } from "./repository-store.ts";

/** Scopes of a token that says nothing of them: those that docs/deploy.md asks for. */
export const scopesAskedFor: readonly string[] = ["public_repo", "workflow"];

const writing = ["public_repo", "repo"];
const workflows = ".github/workflows/";

/** Scopes of which an operation accepts any; reading what is public needs none. */
const acceptedBy = (operation: Operation | "POST /graphql"): readonly string[] =>
  / \/repos\//.test(operation) && !operation.startsWith("GET ") ? writing : [];

/** https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps#requested-scopes-and-granted-scopes */
export const scopeHeaders = (
  caller: Caller,
  operation: Operation | "POST /graphql",
): Record<string, string> =>
  "scopes" in caller && caller.scopes !== undefined
    ? {
        "x-oauth-scopes": caller.scopes.join(", "),
        "x-accepted-oauth-scopes": acceptedBy(operation).join(", "),
      }
    : {};

/**
 * Refuses a token without a scope as if the thing were not there.
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource
 */
export function lacksScope(caller: Caller, operation: Operation): Answer | undefined {
  const accepted = acceptedBy(operation);
  if (caller.kind !== "user" || accepted.length === 0) return undefined;
  return caller.scopes.some((scope) => accepted.includes(scope)) ? undefined : notFound;
}

const mayNotBring = ({ scopes = [] }: Call): boolean => !scopes.includes("workflow");

/** A tree with a workflow in it is not found. https://github.com/octokit/rest.js/issues/368 */
export const workflowInTree = (call: Call, paths: readonly string[]): Answer | undefined =>
  mayNotBring(call) && paths.some((path) => path.startsWith(workflows)) ? notFound : undefined;

/**
 * Refuses a branch that brings workflows which the repository's default branch has not.
 * https://github.com/cli/cli/pull/7612, https://github.com/refined-github/refined-github/issues/7641
 */
export function workflowInBranch(
  call: Call,
  { git, repository }: Found,
  files: Found["git"],
  to: string,
): Answer | undefined {
  if (!mayNotBring(call)) return undefined;
  const of = (from: Found["git"], sha: string | undefined) =>
    from.files((sha === undefined ? undefined : from.commit(sha)?.tree) ?? "");
  const known = of(git, git.ref(`refs/heads/${repository.default_branch}`));
  const path = [...of(files, to)].find(
    ([at, { sha, type }]) => type === "blob" && at.startsWith(workflows) && known.get(at)?.sha !== sha,
  )?.[0];
  return path === undefined
    ? undefined
    : refusal(
        422,
        `refusing to allow a Personal Access Token to create or update workflow \`${path}\` without \`workflow\` scope`,
      );
}
