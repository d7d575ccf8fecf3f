// Octokit as all of ours are: under our name, within a time limit, silent, with nothing tried again, and not yet signed in.
import type { Octokit } from "@octokit/core";
import type { Endpoints } from "../endpoints.ts";

const timeoutMs = 30_000;

/** A client without a token: whoever asks for it adds one to its requests. */
export async function plainOctokit(options: {
  endpoints: Endpoints;
  fetch?: typeof fetch;
}): Promise<Octokit> {
  const { endpoints, fetch: send = fetch } = options;
  const { Octokit } = await import("@octokit/core");
  return new Octokit({
    ...(endpoints.github === undefined ? {} : { baseUrl: endpoints.github }),
    userAgent: "groundcrew",
    request: {
      fetch: (url: string, init: RequestInit) =>
        send(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
    },
    // Octokit's own warnings would carry addresses.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}
