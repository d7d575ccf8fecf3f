// Lists what lies in a remote below a path: name, size and MD5 or ETag of every object, from listings alone.
import type { Storage } from "@google-cloud/storage";
import * as z from "zod";
import type { Remote } from "../settings.ts";
import { listed } from "../storage-pages.ts";
import type { RemoteObject } from "../transfers/records.ts";
import { type BesideKind, besideInGcs, GcsBeside, gcsBesideFields } from "./beside.ts";
import { storageClassOf } from "./classes.ts";
import { byBytes, inBytesOrder, isWithin, type Range } from "./names.ts";
import { listingOf, plainKeys, refusedBy, type S3, type S3Deps, s3Of, Truncated } from "./s3.ts";

type RemotesDeps = S3Deps & { storage: () => Promise<Storage> };

/** Request for a listing: the names below a path of a remote, all of them or a range. */
export type Listing = Range & {
  path: string;
  /** One name alone, where that is all that was asked for. */
  only?: string | undefined;
  /** Asks for what stands beside the bytes of each object too, where listings say it: at Cloud Storage. */
  beside?: true;
};

/** An object as a listing has it. */
export type ListedObject = RemoteObject & { beside?: readonly BesideKind[] };

/**
 * Gives the objects, under their names below the path, page by page; whoever takes them has a whole listing only when it has ended.
 * Throws a `Failure` where a page is refused or cut.
 */
export type ListRemote = (name: string, remote: Remote, of: Listing) => AsyncGenerator<ListedObject[]>;

/** Makes what lists remotes. */
export function remoteLister(deps: RemotesDeps): ListRemote {
  return async function* (name, remote, of) {
    const folder = of.path === "" ? "" : `${of.path}/`;
    yield* cutTo(pagesOf(deps, name, remote, { ...of, folder }), of);
  };
}

/**
 * Leaves out what was not asked for, and asks for no page after the last that may have any. Throws Unordered where a range was asked for and
 * the store's order does not tell which page that is.
 */
export async function* cutTo<T extends { name: string }>(
  pages: AsyncGenerator<T[]>,
  of: Omit<Listing, "path">,
): AsyncGenerator<T[]> {
  const see = of.through === undefined ? () => undefined : inBytesOrder();
  for await (const page of pages) {
    for (const { name } of page) see(name);
    const wanted = isWhole(page, of)
      ? page
      : page.filter((object) => isWithin(object.name, of) && (of.only ?? object.name) === object.name);
    if (wanted.length > 0) yield wanted;
    if (wanted.length > 0 && of.only !== undefined) return;
    const last = page.at(-1);
    // All else that the store has comes after it.
    if (of.through !== undefined && last !== undefined && byBytes(last.name, of.through) > 0) return;
  }
}

/** Tells whether all of a page was asked for: where names are in order, the first and the last one say so. */
function isWhole(
  page: readonly { name: string }[],
  { only, after, through }: Omit<Listing, "path">,
): boolean {
  if (only !== undefined) return false;
  if (through === undefined) return after === undefined;
  return [page.at(0), page.at(-1)].every(
    (one) => one === undefined || isWithin(one.name, { after, through }),
  );
}

type Asked = Listing & { folder: string };

async function* pagesOf(
  deps: RemotesDeps,
  name: string,
  remote: Remote,
  of: Asked,
): AsyncGenerator<ListedObject[]> {
  switch (remote.kind) {
    case "gcs":
      yield* listGcs(deps, remote.bucket, of);
      return;
    case "s3":
      yield* listS3(await s3Of(deps, name, remote), of);
      return;
    default:
      remote satisfies never;
  }
}

async function* listGcs(deps: RemotesDeps, bucket: string, of: Asked): AsyncGenerator<ListedObject[]> {
  const { folder, after, only = "" } = of;
  const beside = of.beside === true ? `,${gcsBesideFields}` : "";
  const read = (item: unknown): ListedObject | undefined => gcsObjectIn(item, of);
  const query = {
    prefix: `${folder}${only}`,
    // The name itself comes too, and is left out.
    ...(after === undefined ? {} : { startOffset: `${folder}${after}` }),
    maxResults: "1000",
    fields: `items(name,size,md5Hash,generation,storageClass${beside}),nextPageToken`,
  };
  const asked = { what: "a remote's bucket cannot be listed", whose: "remote" } as const;
  yield* listed((await deps.storage()).bucket(bucket), asked, read, query);
}

/** Fields of an item, of which nothing is known: by a schema a million of them would be read in the time of all else. */
type Fields = Partial<Record<string, unknown>>;
const isFields = (item: unknown): item is Fields => typeof item === "object" && item !== null;
const isSaid = (field: unknown): field is string | undefined =>
  field === undefined || typeof field === "string";
const isSize = (field: unknown): field is string => typeof field === "string" && /^\d{1,15}$/.test(field);

/** Reads an object of Cloud Storage. */
function gcsObjectIn(item: unknown, of: Asked): ListedObject | undefined {
  if (!isFields(item)) return undefined;
  const { name: whole, size: digits, md5Hash, generation, storageClass } = item;
  if (typeof whole !== "string" || !isSize(digits)) return undefined;
  if (!isSaid(md5Hash) || !isSaid(generation) || !isSaid(storageClass)) return undefined;
  const [name, size] = [whole.slice(of.folder.length), Number(digits)];
  let object: ListedObject;
  if (md5Hash !== undefined) object = { name, size, md5: hexOf(md5Hash) };
  else object = generation === undefined ? { name, size } : { name, size, generation };
  if (of.beside === true) {
    const beside = besideIn(item);
    if (beside === undefined) return undefined;
    object.beside = beside;
  }
  return inClass(storageClass, object);
}

const besideFields: ReadonlySet<string> = new Set(Object.keys(GcsBeside.shape));
const nothing: readonly BesideKind[] = [];

/** Gives what stands beside it: of most objects nothing. */
function besideIn(item: Fields): ListedObject["beside"] {
  if (!Object.keys(item).some((field) => besideFields.has(field))) return nothing;
  const said = GcsBeside.safeParse(item).data;
  return said && besideInGcs(said);
}

/** Place for one sum. */
const bytes = Buffer.alloc(64);
const hexOf = (base64: string): string => bytes.toString("hex", 0, bytes.write(base64, "base64"));

/** Marks an object with its class, where that matters: a million of others need not carry one. */
function inClass(word: string | undefined, object: ListedObject): ListedObject {
  const storageClass = storageClassOf(word);
  if (storageClass !== undefined) object.storageClass = storageClass;
  return object;
}

const Listed = z.object({
  ListBucketResult: z.object({
    IsTruncated: Truncated,
    EncodingType: z.string().optional(),
    NextContinuationToken: z.string().optional(),
    Contents: z.array(z.unknown()).default([]),
  }),
});

async function* listS3(s3: S3, { folder, after, only = "" }: Asked): AsyncGenerator<ListedObject[]> {
  let token: string | undefined;
  do {
    const answer = await listingOf(s3, {
      "list-type": "2",
      prefix: `${folder}${only}`,
      "max-keys": "1000",
      ...(after === undefined ? {} : { "start-after": `${folder}${after}` }),
      ...(token === undefined ? {} : { "continuation-token": token }),
    });
    if ("answer" in answer) throw refusedBy(s3, answer.answer);
    const page = Listed.safeParse(answer.listing).data?.ListBucketResult;
    if (page === undefined) throw refusedBy(s3, "unreadable");
    yield objectsIn(s3, page, folder);
    const truncated = page.IsTruncated === "true";
    const next = truncated ? page.NextContinuationToken : undefined;
    // Half of a listing is none, and one that goes in a circle has no end.
    if (truncated && (next === undefined || next === token)) throw refusedBy(s3, "unreadable");
    token = next;
  } while (token !== undefined);
}

/** Reads the objects of a page, all of whose names are decoded at once. */
function objectsIn(
  s3: S3,
  { Contents, EncodingType }: z.infer<typeof Listed>["ListBucketResult"],
  folder: string,
): ListedObject[] {
  const keys: string[] = [];
  for (const item of Contents) {
    if (!isFields(item) || typeof item["Key"] !== "string") throw refusedBy(s3, "unreadable");
    keys.push(item["Key"]);
  }
  const names = plainKeys(s3, keys, EncodingType);
  return Contents.map((item, at) => objectOf(s3, item, { folder, whole: names[at] }));
}

const isSum = (tag: string): boolean => /^[0-9a-f]{32}(-\d+)?$/.test(tag);

/** Gives the sum that an ETag is; undefined where it is another text. */
function sumIn(etag: string): string | undefined {
  if (isSum(etag)) return etag;
  const unquoted = etag.replace(/&quot;|"/g, "");
  return isSum(unquoted) ? unquoted : undefined;
}

function objectOf(
  s3: S3,
  item: unknown,
  { folder, whole }: { folder: string; whole: string | undefined },
): ListedObject {
  if (!isFields(item) || whole === undefined) throw refusedBy(s3, "unreadable");
  const { Size, ETag, StorageClass } = item;
  if (!isSize(Size) || typeof ETag !== "string" || !isSaid(StorageClass)) throw refusedBy(s3, "unreadable");
  // Objects that lie elsewhere were not asked for: whoever names one has not understood the question.
  if (!whole.startsWith(folder)) throw refusedBy(s3, "unreadable");
  const [name, size, etag] = [whole.slice(folder.length), Number(Size), sumIn(ETag)];
  return inClass(StorageClass, etag === undefined ? { name, size } : { name, size, etag });
}
