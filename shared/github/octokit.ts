// Octokit as all of ours are: under our name, within a time limit and a limit of bytes, silent, with nothing tried again, and
// not yet signed in.
import type { Octokit } from "@octokit/core";
import { boundedText } from "../bounded.ts";
import type { Endpoints } from "../endpoints.ts";
import { jsonOf } from "../json.ts";

const defaultTimeoutMs = 30_000;

/**
 * No answer that we ask for is longer: a tree has at most 7 MB (https://docs.github.com/rest/git/trees), and a hundred pull
 * requests a body of 256 KiB each.
 */
export const maximumAnswerBytes = 32 * 1024 * 1024;

export type Connection = {
  endpoints: Endpoints;
  fetch?: typeof fetch;
  /** Milliseconds that GitHub may take to answer a request. */
  timeoutMs?: number;
};

/** A client without a token: whoever asks for it adds one to its requests. */
export async function plainOctokit({
  endpoints,
  fetch: send = fetch,
  timeoutMs = defaultTimeoutMs,
}: Connection): Promise<Octokit> {
  const { Octokit } = await import("@octokit/core");
  return new Octokit({
    ...(endpoints.github === undefined ? {} : { baseUrl: endpoints.github }),
    userAgent: "groundcrew",
    request: {
      fetch: async (url: string, init: RequestInit) =>
        readWithin(await send(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })),
    },
    // Octokit's own warnings would carry addresses.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

/** The same answer, read: one that is too long, or breaks off, is empty. Whatever it calls itself, it is JSON or nothing. */
async function readWithin(answer: Response): Promise<Response> {
  if (answer.body === null) return answer;
  const text = await boundedText(answer, maximumAnswerBytes).catch(() => undefined);
  const headers = new Headers(answer.headers);
  headers.set("content-type", "application/json");
  return new Response(answer.ok ? (text ?? "") : rewritable(text ?? ""), { status: answer.status, headers });
}

/** Octokit writes the body of a refusal again, which fails as an error of the program's where it is nested too deeply. */
function rewritable(text: string): string {
  try {
    JSON.stringify(jsonOf(text));
    return text;
  } catch {
    return "";
  }
}
