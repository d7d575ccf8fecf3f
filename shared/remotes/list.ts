// What lies in a remote below a path: name, size and MD5 of every object, from listings alone. Two stores are spoken to:
// Cloud Storage by its client, and S3-compatible ones by fetch, signed by aws4fetch (6 kB without dependencies, where the
// vendor's own client is 8 MB) and read with the XML parser that the Cloud Storage client brings along.
import type { Storage } from "@google-cloud/storage";
import { z } from "zod";
import { Permanent, passing } from "../errors.ts";
import type { Remote } from "../settings.ts";
import type { RemoteObject } from "../transfer-records.ts";

export type S3Keys = { keyId: string; secret: string };

export type RemotesDeps = {
  storage: () => Promise<Storage>;
  /** The secret's text: a line a remote, "<remote> <key id> <secret>". */
  keys: () => Promise<string>;
  /** Stands for every S3 endpoint, on the sample hub. */
  s3Endpoint?: string;
};

/** More than this and a listing no longer fits into a function's memory. */
const mostObjects = 3_000_000;

export type ListRemote = (name: string, remote: Remote, path: string) => Promise<RemoteObject[]>;

/** Lists what lies under a path of a remote, whole or not at all. */
export function remoteLister(deps: RemotesDeps): ListRemote {
  return async (name, remote, path) => {
    const prefix = path === "" ? "" : `${path}/`;
    const objects =
      remote.kind === "gcs"
        ? await listGcs(deps, remote.bucket, prefix)
        : await listS3(await s3Of(deps, name, remote), prefix);
    return objects.map((object) => ({ ...object, name: object.name.slice(prefix.length) }));
  };
}

const GcsObject = z.object({
  name: z.string(),
  size: z.coerce.number(),
  md5Hash: z.string().optional(),
});

async function listGcs(deps: RemotesDeps, bucket: string, prefix: string): Promise<RemoteObject[]> {
  const found: RemoteObject[] = [];
  const storage = await deps.storage();
  let pageToken: string | undefined;
  do {
    const [files, next] = await storage.bucket(bucket).getFiles({
      prefix,
      autoPaginate: false,
      maxResults: 1000,
      fields: "items(name,size,md5Hash),nextPageToken",
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    // Asked for fields, the client gives the API's own items, whatever its types say (getFiles in its bucket.js).
    for (const { name, size, md5Hash } of z.array(GcsObject).parse(files))
      found.push({
        name,
        size,
        ...(md5Hash === undefined ? {} : { md5: Buffer.from(md5Hash, "base64").toString("hex") }),
      });
    if (found.length > mostObjects) throw tooMany();
    pageToken = z.object({ pageToken: z.string() }).safeParse(next).data?.pageToken;
  } while (pageToken !== undefined);
  return found;
}

export type S3 = { fetch: (url: string, method?: "GET" | "DELETE") => Promise<Response>; base: string };

/** An S3 store as one of its remotes' keys sees it. */
export async function s3Of(
  deps: Omit<RemotesDeps, "storage">,
  name: string,
  remote: Extract<Remote, { kind: "s3" }>,
): Promise<S3> {
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
export function keysOf(text: string, name: string): S3Keys {
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

const Listed = z.object({
  ListBucketResult: z.object({
    IsTruncated: z.string(),
    NextContinuationToken: z.string().optional(),
    Contents: z.array(z.object({ Key: z.string(), Size: z.coerce.number(), ETag: z.string() })).default([]),
  }),
});

async function listS3(s3: S3, prefix: string): Promise<RemoteObject[]> {
  const { XMLParser } = await import("fast-xml-parser");
  const parser = new XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues: false,
    isArray: (name) => name === "Contents",
  });
  const found: RemoteObject[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({
      "list-type": "2",
      prefix,
      "encoding-type": "url",
      "max-keys": "1000",
    });
    if (token !== undefined) query.set("continuation-token", token);
    // A space is %20 in what is signed.
    const answer = await s3.fetch(`${s3.base}?${String(query).replaceAll("+", "%20")}`);
    const text = await answer.text();
    if (!answer.ok)
      throw Object.assign(new Error("a listing was refused by the S3 store"), { code: answer.status });
    const { ListBucketResult: page } = Listed.parse(parser.parse(text));
    for (const { Key, Size, ETag } of page.Contents) {
      const tag = ETag.replace(/&quot;|"/g, "");
      const name = decodeURIComponent(Key.replaceAll("+", "%20"));
      found.push({ name, size: Size, ...(/^[0-9a-f]{32}$/.test(tag) ? { md5: tag } : {}) });
    }
    if (found.length > mostObjects) throw tooMany();
    const truncated = page.IsTruncated === "true";
    if (truncated && page.NextContinuationToken === undefined)
      throw passing("a listing was cut short by the S3 store");
    token = truncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return found;
}

const tooMany = (): Permanent =>
  new Permanent({
    what: "a transfer cannot be planned",
    why: `it has more than ${mostObjects.toLocaleString("en")} objects`,
    next: "ask for its folders one by one",
  });
