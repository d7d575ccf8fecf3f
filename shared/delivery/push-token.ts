// Is this push from our Pub/Sub? Its OIDC token says so: signed by Google, made for this function, in the name of the push
// identity (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions). On Cloud Run the platform has checked the
// signature and taken it off; anywhere else it is verified here.
import type { IncomingMessage } from "node:http";
import type { OAuth2Client } from "google-auth-library";
import * as z from "zod";
import type { Endpoints } from "../endpoints.ts";
import { jsonOf } from "../json.ts";

type Wanted = { audience: string; email: string };

/**
 * Gives the check of an `Authorization` header. With `behindCloudRun` exactly the platform's marker is taken for a signature
 * (https://cloud.google.com/run/docs/troubleshooting#signature-removed), and nothing else is; without it the marker is none.
 * `real` is the real clock, for tokens live by no other.
 */
export function pushTokenVerifier(
  options: Wanted & { endpoints: Endpoints; behindCloudRun: boolean; real?: () => number },
): (authorization: string | undefined) => Promise<boolean> {
  const { real = Date.now } = options;
  if (options.behindCloudRun)
    return async (authorization) => hasClaims(unsignedClaims(authorization), options, real() / 1000);
  return signatureVerifier(options);
}

/**
 * The `Authorization` of a request, where it is what the platform has checked. Beside `X-Serverless-Authorization`, which Pub/Sub
 * never sends, the platform checks that one, and Authorization is whatever the caller likes
 * (https://cloud.google.com/run/docs/authenticating/service-to-service). Of two, nobody here knows which one was checked.
 */
export function checkedAuthorization({
  headersDistinct: headers,
}: Pick<IncomingMessage, "headersDistinct">): string | undefined {
  const [authorization, ...others] = headers["authorization"] ?? [];
  return headers["x-serverless-authorization"] === undefined && others.length === 0
    ? authorization
    : undefined;
}

const unsigned = /^Bearer ([\w-]+)\.([\w-]+)\.SIGNATURE_REMOVED_BY_GOOGLE$/;

const Header = z.object({ alg: z.literal("RS256") });
const Claims = z.object({
  iss: z.enum(["https://accounts.google.com", "accounts.google.com"]),
  aud: z.string().min(1),
  email: z.string(),
  email_verified: z.literal(true),
  iat: z.number(),
  exp: z.number(),
});

function unsignedClaims(authorization: string | undefined): unknown {
  const [, header = "", claims = ""] = unsigned.exec(authorization ?? "") ?? [];
  return Header.safeParse(partOf(header)).success ? partOf(claims) : undefined;
}

const partOf = (part: string): unknown => jsonOf(Buffer.from(part, "base64url").toString());

/** Seconds that google-auth-library grants: clocks of two machines differ. */
const skewSeconds = 300;
const longestLifeSeconds = 86_400;

function hasClaims(given: unknown, { audience, email }: Wanted, now: number): boolean {
  const claims = Claims.safeParse(given).data;
  if (claims === undefined || claims.aud !== audience || claims.email !== email) return false;
  const { iat, exp } = claims;
  return iat - skewSeconds <= now && now <= exp + skewSeconds && exp <= now + longestLifeSeconds;
}

function signatureVerifier({ audience, email, endpoints }: Wanted & { endpoints: Endpoints }) {
  let client: OAuth2Client | undefined;
  return async (authorization: string | undefined): Promise<boolean> => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? "")?.[1];
    if (token === undefined) return false;
    const { OAuth2Client } = await import("google-auth-library");
    const { certificates } = endpoints;
    client ??= new OAuth2Client(
      certificates === undefined ? {} : { endpoints: { oauth2FederatedSignonPemCertsUrl: certificates } },
    );
    try {
      const ticket = await client.verifyIdToken({ idToken: token, audience });
      const claims = ticket.getPayload();
      return claims?.email === email && claims.email_verified === true;
    } catch (error) {
      // A token that does not verify is an answer; certificates that cannot be had are a reason to be tried again.
      if (error instanceof Error && /retrieve verification certificates/i.test(error.message)) throw error;
      return false;
    }
  };
}
