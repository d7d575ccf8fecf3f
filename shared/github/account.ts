// GitHub as an account of its own, with a classic token: the way to a fork and to pull requests in an organisation where our
// App is not installed (https://github.com/orgs/community/discussions/106661). Nothing is retried here.
import type { Octokit } from "@octokit/core";
import type { Endpoints } from "../endpoints.ts";
import { isPermanent, Permanent } from "../errors.ts";
import type { Github } from "./client.ts";
import { isLimit, refusalIn, waitError } from "./failures.ts";
import { plainOctokit } from "./octokit.ts";

/** A client in the name of one account; it asks for the token at its first request. */
export function accountClient(options: {
  endpoints: Endpoints;
  token: () => Promise<string>;
  fetch?: typeof fetch;
}): Github {
  let client: Promise<Octokit> | undefined;
  const connect = async (): Promise<Octokit> => {
    const octokit = await plainOctokit(options);
    octokit.hook.before("request", async (request) => {
      request.headers.authorization = `token ${(await options.token()).trim()}`;
    });
    return octokit;
  };
  return () => {
    client ??= connect();
    return client;
  };
}

/** What to throw for a failure: a `Permanent` where only people can help, else a plain error for another attempt. */
export function accountFailure(error: unknown, doing: string): unknown {
  if (isPermanent(error)) return error;
  const refusal = refusalIn(error);
  if (refusal === undefined) return error;
  if (isLimit(refusal)) return waitError(refusal.headers);
  const { status, answered } = refusal;
  if (!answered || status >= 500)
    return new Error(answered ? `GitHub answered ${status}: ${doing}` : `GitHub did not answer: ${doing}`);
  if (status === 401)
    return new Permanent({
      what: "GitHub did not accept the fork's token",
      why: "it has expired, was revoked, or is none",
      next: "make a new classic token (scope public_repo) for the account of the fork, store it as the secret github-fork-token, and run the flow again",
    });
  return new Permanent({
    what: "GitHub refused a request about the images' pull request",
    why: `it answered ${status}: ${doing}`,
    next: "check images.upstream and images.releases in the settings, and that the fork's account may still push to its fork",
  });
}
