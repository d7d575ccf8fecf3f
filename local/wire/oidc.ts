// Issuer of the OIDC tokens of pushes: one key that outlives a restart, and its certificate by key id, served where
// google-auth-library looks for Google's. Tokens live by the real clock, never by the movable one.
import { createHash, createPublicKey, generateKeyPairSync, sign as signWith } from "node:crypto";
import { Hono } from "hono";
import * as z from "zod";
import { noteCall, offer } from "./called-routes.ts";
import type { State } from "./state.ts";

export type Issuer = {
  /** A JWT with these claims, as they are. */
  sign: (claims: Record<string, unknown>) => string;
  /** An identity token of a service account; a fresh one every 55 minutes. */
  tokenFor: (email: string, audience: string) => string;
  /** PEM by key id. It holds the public key alone, which verifies just as a certificate does. */
  certificates: () => Record<string, string>;
  /** Serves `/certs`. */
  app: Hono;
};

const lifeSeconds = 3600;
const reuseSeconds = 55 * 60;
const certificatesLiveSeconds = 3600;

const Row = z.object({ key: z.string() });

export function oidcIssuer(state: State, now: () => number = Date.now): Issuer {
  // Made at the first token or question: a key takes a quarter of a second, and not every far end pushes.
  let known: Signer | undefined;
  const signer = (): Signer => {
    known ??= signerOf(keptKey(state));
    return known;
  };
  const tokens = new Map<string, { token: string; freshUntil: number }>();

  function sign(claims: Record<string, unknown>): string {
    const { key, header } = signer();
    const signed = `${header}.${encode(claims)}`;
    return `${signed}.${signWith("sha256", Buffer.from(signed), key).toString("base64url")}`;
  }

  function tokenFor(email: string, audience: string): string {
    const seconds = Math.floor(now() / 1000);
    const name = JSON.stringify([email, audience]);
    const kept = tokens.get(name);
    if (kept !== undefined && kept.freshUntil > seconds) return kept.token;
    const token = sign({
      iss: "https://accounts.google.com",
      aud: audience,
      azp: accountId(email),
      sub: accountId(email),
      email,
      email_verified: true,
      iat: seconds,
      exp: seconds + lifeSeconds,
    });
    tokens.set(name, { token, freshUntil: seconds + reuseSeconds });
    return token;
  }

  const certificates = (): Record<string, string> => {
    const { kid, certificate } = signer();
    return { [kid]: certificate };
  };
  const app = new Hono();
  app.get("/certs", (c) => {
    noteCall("certificates", "GET /certs");
    return c.json(certificates(), 200, { "Cache-Control": `public, max-age=${certificatesLiveSeconds}` });
  });
  offer("certificates", ["GET /certs"]);
  return { sign, tokenFor, certificates, app };
}

type Signer = { key: string; kid: string; certificate: string; header: string };

function signerOf(key: string): Signer {
  const certificate = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  const kid = createHash("sha256").update(certificate).digest("hex").slice(0, 40);
  return { key, kid, certificate, header: encode({ alg: "RS256", kid, typ: "JWT" }) };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Google's accounts have a number of 21 digits; here it follows from the address. */
function accountId(email: string): string {
  const number = BigInt(`0x${createHash("sha256").update(email).digest("hex")}`);
  return `1${(number % 10n ** 20n).toString().padStart(20, "0")}`;
}

function keptKey(state: State): string {
  state.exec(
    "CREATE TABLE IF NOT EXISTS oidc_key (id INTEGER PRIMARY KEY CHECK (id = 1), key TEXT NOT NULL)",
  );
  const kept = Row.optional().parse(state.prepare("SELECT key FROM oidc_key").get());
  if (kept !== undefined) return kept.key;
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  state.prepare("INSERT INTO oidc_key VALUES (1, ?)").run(privateKey);
  return privateKey;
}
