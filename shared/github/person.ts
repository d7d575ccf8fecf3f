// GitHub by a person's own token, for one command that plans before anything is deployed. It only reads: a write is refused here,
// whatever the token may do.
import type { Octokit } from "@octokit/core";
import * as z from "zod";
import { failed, failureIn } from "../failure.ts";
import type { Github } from "./client.ts";
import { type Connection, plainOctokit } from "./octokit.ts";
import { limitCauses } from "./refusals.ts";

/**
 * Gives a client by a person's token. `scopes` is told what a classic token may do, as GitHub says beside each answer; of a fine-grained
 * one it says nothing (https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps).
 */
export function personGithub(
  options: Connection & { token: string; scopes: (all: readonly string[]) => void },
): Github {
  let client: Promise<Octokit> | undefined;
  return () => {
    client ??= connect(options);
    return client;
  };
}

async function connect({
  token,
  scopes,
  ...connection
}: Parameters<typeof personGithub>[0]): Promise<Octokit> {
  const octokit = await plainOctokit(connection);
  octokit.hook.wrap("request", async (request, given) => {
    const { success: reads } = Reading.safeParse(given);
    if (!reads) throw new Error("a plan by a person's token only reads");
    const answer = await request({
      ...given,
      headers: { ...given.headers, authorization: `Bearer ${token}` },
    });
    const told = answer.headers["x-oauth-scopes"];
    if (typeof told === "string") scopes(told.split(",").map((scope) => scope.trim()));
    return answer;
  });
  return octokit;
}

const Reading = z.union([
  z.looseObject({ method: z.literal("GET") }),
  z.looseObject({
    method: z.literal("POST"),
    url: z.literal("/graphql"),
    query: z.string().regex(/^\s*query\b/),
  }),
]);

/** Scopes of a classic token that change nothing. */
const readingScopes = /^(|read:[\w_]+|user:email)$/;

/** Gives those of a classic token's scopes that may change something. */
export const writingScopes = (scopes: readonly string[]): string[] =>
  scopes.filter((scope) => !readingScopes.test(scope));

const token =
  "a fine-grained token of an owner, with the organisation as its resource owner and the organisation permission Members: Read-only";

/** Words for a person at a terminal, where those for the deployed App would send them astray; by cause. */
const words: Record<string, { why: string; next: string }> = {
  "app-token": {
    why: "GitHub does not take the token: it has expired, was revoked, or was not copied whole",
    next: `make a new one (${token}), and put it into the variable`,
  },
  "app-permission": {
    why: "the token may not read who is in the organisation's teams and who is invited",
    next: `use ${token}`,
  },
  "403": {
    why: "GitHub lets this token not read the organisation's invitations, or not yet",
    next: `use ${token}; the organisation's owners may have to approve it first`,
  },
  "404": {
    why: "GitHub shows this token no such organisation or list: what a token may not see looks as if it were not there",
    next: `use ${token}, and compare the organisation's name in the settings`,
  },
  "single-sign-on": {
    why: "the organisation's single sign-on does not know the token",
    next: "press Configure SSO beside the token in your GitHub settings, and authorise it for the organisation",
  },
  "team-unknown": {
    why: "it was renamed or deleted, the settings misspell it, or it is secret and the token's owner is not in it",
    next: `correct it in the settings, or use ${token}`,
  },
};

/** Says a failure of reading GitHub as whoever holds the token can mend it; any other error stays what it is. */
export function inPersonsWords(error: unknown): unknown {
  const failure = failureIn(error);
  if (failure === undefined) return error;
  const { cause, lasts, explanation, waitSeconds = 60 } = failure;
  const known = Object.hasOwn(words, cause) ? words[cause] : undefined;
  const minutes = Math.ceil(waitSeconds / 60);
  const later = limitCauses.has(cause)
    ? `run it again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}`
    : "run it again; when it goes on, see https://www.githubstatus.com";
  const next = lasts === "transient" ? later : explanation.next;
  return failed({ ...failure, explanation: { ...explanation, next, ...known } });
}
