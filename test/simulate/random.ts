// Chance from one seed: the same seed gives the same numbers in the same order, on every machine.

export type Random = ReturnType<typeof randomOf>;

/** sfc32 (PractRand, Chris Doty-Humphrey), seeded from one number. */
export function randomOf(seed: number) {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;

  /** At least 0, below 1. */
  function next(): number {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  }
  /** Begins anew, for a part of what the seed stands for: each part goes the same way without those before it. */
  function begin(part: number): void {
    a = 0x9e3779b9;
    b = 0x243f6a88;
    c = 0xb7e15162 ^ part;
    d = (seed ^ 0xdeadbeef) >>> 0;
    for (let warm = 0; warm < 15; warm += 1) next();
  }
  begin(0);

  const below = (most: number): number => Math.floor(next() * most);
  return {
    next,
    begin,
    /** A whole number below that one. */
    below,
    between: (least: number, most: number): number => least + below(most - least + 1),
    chance: (share: number): boolean => next() < share,
    pick<T>(...of: readonly [T, ...T[]]): T {
      return of[below(of.length)] ?? of[0];
    },
    /** One of a list; undefined where it is empty. */
    oneOf: <T>(list: readonly T[]): T | undefined => list[below(list.length)],
    shuffled<T>(list: readonly T[]): T[] {
      const left = [...list];
      const mixed: T[] = [];
      while (left.length > 0) mixed.push(...left.splice(below(left.length), 1));
      return mixed;
    },
  };
}
