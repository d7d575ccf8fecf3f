// Whom a function is when it calls Google: its own service account, from the metadata server and nowhere else. Never a
// key file, and never the credentials of a person who happens to be signed in on the machine, which Application Default
// Credentials would pick up first. GCE_METADATA_HOST in the environment says where the metadata server is.
import type { Compute } from "google-auth-library";

/** The one client that asks for a token with these scopes, and keeps it until it is about to expire. */
export async function identityAuth(scopes: readonly string[]): Promise<Compute> {
  const { Compute } = await import("google-auth-library");
  return new Compute({ scopes: [...scopes] });
}
