// Calls to the sheet's door, as the script and Drive make them, and as somebody might who is neither.
import { createHmac } from "node:crypto";

export const secret = "secret-of-the-script";
export const now = new Date("2026-11-21T08:00:00Z");
export const seconds = Math.floor(now.getTime() / 1000);

type Headers = Record<string, string | string[] | undefined>;
export type Call = { method: string; headers: Headers; raw: Buffer };

export const body = Buffer.from('{"hub":"prod"}');
export const hmac = (key: string, timestamp: string | number, bytes: Buffer, algorithm = "sha256"): string =>
  createHmac(algorithm, key).update(`${timestamp}.`).update(bytes).digest("hex");

/** Makes a call as the script does. In a forged one `signedAs`, `signedAt` or `by` differs from what is sent. */
export function scriptCall(
  options: {
    raw?: Buffer;
    at?: string | number;
    signedAs?: Buffer;
    signedAt?: string | number;
    by?: string;
    headers?: Headers;
    method?: string;
  } = {},
): Call {
  const { raw = body, at = seconds, method = "POST", by = secret } = options;
  const { signedAs = raw, signedAt = at } = options;
  return {
    method,
    raw,
    headers: {
      "content-type": "application/json",
      "x-groundcrew-timestamp": String(at),
      "x-groundcrew-signature": `v1=${hmac(by, signedAt, signedAs)}`,
      ...options.headers,
    },
  };
}

export const timed = (at: string | number): Call => scriptCall({ at });

export const tokenOf = (channel: string, key = secret): string =>
  createHmac("sha256", key).update(`drive-channel:${channel}`).digest("base64url");

/** Makes a call as Drive does. */
export function driveCall(channel = "prod-1790000000000", headers: Headers = {}, method = "POST"): Call {
  return {
    method,
    raw: Buffer.alloc(0),
    headers: {
      "x-goog-channel-id": channel,
      "x-goog-channel-token": tokenOf(channel),
      "x-goog-resource-state": "update",
      "x-goog-resource-id": "resource",
      ...headers,
    },
  };
}
