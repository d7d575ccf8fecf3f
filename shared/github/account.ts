// GitHub as an account of its own, with a classic token: the way to a fork and to pull requests in an organisation where our
// App is not installed (https://github.com/orgs/community/discussions/106661). Nothing is retried here.
import type { Octokit } from "@octokit/core";
import type * as z from "zod";
import type { Pattern } from "../failure.ts";
import type { Github } from "./client.ts";
import { type Doing, failureOf, type Refusal, refusalIn, unreadable } from "./failures.ts";
import { type Connection, plainOctokit } from "./octokit.ts";

/** A client in the name of one account; it asks for the token at its first request. */
export function accountClient(options: Connection & { token: () => Promise<string> }): Github {
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

/** One call as the account. */
export type Call<T> = {
  shape: z.ZodType<T>;
  route: string;
  parameters?: Record<string, unknown>;
  /** Words for what could not be done, when it fails. */
  what: string;
  write?: boolean;
  /** Meanings of a refusal to this call alone. */
  known?: readonly Pattern[];
  /** Meaning of a refusal to it that no table knows. */
  otherwise?: Pattern;
};

const doing = ({ what, write, known, otherwise }: Call<unknown>): Doing => ({
  what,
  as: "account",
  ...(write === undefined ? {} : { write }),
  ...(known === undefined ? {} : { known }),
  ...(otherwise === undefined ? {} : { otherwise }),
});

const send = async (github: Github, { route, parameters = {} }: Call<unknown>): Promise<unknown> =>
  (await (await github()).request(route, parameters)).data;

function taken<T>(request: Call<T>, data: unknown): T {
  const read = request.shape.safeParse(data);
  if (!read.success) throw unreadable(doing(request));
  return read.data;
}

/** Sends a call; a refusal is thrown in the words that a person is told. */
export async function call<T>(github: Github, request: Call<T>): Promise<T> {
  const data = await send(github, request).catch((error: unknown) => {
    throw failureOf(error, doing(request));
  });
  return taken(request, data);
}

/** The same, where some refusals are answers. */
export async function attempt<T>(
  github: Github,
  request: Call<T>,
  expected: (refusal: Refusal) => boolean,
): Promise<{ value: T; refusal?: undefined } | { refusal: Refusal; value?: undefined }> {
  let data: unknown;
  try {
    data = await send(github, request);
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal?.answered === true && expected(refusal)) return { refusal };
    throw failureOf(error, doing(request));
  }
  return { value: taken(request, data) };
}
