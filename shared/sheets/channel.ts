// Proof that a call at the sheet's door comes from whom we asked: Drive returns the token it was given for a channel, and the
// sheet's own script signs with a secret of its own. Both are checked in constant time.
import { createHmac, type Hmac, timingSafeEqual } from "node:crypto";

/** The token of a Drive channel, derived from its id: the door needs no record of channels. */
export function channelToken(secret: string, channelId: string): string {
  return keyed(secret).update(`drive-channel:${channelId}`).digest("base64url");
}

/** Signs as the sheet's script does: the time in seconds, a dot, and the body's bytes. Hexadecimal, in lower case. */
export function scriptSignature(secret: string, timestamp: string, body: Buffer): string {
  return keyed(secret).update(`${timestamp}.`).update(body).digest("hex");
}

/** Trims the secret: whoever stores it from a file or an echo stores a line end with it; the script has none. */
const keyed = (secret: string): Hmac => createHmac("sha256", secret.trim());

/** Equal, in a time that does not tell where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
