// Slips that people make when they write an end of a transfer: an address in place of a remote, a slash where the colon belongs, a name in
// other letters. Each is answered with the right form, of which every word is the settings' own. Pure.
import { nearest } from "../../shared/nearest.ts";
import type { Remote } from "../../shared/settings.ts";

type Remotes = Readonly<Record<string, Remote>>;

/** Web address, or one as other programs write them: of a bucket, and of what is in it. */
const addressForm = /^([a-z][a-z0-9+.-]{0,19}):\/\/(.*)$/is;
/** Schemes in which the bucket stands where a host does. */
const bucketSchemes = new Set(["gs", "gcs", "s3", "s3a", "s3n", "r2", "b2"]);

/** Says what is wrong with an end that names no remote, and how it is written. */
export function slipOf(text: string, remotes: Remotes): string {
  const [, scheme, rest = ""] = addressForm.exec(text) ?? [];
  if (scheme !== undefined) return addressSlip(scheme.toLowerCase(), rest, remotes);
  const colon = text.indexOf(":");
  if (colon === -1) return withoutColon(text, remotes);
  const name = text.slice(0, colon);
  const ofBucket = remotesOf([name], remotes);
  if (ofBucket.length > 0) return `names a bucket where its remote belongs: write it as ${formsOf(ofBucket)}`;
  const near = nearest(name.trim(), Object.keys(remotes));
  return `names no remote of the settings${near === undefined ? "" : `; did you mean ${formsOf([near])}?`}; ${known(remotes)}`;
}

function addressSlip(scheme: string, rest: string, remotes: Remotes): string {
  const parts = rest.split(/[/?#:]/);
  // In a web address the bucket is a part of the host, or of the path.
  const named = bucketSchemes.has(scheme)
    ? parts.slice(0, 1)
    : parts.slice(0, 8).flatMap((part) => [part, part.split(".")[0] ?? ""]);
  const found = remotesOf(named, remotes);
  return found.length === 0
    ? `is an address, and of no bucket of the settings: an end is <remote>:<path>; ${known(remotes)}`
    : `is an address: write it as ${formsOf(found)}`;
}

function withoutColon(text: string, remotes: Remotes): string {
  const [first = ""] = text
    .trim()
    .split(/[/\\]/)
    .filter((part) => part !== "");
  if (Object.hasOwn(remotes, first))
    return `has no colon after its remote: write it as ${formsOf([first])}, or "${first}:" for all of it`;
  const ofBucket = remotesOf([first], remotes);
  if (ofBucket.length > 0) return `begins with a bucket's name: write it as ${formsOf(ofBucket)}`;
  const near = nearest(first, Object.keys(remotes));
  return `is not of the form "<remote>:<path>"${near === undefined ? "" : `; did you mean ${formsOf([near])}?`}; ${known(remotes)}`;
}

/** Names the remotes of buckets. */
const remotesOf = (buckets: readonly string[], remotes: Remotes): string[] =>
  Object.entries(remotes).flatMap(([name, { bucket }]) => (buckets.includes(bucket) ? [name] : []));

const formsOf = (names: readonly string[]): string => names.map((name) => `"${name}:<path>"`).join(" or ");

const known = (remotes: Remotes): string => `the remotes are ${Object.keys(remotes).join(", ")}`;
