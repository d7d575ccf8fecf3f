// Storage classes that matter to whoever reads an object: those that take money for it, and those that do not let it be read.
import * as z from "zod";

/**
 * Colder classes of Cloud Storage (https://cloud.google.com/storage/docs/storage-classes), and those of S3 whose objects have to be
 * restored before they can be read (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
 */
export const StorageClass = z.enum(["nearline", "coldline", "archive", "glacier", "deep archive"]);
export type StorageClass = z.infer<typeof StorageClass>;

const words: ReadonlyMap<string, StorageClass> = new Map([
  ["NEARLINE", "nearline"],
  ["COLDLINE", "coldline"],
  ["ARCHIVE", "archive"],
  ["GLACIER", "glacier"],
  ["DEEP_ARCHIVE", "deep archive"],
]);

/** The class of most objects, which is told sooner by itself. */
const ordinary = "STANDARD";

/** Reads a store's word; undefined for every class that is read at once and without a fee. */
export const storageClassOf = (word: string | undefined): StorageClass | undefined =>
  word === undefined || word === ordinary ? undefined : words.get(word);

/** Classes that take money for each byte that is read. */
export const coldClasses = ["nearline", "coldline", "archive"] as const satisfies readonly StorageClass[];
export type ColdClass = (typeof coldClasses)[number];

/** Days for which an object is paid at least (https://cloud.google.com/storage/docs/storage-classes). */
export const minimumDays: Record<ColdClass, number> = { nearline: 30, coldline: 90, archive: 365 };

/** Classes whose objects must be restored before anybody reads them. */
export const frozenClasses = ["glacier", "deep archive"] as const satisfies readonly StorageClass[];
