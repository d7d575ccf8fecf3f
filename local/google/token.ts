// Google's OAuth token endpoint, for the one refresh token of the mail account
// (https://developers.google.com/identity/protocols/oauth2/web-server#offline).
import { timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import * as z from "zod";
import type { Identities } from "../wire/identity.ts";
import { givenTwice, unservedField } from "../wire/vocabulary.ts";
import { notServed, refuse as refuseAsApi } from "./replies.ts";

export type OAuthGrant = {
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  /** Rest of a consent that was given for a time. */
  consentSeconds?: number;
};

const Form = z.object({
  grant_type: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  refresh_token: z.string().optional(),
});

/** Grants that Google gives as well. https://accounts.google.com/.well-known/openid-configuration */
const others = [
  "authorization_code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
];

/** Scope that the mail account allowed when it was signed in. */
export const grantedScope = "https://www.googleapis.com/auth/gmail.send";

export function tokenRoute(
  app: Hono,
  options: { identities: Identities; account: string; oauth: OAuthGrant; violations: string[] },
): void {
  const { identities, account, oauth, violations } = options;
  app.post("/token", async (c) => {
    const given = new URLSearchParams(await c.req.text());
    const form = Object.fromEntries(given);
    const { grant_type, client_id, client_secret, refresh_token } = Form.parse(form);
    const field = unservedField(form, Object.keys(Form.shape));
    const strange = others.includes(grant_type ?? "")
      ? `the grant ${grant_type}`
      : field === undefined
        ? givenTwice(given)
        : `the field ${field}`;
    if (strange !== undefined) return refuseAsApi(c, notServed(`${strange} of POST /token`, violations));
    if (!same(client_id, oauth.clientId))
      return refuse(c, 401, "invalid_client", "The OAuth client was not found.");
    if (!same(client_secret, oauth.clientSecret)) return refuse(c, 401, "invalid_client", "Unauthorized");
    if (grant_type !== "refresh_token")
      return refuse(c, 400, "unsupported_grant_type", `Invalid grant_type: ${grant_type}`);
    if (!same(refresh_token, oauth.refreshToken))
      return refuse(c, 400, "invalid_grant", "Token has been expired or revoked.");
    const { token, expiresInSeconds } = identities.mint(account, [grantedScope]);
    return c.json({
      access_token: token,
      expires_in: expiresInSeconds,
      scope: grantedScope,
      token_type: "Bearer",
      ...(oauth.consentSeconds === undefined ? {} : { refresh_token_expires_in: oauth.consentSeconds }),
    });
  });
}

function refuse(c: Context, status: 400 | 401, error: string, description: string): Response {
  return c.json({ error, error_description: description }, status);
}

function same(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ""), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
