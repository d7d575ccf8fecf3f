// The real Cloud Storage client, imported and built at first use, with a call, its retries included, bounded to less than a minute.
import { subscribe } from "node:diagnostics_channel";
import { ClientRequest } from "node:http";
import type { Storage } from "@google-cloud/storage";
import type { Endpoints } from "./endpoints.ts";
import { identityAuth } from "./google-auth.ts";

const scope = "https://www.googleapis.com/auth/devstorage.read_write";

/** Milliseconds for which a call may be silent. */
export const silenceMs = 8000;
/** A server on this machine is as slow as the machine. */
const localSilenceMs = 120_000;

/**
 * Gives the one client of this process. Small objects are to be saved with `resumable: false`: one request instead of
 * two, and the client's resumable path sends no token to an endpoint of ours.
 */
export function storageClient(options: {
  project: string;
  endpoints: Endpoints;
  timeoutMs?: number;
}): () => Promise<Storage> {
  const {
    project,
    endpoints,
    timeoutMs = endpoints.storage === undefined ? silenceMs : localSilenceMs,
  } = options;
  let client: Promise<Storage> | undefined;
  return () => {
    client ??= build();
    return client;
  };

  async function build(): Promise<Storage> {
    const { IdempotencyStrategy, Storage } = await import("@google-cloud/storage");
    endSilentCalls(new URL(endpoints.storage ?? "https://storage.googleapis.com").host, timeoutMs);
    return new Storage({
      projectId: project,
      authClient: await identityAuth([scope]),
      retryOptions: {
        maxRetries: 4,
        retryDelayMultiplier: 2,
        maxRetryDelay: 8,
        // Out of reach: where it is over, the client calls nobody back, and whoever asked would wait for ever (retry-request's
        // index.js, retryAfterDelay).
        totalTimeout: 3600,
        // Every write of ours is conditional or writes the same bytes again. With the default, one unconditional call
        // switches retries off for all calls of the client that happen to run meanwhile.
        idempotencyStrategy: IdempotencyStrategy.RetryAlways,
      },
      ...(endpoints.storage === undefined
        ? {}
        : { apiEndpoint: endpoints.storage, useAuthWithCustomEndpoint: true }),
    });
  }
}

/** https://nodejs.org/api/diagnostics_channel.html#event-httpclientrequestcreated */
const created = "http.client.request.created";

/** Reads the request of a message; by a schema each of them would cost a tenth of its call. */
function requestIn(message: unknown): ClientRequest | undefined {
  const isMade = typeof message === "object" && message !== null && "request" in message;
  return isMade && message.request instanceof ClientRequest ? message.request : undefined;
}
const limits = new Map<string, number>();

/** Milliseconds for which a call to a host may be silent; a person's own client is on a line that may be slow. */
export const silenceOf = (host: string): number => limits.get(host) ?? localSilenceMs;

/**
 * From now on calls of this process to a host end when nothing has come or gone for so long. The client's own `timeout` does nothing:
 * teeny-request hands it to a fetch that knows no such option (https://github.com/node-fetch/node-fetch/blob/main/docs/v3-UPGRADE-GUIDE.md).
 */
function endSilentCalls(host: string, milliseconds: number): void {
  if (limits.size === 0)
    subscribe(created, (message) => {
      const request = requestIn(message);
      if (request === undefined) return;
      const limit = limits.get(String(request.getHeader("host")));
      if (limit === undefined) return;
      const silent = Object.assign(new Error("Cloud Storage was silent"), { code: "ETIMEDOUT" });
      request.once("timeout", () => request.destroy(silent)).setTimeout(limit);
      // With the head of an answer node-fetch takes the limit away.
      request.once("response", () => queueMicrotask(() => request.setTimeout(limit)));
    });
  limits.set(host, milliseconds);
}
