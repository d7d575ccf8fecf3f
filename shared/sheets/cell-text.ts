// Reads what a person meant by a cell: invisible characters and stray blanks gone, placeholders and formula errors told apart.
// Pure.

/** Zero-width characters and the soft hyphen: copied along with a text, never typed. */
const invisible = /[\u200b-\u200d\u2060\ufeff\u00ad]/g;

/** Nothing to clean: most cells, and the test is quick. */
const tidy = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/** Trims (no-break spaces too), drops what cannot be seen, and makes one blank of many. */
export const clean = (text: string): string =>
  tidy.test(text) ? text : text.replace(invisible, "").replace(/\s+/g, " ").trim();

/** For comparing headings, tiers and placeholders. */
export const folded = (text: string): string => clean(text).normalize("NFKC").toLowerCase();

const errors =
  /^(?:#(?:REF!|N\/A|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|ERROR!|SPILL!|CALC!)|loading(?:\.{3}|\u2026))$/i;

/** A formula's error or its state while Sheets still computes: the cell's content is not known. */
export const isUncomputed = (text: string): boolean => errors.test(clean(text));

const placeholders = new Set(
  "n/a,na,n.a.,n.a,none,no,nil,null,undefined,unknown,tbd,tba,t.b.d.,todo,-,--,---,\u2013,\u2014,?,??,???,x,xx,xxx,.,..,...,/".split(
    ",",
  ),
);

/** "N/A", "-", "?": somebody filled the cell without having an answer. */
export const isPlaceholder = (text: string): boolean => placeholders.has(folded(text));

/** A column's letters by its index from 0: A, Z, AA. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnLetters(rest - 1) : "") + String.fromCharCode(65 + (index % 26));
}

/** Gives what is kept and shown of a cell that was refused. */
export const shown = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}\u2026` : text);

/** Names a few cells of many. */
export const fewOf = (cells: readonly string[]): string =>
  cells.length > 5 ? `${cells.slice(0, 5).join(", ")} and ${cells.length - 5} more` : cells.join(", ");
