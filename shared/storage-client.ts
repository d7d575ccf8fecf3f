// The real Cloud Storage client, imported and built at first use, with its retries bounded to about 20 seconds.
import type { Storage } from "@google-cloud/storage";
import type { Endpoints } from "./endpoints.ts";
import { identityAuth } from "./google-auth.ts";

const scope = "https://www.googleapis.com/auth/devstorage.read_write";

/**
 * Gives the one client of this process. Small objects are to be saved with `resumable: false`: one request instead of
 * two, and the client's resumable path sends no token to an endpoint of ours.
 */
export function storageClient(options: { project: string; endpoints: Endpoints }): () => Promise<Storage> {
  const { project, endpoints } = options;
  let client: Promise<Storage> | undefined;
  return () => {
    client ??= build();
    return client;
  };

  async function build(): Promise<Storage> {
    const { IdempotencyStrategy, Storage } = await import("@google-cloud/storage");
    return new Storage({
      projectId: project,
      authClient: await identityAuth([scope]),
      timeout: 20_000,
      retryOptions: {
        maxRetries: 4,
        retryDelayMultiplier: 2,
        maxRetryDelay: 8,
        totalTimeout: 20,
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
