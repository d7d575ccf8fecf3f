// Is this push from our Pub/Sub? Verifies the OIDC token that a subscription attaches: signed by Google, made for this
// function, in the name of the push identity (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions).
import type { OAuth2Client } from "google-auth-library";
import type { Endpoints } from "./endpoints.ts";

export function pushTokenVerifier(options: {
  audience: string;
  email: string;
  endpoints: Endpoints;
}): (authorization: string | undefined) => Promise<boolean> {
  let client: OAuth2Client | undefined;
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? "")?.[1];
    if (token === undefined) return false;
    const { OAuth2Client } = await import("google-auth-library");
    const { certificates } = options.endpoints;
    client ??= new OAuth2Client(
      certificates === undefined ? {} : { endpoints: { oauth2FederatedSignonPemCertsUrl: certificates } },
    );
    try {
      const ticket = await client.verifyIdToken({ idToken: token, audience: options.audience });
      const claims = ticket.getPayload();
      return claims?.email === options.email && claims.email_verified === true;
    } catch (error) {
      // A token that does not verify is an answer; certificates that cannot be had are a reason to be tried again.
      if (error instanceof Error && /retrieve verification certificates/i.test(error.message)) throw error;
      return false;
    }
  };
}
