// Signature of the webhooks that GitHub sends.
import { createHmac } from "node:crypto";

/** The value of X-Hub-Signature-256 (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). */
export const signatureOf = (secret: string, raw: Buffer): string =>
  `sha256=${createHmac("sha256", secret).update(raw).digest("hex")}`;
