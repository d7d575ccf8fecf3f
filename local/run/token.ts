// Identity tokens of Google's, which tell who calls: by signature, issuer, audience and age. Tokens live by the real clock.
import { createPublicKey, type KeyObject, verify as verifyWith } from "node:crypto";
import * as z from "zod";
import { jsonOf } from "../../shared/json.ts";

const Header = z.object({ alg: z.literal("RS256"), kid: z.string() });
const Claims = z.object({
  iss: z.enum(["https://accounts.google.com", "accounts.google.com"]),
  aud: z.string(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  iat: z.number(),
  exp: z.number(),
});
export type Claims = z.infer<typeof Claims>;

/** Clocks of two machines differ, as google-auth-library grants it. */
const skewSeconds = 300;
const longestLifeSeconds = 86_400;

/** Reads tokens of one issuer. `seconds` since 1970, by the real clock. */
export function tokenReader(options: {
  certificates: () => Record<string, string>;
  seconds: () => number;
}): (token: string, audiences: readonly string[]) => Claims | undefined {
  const { certificates, seconds } = options;
  const keys = new Map<string, KeyObject>();

  function keyOf(kid: string): KeyObject | undefined {
    const known = certificates();
    const pem = Object.hasOwn(known, kid) ? known[kid] : undefined;
    if (pem === undefined) return undefined;
    const key = keys.get(pem) ?? createPublicKey(pem);
    keys.set(pem, key);
    return key;
  }

  /** The claims of a token that is good for one of these audiences; undefined of any other. */
  return (token, audiences) => {
    const [, head = "", body = "", signature = ""] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
    const header = Header.safeParse(partOf(head));
    const claims = Claims.safeParse(partOf(body));
    if (!header.success || !claims.success) return undefined;
    const { aud, iat, exp } = claims.data;
    const now = seconds();
    const aged = iat - skewSeconds > now || exp + skewSeconds < now || exp > now + longestLifeSeconds;
    if (aged || !audiences.includes(aud)) return undefined;
    const key = keyOf(header.data.kid);
    const signed = Buffer.from(`${head}.${body}`);
    return key !== undefined && verifyWith("sha256", signed, key, Buffer.from(signature, "base64url"))
      ? claims.data
      : undefined;
  };
}

const partOf = (part: string): unknown => jsonOf(Buffer.from(part, "base64url").toString());
