// The order of names: stores list them by the bytes of UTF-8, which JavaScript's own order is not beyond U+D7FF. Pure.

/** Compares two names as stores do: below 0 where the first comes first. */
export function byBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

/** Halves of a character beyond U+FFFF come after all others. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Part of a folder's names: after one, and through another; all of them where neither is given. */
export type Range = { after?: string | undefined; through?: string | undefined };

/** Tells whether a name lies in a range. */
export const isWithin = (name: string, { after, through }: Range): boolean =>
  (after === undefined || byBytes(name, after) > 0) && (through === undefined || byBytes(name, through) <= 0);
