// Reads what people type for a person: takes off what they paste around it, and gives the words of a name. Pure.

/** Takes off what people paste around a name: an @, a profile's address, quotes, the name beside an address. */
export function tidy(line: string): string {
  const [, address] =
    /(?:^|[\s<(])(?:mailto:)?([^\s<>()"',;:@]+@[^\s<>()"',;:@]+\.[^\s<>()"',;:@]+)/i.exec(line) ?? [];
  return (address ?? line)
    .trim()
    .replace(/^["'<(]+|[">']+$/g, "")
    .replace(/^(https?:\/\/)?(www\.)?github\.com\/([^?#]*).*$/i, "$3")
    .replace(/^@|\/$/g, "")
    .trim()
    .slice(0, 200);
}

/** Puts something in the place of each address in a text; an @ before a username is none. */
export const withoutAddresses = (text: string, instead: string): string =>
  text.replace(/[^\s,;|<>()"'@][^\s,;|<>()"']*@[^\s,;|<>()"']+/g, instead);

/** Letters that are no plain ones with an accent: people leave their strokes out, too. */
const plain: Record<string, string> = {
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  ı: "i",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  þ: "th",
};

/** Words of a name without its accents and apostrophes, in a fixed order. */
export const wordsOf = (name: string): string[] =>
  (
    name
      .normalize("NFKD")
      .replace(/[\p{M}'\u2019\u02bc`]/gu, "")
      .toLowerCase()
      .replace(/[øłđðıßæœþ]/g, (letter) => plain[letter] ?? letter)
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).sort();
