// Compares an object at the source with what lies at the target under its name. Absence of evidence is no agreement: what has
// neither been shown to be the same nor another is not proved. Pure.
import type { RemoteObject } from "./records.ts";

export type Likeness = "same" | "other" | "unproved";

/** MD5s of objects by their names, at both ends, and how they were learnt. */
export type Evidence = {
  by: "asked" | "read";
  source: ReadonlyMap<string, string>;
  target: ReadonlyMap<string, string>;
};

/** Tells whether an object's listing has what is most often the MD5 of its bytes. */
export const isPlainSum = ({ md5, etag }: RemoteObject): boolean =>
  md5 !== undefined || (etag !== undefined && !etag.includes("-"));

/** Tells whether two objects have the same content, by what their listings say. */
export function likeness(source: RemoteObject, target: RemoteObject): Likeness {
  if (source.size !== target.size) return "other";
  // Two empty ones are equal without a sum.
  if (source.size === 0) return "same";
  if (source.md5 !== undefined && target.md5 !== undefined)
    return source.md5 === target.md5 ? "same" : "other";
  // An ETag may be any text, so that of two different ones nothing follows; equal ones do not come by chance.
  const isOfSource = (sum: string | undefined): boolean =>
    sum !== undefined && (sum === source.md5 || sum === source.etag);
  return isOfSource(target.md5) || isOfSource(target.etag) ? "same" : "unproved";
}

/** The same by evidence beyond listings, piece by piece until one decides; `by` says which. `source`: with the MD5 that is known of it then. */
export function likenessBy(
  source: RemoteObject,
  target: RemoteObject,
  evidence: readonly Evidence[],
): { is: Likeness; by: "listed" | Evidence["by"]; source: RemoteObject } {
  let [a, b] = [source, target];
  const is = likeness(a, b);
  if (is !== "unproved") return { is, by: "listed", source };
  for (const { by, ...of } of evidence) {
    a = withSum(a, of.source.get(source.name));
    b = withSum(b, of.target.get(source.name));
    const found = likeness(a, b);
    if (found === "same") return { is: found, by, source: withSum(a, a.md5 ?? b.md5) };
    if (found === "other") return { is: found, by, source: a };
  }
  return { is, by: "listed", source: a };
}

const withSum = (object: RemoteObject, md5: string | undefined): RemoteObject =>
  md5 === undefined ? object : { ...object, md5 };

/** Tells whether a target's object is the writing that was named before, or one of the same bytes. Of what nothing is known, nothing is the same. */
export const isSameWriting = (named: RemoteObject, there: RemoteObject): boolean =>
  named.size === there.size &&
  [
    [named.md5, there.md5],
    [named.etag, there.etag],
    [named.generation, there.generation],
  ].some(([one, other]) => one !== undefined && one === other);
