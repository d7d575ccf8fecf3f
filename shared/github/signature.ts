// GitHub's signature on a webhook (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries): an HMAC of
// the raw body. Checked before anything of the body is read.

/** A secret may have two lines while it is changed: the new one, and the one before. */
export async function isSigned(secret: string, raw: Buffer, signature: string): Promise<boolean> {
  const keys = secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, 2);
  const body = raw.toString("utf8");
  // Bytes that are no UTF-8 would become others on the way into a string: GitHub sends none.
  if (body === "" || !Buffer.from(body).equals(raw)) return false;
  const { Webhooks } = await import("@octokit/webhooks");
  // Every key is tried, so that the time taken does not tell which one fitted.
  const fits = await Promise.all(keys.map((key) => new Webhooks({ secret: key }).verify(body, signature)));
  return fits.some(Boolean);
}
