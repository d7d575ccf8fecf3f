// Identity of a function when it calls Google: its own service account, from the metadata server and nowhere else. Never a
// key file, and never the credentials of a person who happens to be signed in on the machine, which Application Default
// Credentials would pick up first. GCE_METADATA_HOST in the environment says where the metadata server is.
import type { Compute } from "google-auth-library";
import { again, type Pattern } from "./failure.ts";
import { googleFailure } from "./google-failure.ts";

/** The metadata server's answers (https://docs.cloud.google.com/compute/docs/metadata/troubleshoot-metadata-server). */
const patterns: Pattern[] = [
  {
    status: 404,
    cause: "no-identity",
    lasts: "settling",
    why: "the metadata server knows no service account for this function",
    next: "the project's owner looks whether the function's service account is there (Service accounts in the Cloud console), and deploys again",
  },
  {
    status: [400, 403],
    cause: "no-token",
    lasts: "settling",
    why: "the metadata server gives the function's service account no token",
    next: "the project's owner looks whether the service account is enabled and may be used by the function, and deploys again",
  },
  {
    status: 429,
    cause: "rate-limit",
    lasts: "transient",
    why: "the metadata server was asked too often at once",
    next: again("metadata"),
  },
];

const at = { service: "metadata", what: "Google's services cannot be called" } as const;

/**
 * The one client that asks for a token with these scopes, and keeps it until it is about to expire. What its calls throw
 * where there is no token is the metadata server's failure, whichever client called.
 */
export async function identityAuth(scopes: readonly string[]): Promise<Compute> {
  const { Compute } = await import("google-auth-library");
  const client = new Compute({ scopes: [...scopes] });
  // The one place that all clients come through (computeclient.js).
  const refresh = client["refreshTokenNoCache"].bind(client);
  client["refreshTokenNoCache"] = async () => {
    const got = await refresh().catch((error: unknown) => {
      throw googleFailure(at, error, () => patterns);
    });
    if (typeof got.tokens.access_token !== "string")
      throw googleFailure(at, new SyntaxError("no JSON"), () => []);
    return got;
  };
  return client;
}
