// An S3-compatible store, by fetch: signed by aws4fetch (6 kB without dependencies, where the vendor's own client is 8 MB).
import * as z from "zod";
import { boundedText } from "../bounded.ts";
import { type Answer, failed, refused, retryAfterSeconds } from "../failure.ts";
import { jsonOf } from "../json.ts";
import type { Remote } from "../settings.ts";
import { s3Refusals } from "./refusals.ts";
import { valuesIn } from "./xml.ts";

export type S3Deps = {
  /** The secret's text: a line a remote, "<remote> <key id> <secret>"; of keys for a while the session's token follows. */
  keys: () => Promise<string>;
  /** Stands for every S3 endpoint, on the sample hub. */
  s3Endpoint?: string;
  /** Time that an answer may take, and number of times that the client itself asks again after 5xx and 429. */
  s3Patience?: { timeoutMs: number; retries: number };
};

export type S3 = {
  /** Throws a `Failure` where no answer comes. */
  fetch: (url: string, method?: "GET" | "HEAD" | "DELETE") => Promise<Response>;
  base: string;
  /** The remote's name. */
  name: string;
};

const defaultPatience = { timeoutMs: 30_000, retries: 4 };
/** A thousand keys of 1,024 bytes, each of which may take three letters, with what else is said of an object. */
const maximumPageBytes = 8 * 1024 * 1024;
const maximumRefusalBytes = 64 * 1024;

/** An S3 store as one of its remotes' keys sees it. */
export async function s3Of(deps: S3Deps, name: string, remote: Extract<Remote, { kind: "s3" }>): Promise<S3> {
  const { AwsClient } = await import("aws4fetch");
  const keys = keysOf(await deps.keys(), name);
  const { timeoutMs, retries } = deps.s3Patience ?? defaultPatience;
  const client = new AwsClient({
    accessKeyId: keys.keyId,
    secretAccessKey: keys.secret,
    ...(keys.session === undefined ? {} : { sessionToken: keys.session }),
    service: "s3",
    region: remote.region,
    retries,
  });
  const endpoint = (deps.s3Endpoint ?? remote.endpoint).replace(/\/$/, "");
  return {
    base: `${endpoint}/${remote.bucket}`,
    name,
    fetch: (url, method = "GET") =>
      client
        .fetch(url, { method, signal: AbortSignal.timeout(timeoutMs), redirect: "manual" })
        .catch((error: unknown) => {
          throw refused(at(name), "no-answer", [], { cause: error });
        }),
  };
}

const at = (name: string) =>
  ({ service: "s3", what: `what lies in the remote ${name} cannot be learnt` }) as const;

/** The error to throw for what a store has refused; "unreadable" where its answer was none. */
export const refusedBy = ({ name }: S3, answer: Answer | "unreadable"): Error =>
  refused(at(name), answer, s3Refusals);

/** The keys of a remote, from the secret's lines. */
function keysOf(text: string, name: string): { keyId: string; secret: string; session: string | undefined } {
  const line = text
    .split("\n")
    .map((one) => one.trim().split(/\s+/))
    .find(([remote]) => remote === name);
  const [, keyId, secret, session] = line ?? [];
  if (keyId === undefined || secret === undefined)
    throw failed({
      service: "s3",
      cause: "no-keys",
      lasts: "lasting",
      explanation: {
        what: at(name).what,
        why: "the secret transfer-keys has no line for it",
        next: 'add the line "<remote> <access key id> <secret access key>" to the secret, and send the request again',
      },
    });
  return { keyId, secret, session };
}

/** One page of a listing, parsed from its XML; or the answer by which the store refused it. Names are asked for encoded, unless plain. */
export async function listingOf(
  s3: S3,
  query: Record<string, string>,
  names: "encoded" | "plain" = "encoded",
): Promise<{ listing: unknown } | { answer: Answer }> {
  const asked = names === "encoded" ? { ...query, "encoding-type": "url" } : query;
  const text = String(new URLSearchParams(asked));
  // A space is %20 in what is signed.
  const response = await s3.fetch(`${s3.base}?${text.replaceAll("+", "%20")}`);
  if (!response.ok) return { answer: await answerOf(response) };
  const body = await boundedText(response, maximumPageBytes).catch(() => undefined);
  if (body === undefined) throw refusedBy(s3, "unreadable");
  // A store that fails while it lists has said 200 already.
  if (/<Error[\s>]/.test(body.slice(0, 500)))
    return { answer: { status: response.status, code: codeIn(body), text: body, refusal: true } };
  try {
    return { listing: valuesIn(body) };
  } catch {
    throw refusedBy(s3, "unreadable");
  }
}

/** Word on whether another page follows: a store that says neither yes nor no may have more. */
export const Truncated = z.enum(["true", "false"]);

/** Reads what a store's refusal says. */
export async function answerOf(response: Response): Promise<Answer> {
  const text = await boundedText(response, maximumRefusalBytes).catch(() => undefined);
  const { headers, status } = response;
  const waitSeconds = retryAfterSeconds(headers.get("retry-after"), headers.get("date"));
  return { status, code: codeIn(text ?? ""), text: text ?? "", waitSeconds };
}

const Coded = z.object({ Code: z.string() });

/** Stores answer in XML, gateways before them also in JSON. */
const codeIn = (text: string): string | undefined =>
  /<Code>\s*(\w{1,60})\s*<\/Code>/.exec(text)?.[1] ?? Coded.safeParse(jsonOf(text)).data?.Code;

/** Path of an object, as a signature has it: encodeURIComponent leaves a few letters alone. */
export const pathOf = (key: string): string =>
  key
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replace(
        /[!'()*]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join("/");

/**
 * A name as the store keeps it. The answer tells whether it is encoded, not the question: some stores leave `encoding-type`
 * aside, and say so by leaving out `EncodingType` (https://github.com/versity/versitygw/issues/2201).
 */
export function plainKey(s3: S3, key: string, encoding: string | undefined): string {
  if (encoding !== "url") return key;
  try {
    return decodeURIComponent(key.replaceAll("+", "%20"));
  } catch {
    throw refusedBy(s3, "unreadable");
  }
}

/** The same of many names: decoded as one text they take a quarter of the time. */
export function plainKeys(s3: S3, keys: readonly string[], encoding: string | undefined): readonly string[] {
  if (encoding !== "url") return keys;
  const names = plainKey(s3, keys.join("\n"), encoding).split("\n");
  // One that has an end of line in it is two by then.
  return names.length === keys.length ? names : keys.map((key) => plainKey(s3, key, encoding));
}
