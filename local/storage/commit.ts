// End of every way to bring bytes in: they become the object, if its conditions hold at that moment.
import { objectResource, type Refusal, refusals } from "./answers.ts";
import type { Bucket, Staged } from "./bucket.ts";
import type { Storage } from "./far-end.ts";
import { Attributes, meets, type Preconditions, type StoredObject } from "./objects.ts";
import type { Resource } from "./uploads.ts";

export const methodId = "storage.objects.insert";

type Committing = {
  bucket: Bucket;
  email: string;
  bucketName: string;
  conditions: Preconditions;
  origin: string;
  /** Part of the answer that is asked for. */
  fields?: string | undefined;
};

/** Makes staged bytes the object, or removes them. */
export async function commit(
  storage: Storage,
  { bucket, email, bucketName, conditions, origin, fields }: Committing,
  name: string,
  staged: Staged,
  resource: Resource,
): Promise<Response | Refusal> {
  const { md5, crc32c } = staged.digest;
  const wrong = mismatch("MD5 hash", resource.md5Hash, md5) ?? mismatch("CRC32C", resource.crc32c, crc32c);
  if (wrong !== undefined) {
    bucket.files.remove(staged.file);
    return refusals.invalid(wrong);
  }
  const allow = (current: StoredObject | undefined): Refusal | undefined => {
    if (!meets(current, conditions)) return refusals.conditionNotMet();
    // Replacing an object is deleting it too (https://cloud.google.com/storage/docs/json_api/v1/objects/insert).
    const object = `buckets/${bucketName}/objects/${name}`;
    return current !== undefined && !storage.identities.may(email, "storage.objects.delete", object)
      ? refusals.forbidden(email, "storage.objects.delete")
      : storage.writtenTooOften(bucketName, name);
  };
  const outcome = await bucket.commit(name, staged, Attributes.parse(resource), allow);
  if ("refused" in outcome) return outcome.refused;
  return storage.answer(methodId, objectResource(outcome.stored, origin), fields);
}

function mismatch(what: string, provided: string | undefined, calculated: string): string | undefined {
  return provided === undefined || provided === calculated
    ? undefined
    : `Provided ${what} "${provided}" doesn't match calculated ${what} "${calculated}".`;
}
