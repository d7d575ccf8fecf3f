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

/**
 * Gives what lies under a path of a remote, page by page; whoever takes it has a whole listing only when this has ended. `seen` is told
 * what stands beside the bytes of each object, where the listing says it: at Cloud Storage.
 */
export type ListRemote = (
  name: string,
  remote: Remote,
  path: string,
  take: (page: RemoteObject[]) => void,
  seen?: (object: Described) => void,
) => Promise<void>;

/** Lists what lies under a path of a remote. Throws a `Failure` where a page is refused or cut. */
export function remoteLister(deps: RemotesDeps): ListRemote {
  return async (name, remote, path, take, seen) => {
    const listing = { prefix: path === "" ? "" : `${path}/`, take: bounded(take), seen };
    switch (remote.kind) {
      case "gcs":
        return listGcs(deps, remote.bucket, listing);
      case "s3":
        return listS3(await s3Of(deps, name, remote), listing);
      default:
        return remote satisfies never;
    }
  };
}

type Listing = {
  prefix: string;
  take: (page: RemoteObject[]) => void;
  seen: ((object: Described) => void) | undefined;
};

/** Ends a listing of more objects than whoever takes them can hold. */
function bounded(take: Listing["take"]): Listing["take"] {
  let objects = 0;
  return (page) => {
    objects += page.length;
    if (objects > mostObjects) throw tooMany();
    take(page);
  };
}

const GcsObject = GcsBeside.extend({
  name: z.string(),
  size: z.coerce.number(),
  md5Hash: z.string().optional(),
  generation: z.string().optional(),
});

async function listGcs(deps: RemotesDeps, bucket: string, { prefix, take, seen }: Listing): Promise<void> {
  const beside = seen === undefined ? "" : `,${gcsBesideFields}`;
  const fields = `items(name,size,md5Hash,generation${beside}),nextPageToken`;
  const query = { prefix, maxResults: 1000, fields };
  const asked = { what: "a remote's bucket cannot be listed", whose: "remote" } as const;
  for await (const page of listed((await deps.storage()).bucket(bucket), asked, GcsObject, query))
    take(
      page.map((object): RemoteObject => {
        const { size, md5Hash, generation } = object;
        const name = object.name.slice(prefix.length);
        seen?.({ name, beside: besideInGcs(object) });
        if (md5Hash !== undefined) return { name, size, md5: Buffer.from(md5Hash, "base64").toString("hex") };
        return generation === undefined ? { name, size } : { name, size, generation };
      }),
    );
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

async function listS3(s3: S3, { prefix, take }: Listing): Promise<void> {
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
    take(
      page.Contents.map(({ Key, Size: size, ETag }): RemoteObject => {
        const tag = ETag.replace(/&quot;|"/g, "");
        const whole = plainKey(s3, Key, page.EncodingType);
        // Objects that lie elsewhere were not asked for: whoever names one has not understood the question.
        if (!whole.startsWith(prefix)) throw refusedBy(s3, "unreadable");
        const name = whole.slice(prefix.length);
        return /^[0-9a-f]{32}(-\d+)?$/.test(tag) ? { name, size, etag: tag } : { name, size };
      }),
    );
    const truncated = page.IsTruncated === "true";
    const next = truncated ? page.NextContinuationToken : undefined;
    // Half of a listing is none, and one that goes in a circle has no end.
    if (truncated && (next === undefined || next === token)) throw refusedBy(s3, "unreadable");
    token = next;
  } while (token !== undefined);
}

const tooMany = (): Permanent =>
  new Permanent({
    what: "a transfer cannot be planned",
    why: `it has more than ${mostObjects.toLocaleString("en")} objects`,
    next: "ask for its folders one by one",
  });
