// Google's OAuth token endpoint, for the one refresh token of the mail account
// (https://developers.google.com/identity/protocols/oauth2/web-server#offline).
import { timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import { z } from "zod";
import type { Identities } from "../wire/identity.ts";

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

/** Scope that the mail account allowed when it was signed in. */
export const grantedScope = "https://www.googleapis.com/auth/gmail.send";

export function tokenRoute(
  app: Hono,
  options: { identities: Identities; account: string; oauth: OAuthGrant },
): void {
  const { identities, account, oauth } = options;
  app.post("/token", async (c) => {
    const form = Form.safeParse(await c.req.parseBody());
    if (!form.success) return refuse(c, 400, "invalid_request", "Bad Request");
    const { grant_type, client_id, client_secret, refresh_token } = form.data;
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
