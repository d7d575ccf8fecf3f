// The order of names: stores list them by the bytes of UTF-8, which JavaScript's own order is not beyond U+D7FF. Pure.

/** Signs that come after halves of a character in JavaScript's order, and before them in the order of bytes. */
const afterHalves = /[\ue000-\uffff]/;

/** Compares two names as stores do: below 0 where the first comes first. */
export function byBytes(a: string, b: string): number {
  // Most names are given in order, and have no such sign: JavaScript's own order, which is quicker, says the same of them.
  if (a < b && !afterHalves.test(b)) return -1;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

/** Halves of a character beyond U+FFFF come after all others. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/**
 * Gives what comes after all names in a folder, and after all that begin with its name and a sign before "/". Where no sign of the
 * folder's name but the first comes before "/", it means the same to stores that order names by their bytes and to those that go folder by folder.
 */
export const endOf = (folder: string): string => `${folder.slice(0, -1)}0`;

/** Tells whether stores that order names folder by folder, as a file system does, have the second one first. */
export function isBesideFolder(first: string, second: string): boolean {
  // Most names lie in the folder of the name before them.
  if (first.startsWith(second.slice(0, second.lastIndexOf("/") + 1))) return false;
  let at = 0;
  while (at < first.length && first[at] === second[at]) at += 1;
  return at < first.length && second[at] === "/";
}

/** Part of a folder's names: after one, and through another; all of them where neither is given. */
export type Range = { after?: string | undefined; through?: string | undefined };

/** Tells whether a name lies in a range. */
export const isWithin = (name: string, { after, through }: Range): boolean =>
  (after === undefined || byBytes(name, after) > 0) && (through === undefined || byBytes(name, through) <= 0);

/** Said of a store that does not list names in the order of their bytes, as most do. */
export class Unordered extends Error {}

/** Makes what is shown name after name of a listing, and throws Unordered where one comes before the last. */
export function inBytesOrder(): (name: string) => void {
  let last: string | undefined;
  return (name) => {
    if (last !== undefined && byBytes(last, name) >= 0) throw new Unordered();
    last = name;
  };
}
