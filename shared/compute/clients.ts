// Clients of @google-cloud/compute, one a kind of resource: made at the first call and kept, with a token before each call.
import type { Compute } from "google-auth-library";
import type { Endpoints } from "../endpoints.ts";
import { identityAuth } from "../google-auth.ts";
import { computeFailure } from "./refusals.ts";

/** `patienceMs` bounds a call with all of its repetitions. */
export type ComputeOptions = {
  project: string;
  endpoints: Pick<Endpoints, "compute">;
  patienceMs?: number;
};

const scopes = ["https://www.googleapis.com/auth/compute"];

const settingsOf = (project: string, authClient: Compute, far: URL | undefined) => ({
  projectId: project,
  // REST, and so no gRPC: Compute Engine has no other wire.
  fallback: true as const,
  authClient,
  ...(far === undefined
    ? {}
    : { apiEndpoint: far.hostname, port: Number(far.port), protocol: far.protocol.slice(0, -1) }),
});

/**
 * Gives what makes the clients ready for a call; `what` cannot be done where there is no token.
 * @param make imports them one by one: the package's index loads the clients of every service, which takes a second.
 */
export function clientsOf<T extends object>(
  { project, endpoints }: ComputeOptions,
  make: (settings: ReturnType<typeof settingsOf>) => Promise<T>,
): (what: string) => Promise<T> {
  const build = async (): Promise<{ clients: T; auth: Compute }> => {
    const auth = await identityAuth(scopes);
    const far = endpoints.compute === undefined ? undefined : new URL(endpoints.compute);
    return { clients: await make(settingsOf(project, auth, far)), auth };
  };
  let built: ReturnType<typeof build> | undefined;
  return async (what) => {
    built ??= build();
    const { clients, auth } = await built;
    // Fetched before the call, for the client would try and try without one, and forget why.
    await auth.getAccessToken().catch((error: unknown) => {
      throw computeFailure(what, error);
    });
    return clients;
  };
}

/** For listing, making, looking and deleting, idempotent by request id and by name: a lost answer is asked for again. */
export const patient = ({ patienceMs = 40_000 }: ComputeOptions) => ({
  timeout: 60_000,
  retry: {
    retryCodes: [4, 14],
    backoffSettings: {
      initialRetryDelayMillis: 200,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 3000,
      initialRpcTimeoutMillis: patienceMs / 2,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: patienceMs / 2,
      totalTimeoutMillis: patienceMs,
    },
  },
});
