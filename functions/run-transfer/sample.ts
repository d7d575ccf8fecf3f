// Samples of names that come one after the other, and nobody knows how many. Pure.

/** Names that stand for all others: so many of a store are asked for what its listings do not say. */
const enough = 1000;

/** Chooses so many names that lie evenly among all. */
export function sampleOf(names: readonly string[], most: number = enough): string[] {
  const step = Math.max(1, names.length / most);
  const places = Array.from({ length: Math.min(names.length, most) }, (_, n) => Math.floor(n * step));
  return places.flatMap((place) => names[place] ?? []);
}

/** Opens a sample: every so many names one is taken, ever fewer as more come. */
export function sampler() {
  let taken: string[] = [];
  let every = 1;
  let seen = 0;
  return {
    add(name: string): void {
      if (seen % every === 0) taken.push(name);
      seen += 1;
      if (taken.length < 2 * enough) return;
      taken = taken.filter((_, index) => index % 2 === 0);
      every *= 2;
    },
    /** Gives at least a thousand names, or all. */
    taken: (): readonly string[] => taken,
  };
}
