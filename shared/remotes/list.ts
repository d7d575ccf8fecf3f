// Lists what lies in a remote below a path: name, size and MD5 or ETag of every object, from listings alone.
import type { Storage } from "@google-cloud/storage";
import * as z from "zod";
import { Permanent } from "../errors.ts";
import type { Remote } from "../settings.ts";
import { listed } from "../storage-calls.ts";
import type { RemoteObject } from "../transfers/records.ts";
import { besideInGcs, type Described, GcsBeside, gcsBesideFields } from "./beside.ts";
import { listingOf, plainKey, refusedBy, type S3, type S3Deps, s3Of, Truncated } from "./s3.ts";

type RemotesDeps = S3Deps & { storage: () => Promise<Storage> };

/** More than this and a listing no longer fits into a function's memory. */
const mostObjects = 3_000_000;

/** `seen` is told what stands beside the bytes of each object, where the listing says it: at Cloud Storage. */
export type ListRemote = (
  name: string,
  remote: Remote,
  path: string,
  seen?: (object: Described) => void,
) => Promise<RemoteObject[]>;

/** Lists what lies under a path of a remote, whole or not at all. */
export function remoteLister(deps: RemotesDeps): ListRemote {
  return async (name, remote, path, seen) => {
    const prefix = path === "" ? "" : `${path}/`;
    const objects = await objectsOf(deps, name, remote, { prefix, seen });
    return objects.map((object) => ({ ...object, name: object.name.slice(prefix.length) }));
  };
}

async function objectsOf(
  deps: RemotesDeps,
  name: string,
  remote: Remote,
  { prefix, seen }: { prefix: string; seen: ((object: Described) => void) | undefined },
): Promise<RemoteObject[]> {
  switch (remote.kind) {
    case "gcs":
      return listGcs(deps, remote.bucket, { prefix, seen });
    case "s3":
      return listS3(await s3Of(deps, name, remote), prefix);
    default:
      return remote satisfies never;
  }
}

const GcsObject = GcsBeside.extend({
  name: z.string(),
  size: z.coerce.number(),
  md5Hash: z.string().optional(),
  generation: z.string().optional(),
});

async function listGcs(
  deps: RemotesDeps,
  bucket: string,
  { prefix, seen }: { prefix: string; seen: ((object: Described) => void) | undefined },
): Promise<RemoteObject[]> {
  const found: RemoteObject[] = [];
  const beside = seen === undefined ? "" : `,${gcsBesideFields}`;
  const fields = `items(name,size,md5Hash,generation${beside}),nextPageToken`;
  const query = { prefix, maxResults: 1000, fields };
  const asked = { what: "a remote's bucket cannot be listed", whose: "remote" } as const;
  for await (const page of listed((await deps.storage()).bucket(bucket), asked, GcsObject, query)) {
    for (const { name, size, md5Hash, generation, ...rest } of page) {
      seen?.({ name: name.slice(prefix.length), beside: besideInGcs(rest) });
      found.push({
        name,
        size,
        ...(md5Hash === undefined
          ? { ...(generation === undefined ? {} : { generation }) }
          : { md5: Buffer.from(md5Hash, "base64").toString("hex") }),
      });
    }
    if (found.length > mostObjects) throw tooMany();
  }
  return found;
}

const Size = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const Listed = z.object({
  ListBucketResult: z.object({
    IsTruncated: Truncated,
    EncodingType: z.string().optional(),
    NextContinuationToken: z.string().optional(),
    Contents: z.array(z.object({ Key: z.string(), Size, ETag: z.string() })).default([]),
  }),
});

async function listS3(s3: S3, prefix: string): Promise<RemoteObject[]> {
  const found: RemoteObject[] = [];
  let token: string | undefined;
  do {
    const answer = await listingOf(s3, {
      "list-type": "2",
      prefix,
      "max-keys": "1000",
      ...(token === undefined ? {} : { "continuation-token": token }),
    });
    if ("answer" in answer) throw refusedBy(s3, answer.answer);
    const page = Listed.safeParse(answer.listing).data?.ListBucketResult;
    if (page === undefined) throw refusedBy(s3, "unreadable");
    for (const { Key, Size, ETag } of page.Contents) {
      const tag = ETag.replace(/&quot;|"/g, "");
      const name = plainKey(s3, Key, page.EncodingType);
      // Objects that lie elsewhere were not asked for: whoever names one has not understood the question.
      if (!name.startsWith(prefix)) throw refusedBy(s3, "unreadable");
      found.push({
        name,
        size: Size,
        ...(/^[0-9a-f]{32}(-\d+)?$/.test(tag) ? { etag: tag } : {}),
      });
    }
    if (found.length > mostObjects) throw tooMany();
    const truncated = page.IsTruncated === "true";
    const next = truncated ? page.NextContinuationToken : undefined;
    // Half of a listing is none, and one that goes in a circle has no end.
    if (truncated && (next === undefined || next === token)) throw refusedBy(s3, "unreadable");
    token = next;
  } while (token !== undefined);
  return found;
}

const tooMany = (): Permanent =>
  new Permanent({
    what: "a transfer cannot be planned",
    why: `it has more than ${mostObjects.toLocaleString("en")} objects`,
    next: "ask for its folders one by one",
  });
