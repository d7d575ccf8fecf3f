// Says who carries an object: rclone; or the mover, where rclone would leave behind what stands beside the bytes, or would change, lose or
// mix up the name; or nobody, where the target cannot hold the name. Pure.
import { type BesideKind, needsMover } from "../../shared/remotes/beside.ts";
import { isMovable } from "../../shared/transfers/rclone-names.ts";
import type { RemoteObject } from "../../shared/transfers/records.ts";
import { isFolderMark } from "./plan.ts";
import type { Place, Request } from "./request.ts";

/** An object, and what stands beside its bytes; absent where nobody has looked: the listings of S3 do not say it. */
type Seen = RemoteObject & { beside?: readonly BesideKind[] };

/** Names of the objects by who carries them. */
export type Carriers<T> = { rclone: T[]; mover: T[]; nobody: T[] };

/**
 * Parts the objects of one list by who carries them. `sampled`: kinds that were found where only some of the source's objects were looked
 * at; where the mover carries one of them, it carries all that nobody has looked at, for any may have it.
 */
export function byCarrier<T extends Seen>(
  objects: readonly T[],
  { from, to, sampled }: Request & { sampled: readonly BesideKind[] },
): Carriers<T> {
  const isMoved = (kind: BesideKind): boolean => needsMover(kind, from.store, to.store);
  const unseen = sampled.some(isMoved);
  const twins = twinsIn(objects);
  const carriers: Carriers<T> = { rclone: [], mover: [], nobody: [] };
  for (const object of objects) {
    const { name, beside } = object;
    const isForMover =
      isFolderMark(object) || !isMovable(name) || twins.has(name) || (beside?.some(isMoved) ?? unseen);
    if (!isHeldBy(to, name)) carriers.nobody.push(object);
    else if (isForMover) carriers.mover.push(object);
    else carriers.rclone.push(object);
  }
  return carriers;
}

/** Finds names that are one to rclone, and two to a store: it compares them in a normal form (https://rclone.org/docs/#no-unicode-normalization). */
function twinsIn(objects: readonly Seen[]): ReadonlySet<string> {
  const twins = new Set<string>();
  // Most lists have plain names alone, of which each is its own normal form.
  if (objects.every(({ name }) => /^[ -~]*$/.test(name))) return twins;
  const first = new Map<string, string>();
  for (const { name } of objects) {
    const normal = name.normalize("NFC");
    const other = first.get(normal);
    if (other === undefined) first.set(normal, name);
    else twins.add(other).add(name);
  }
  return twins;
}

/** Bytes of a key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, https://cloud.google.com/storage/docs/objects#naming */
const longestKey = 1024;

/** Tells whether the target can hold an object of this name below its path. */
function isHeldBy({ path, store }: Place, name: string): boolean {
  const key = path === "" ? name : `${path}/${name}`;
  if (key === "" || !key.isWellFormed() || Buffer.byteLength(key) > longestKey) return false;
  switch (store.kind) {
    case "gcs":
      return !/[\r\n]/.test(key) && !/^(?:\.{1,2}$|\.well-known\/acme-challenge\/)/.test(key);
    case "s3":
      return true;
    default:
      return store satisfies never;
  }
}
