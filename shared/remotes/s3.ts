// An S3-compatible store, by fetch: signed by aws4fetch (6 kB without dependencies, where the vendor's own client is 8 MB).
import { Permanent, passing } from "../errors.ts";
import type { Remote } from "../settings.ts";

export type S3Deps = {
  /** The secret's text: a line a remote, "<remote> <key id> <secret>". */
  keys: () => Promise<string>;
  /** Stands for every S3 endpoint, on the sample hub. */
  s3Endpoint?: string;
};

export type S3 = { fetch: (url: string, method?: "GET" | "DELETE") => Promise<Response>; base: string };

/** An S3 store as one of its remotes' keys sees it. */
export async function s3Of(deps: S3Deps, name: string, remote: Extract<Remote, { kind: "s3" }>): Promise<S3> {
  const { AwsClient } = await import("aws4fetch");
  const keys = keysOf(await deps.keys(), name);
  const client = new AwsClient({
    accessKeyId: keys.keyId,
    secretAccessKey: keys.secret,
    service: "s3",
    region: remote.region,
    retries: 4,
  });
  const endpoint = (deps.s3Endpoint ?? remote.endpoint).replace(/\/$/, "");
  return {
    base: `${endpoint}/${remote.bucket}`,
    fetch: (url, method = "GET") =>
      client.fetch(url, { method, signal: AbortSignal.timeout(30_000), redirect: "error" }),
  };
}

/** The keys of a remote, from the secret's lines. */
function keysOf(text: string, name: string): { keyId: string; secret: string } {
  const line = text
    .split("\n")
    .map((one) => one.trim().split(/\s+/))
    .find(([remote]) => remote === name);
  const [, keyId, secret] = line ?? [];
  if (keyId === undefined || secret === undefined)
    throw new Permanent({
      what: "a remote cannot be reached",
      why: "the secret transfer-keys has no line for it",
      next: 'add the line "<remote> <access key id> <secret access key>" to the secret, and send the request again',
    });
  return { keyId, secret };
}

/** One page of a listing, parsed from its XML; or the status by which the store refused it. */
export async function listingOf(
  s3: S3,
  query: Record<string, string>,
): Promise<{ listing: unknown } | { status: number }> {
  const { XMLParser } = await import("fast-xml-parser");
  const parser = new XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues: false,
    isArray: (tag) => tag === "Contents" || tag === "Upload",
  });
  const text = String(new URLSearchParams({ ...query, "encoding-type": "url" }));
  // A space is %20 in what is signed.
  const answer = await s3.fetch(`${s3.base}?${text.replaceAll("+", "%20")}`);
  const body = await answer.text();
  if (!answer.ok) return { status: answer.status };
  try {
    // Checked first: by itself the parser takes a page that ends between two elements for a whole one.
    return { listing: parser.parse(body, true) };
  } catch {
    throw passing("the S3 store's listing is damaged");
  }
}

/** A name as the store keeps it, from a listing in the encoding "url". */
export const plainKey = (key: string): string => decodeURIComponent(key.replaceAll("+", "%20"));
