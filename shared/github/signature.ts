// GitHub's signature on a webhook (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries): an HMAC of
// the raw body. Checked before anything of the body is read.
import { createHmac, timingSafeEqual } from "node:crypto";

export const signatureOf = (secret: string, raw: Buffer): string =>
  `sha256=${createHmac("sha256", secret).update(raw).digest("hex")}`;

/** A secret may have two lines while it is changed: the new one, and the one before. */
export function isSigned(secret: string, raw: Buffer, signature: string): boolean {
  const keys = secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, 2);
  const given = Buffer.from(signature);
  // Every key is tried, so that the time taken does not tell which one fitted.
  return keys.map((key) => same(Buffer.from(signatureOf(key, raw)), given)).some(Boolean);
}

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
