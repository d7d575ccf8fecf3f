// Finds the word that was perhaps meant by one that is in no list.
import { closest, distance } from "fastest-levenshtein";

/** Gives the word of a list that differs in few letters, whatever their case; undefined where none does. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.normalize("NFC").toLowerCase();
  const asked = plain(word);
  const found = known.length === 0 ? undefined : closest(asked, known.map(plain));
  if (found === undefined || distance(asked, found) > Math.max(2, asked.length / 3)) return undefined;
  return known.find((one) => plain(one) === found);
}
