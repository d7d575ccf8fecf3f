// Reads what people type for a person: takes off what they paste around it, and gives the words of a name. Pure.

/** Takes off what people paste around a name: an @, a profile's address, quotes, the name before an address. */
export function tidy(line: string): string {
  const [, address] = /<([^<>\s]+@[^<>\s]+)>/.exec(line) ?? [];
  return (address ?? line)
    .trim()
    .replace(/^["'<(]+|[">')]+$/g, "")
    .replace(/^(https?:\/\/)?(www\.)?github\.com\//i, "")
    .replace(/^@|\/$/g, "")
    .trim()
    .slice(0, 200);
}

/** Puts something in the place of each address in a text; an @ before a username is none. */
export const withoutAddresses = (text: string, instead: string): string =>
  text.replace(/[^\s,;|<>()"'@][^\s,;|<>()"']*@[^\s,;|<>()"']+/g, instead);

/** Words of a name without its accents, in a fixed order. */
export const wordsOf = (name: string): string[] =>
  (
    name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).sort();
