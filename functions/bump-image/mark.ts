// The mark in a pull request's text: which release it is about, whatever people make of its title. Pure.

export const markOf = (tag: string): string => `<!-- groundcrew images ${tag} -->`;

/** Gives the release that a pull request of ours is about: of the last mark, for a file's name may look like one too. */
export const releaseIn = (body: string): string | undefined =>
  [...body.matchAll(/<!-- groundcrew images ([\w.-]+) -->/g)].at(-1)?.[1];
