// Finds whom the lines of a class list mean: by login, by address or by name, whatever else stands in the line. Pure.
import { loginForm } from "../github/login-form.ts";
import { tidy, withoutAddresses, wordsOf } from "./asked.ts";
import type { Listed, PeopleIndex } from "./people-index.ts";

/** Answer to whom a line means. */
export type Meant<P> =
  /** `misfits` is the name in the line, where it has nothing of the one in the sheet. */
  | { is: "one"; person: P; misfits?: string }
  /** Several people have that name, or that address, or the line names several. */
  | { is: "several"; people: P[]; because: "name" | "address" | "line" }
  /** Nobody of the sheet: `ask` is what names them best. */
  | { is: "nobody"; ask: string };

/** Words of a heading: a list that comes out of a spreadsheet has them in its first line. */
const headings = new Set(
  "name full first last given family email mail e address github gh user username login id handle account".split(
    " ",
  ),
);

/** Reads a list: one person a line. Leaves out empty lines, a heading, and what is said twice. */
export function linesOfClass(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^[\s,;]+|[\s,;]+$/g, ""))
    .filter((line) => line !== "");
  const [first = "", ...rest] = lines;
  const isHeading = rest.length > 0 && wordsOf(first).every((word) => headings.has(word));
  return [...new Map((isHeading ? rest : lines).map((line) => [line.toLowerCase(), line])).values()];
}

/** Gives what a line says without the addresses in it: what may be shown to whoever must not see those. */
export const saidIn = (line: string): string =>
  withoutAddresses(line, "")
    .replace(/[<>()"]/g, " ")
    .replace(/^[\s,;|]+|[\s,;|]+$/g, "")
    .replace(/\s*[,;|](?:\s*[,;|])*\s*/g, ", ")
    .replace(/\s+/g, " ");

/** Calls somebody by what their line says, without addresses and login; by its number where that is nothing. */
export function calledOf(who: string, line: number, login = ""): string {
  const said = saidIn(who).split(", ");
  const rest = said.filter((part) => tidy(part) !== "" && tidy(part).toLowerCase() !== login.toLowerCase());
  return rest.length > 0 ? rest.join(", ") : login === "" ? `line ${line} of the list` : login;
}

/** Finds whom each line means, of these people. */
export function whoOf<P extends Listed>({
  byLogin,
  byAddress,
  byName,
}: PeopleIndex<P>): (line: string) => Meant<P> {
  return (line) => {
    const parts = partsOf(line);
    const sure = new Set(parts.flatMap((part) => byLogin.get(part.toLowerCase()) ?? []));
    const mailed = parts.flatMap((part) => byAddress.get(part.toLowerCase()) ?? []);
    // An address that several have says little beside a login or a name.
    if (new Set(mailed).size === 1) for (const person of mailed) sure.add(person);
    const keyed = [...sure];
    const [one] = keyed;
    if (one !== undefined && keyed.length === 1) return withName(one, parts);
    if (keyed.length > 1) return { is: "several", people: keyed, because: "line" };
    const texts = parts.filter((part) => !part.includes("@"));
    for (const text of [texts.join(" "), ...texts.filter((part) => /\s/.test(part))]) {
      const found = byName(text).filter((person) => mailed.length === 0 || mailed.includes(person));
      const [only] = found;
      if (only !== undefined && found.length === 1) return { is: "one", person: only };
      if (found.length > 1) return { is: "several", people: found, because: "name" };
    }
    if (mailed.length > 0) return { is: "several", people: [...new Set(mailed)], because: "address" };
    const login = texts.find((part) => loginForm.test(part) && texts.length > 1);
    const best = parts.find((part) => part.includes("@")) ?? login ?? tidy(line);
    return { is: "nobody", ask: best };
  };
}

/** Finds whom a whole list means, with each line's number. Whoever is meant by several lines stands in the list once. */
export function peopleOfList<P extends Listed>(
  list: readonly string[],
  meant: (line: string) => Meant<P>,
): { line: number; who: string; meant: Meant<P> }[] {
  const seen = new Set<P>();
  return list
    .map((who, index) => ({ line: index + 1, who, meant: meant(who) }))
    .filter(({ meant: one }) => {
      if (one.is !== "one" || one.misfits !== undefined) return true;
      return !seen.has(one.person) && seen.add(one.person) !== undefined;
    });
}

/** Somebody's login or address is in the line: says whether the rest of it can be their name. */
function withName<P extends Listed>(person: P, parts: readonly string[]): Meant<P> {
  const keys = new Set([person.login, person.renamedTo ?? "", person.email].map((key) => key.toLowerCase()));
  const name = parts.filter((part) => !part.includes("@") && !keys.has(part.toLowerCase())).join(" ");
  const own = new Set(wordsOf(person.name));
  const words = wordsOf(name);
  const fits = words.length === 0 || own.size === 0 || words.some((word) => own.has(word));
  return fits ? { is: "one", person } : { is: "one", person, misfits: name };
}

/** Gives the parts of a line: its cells, and the address or login that stands behind a name. */
function partsOf(line: string): string[] {
  return line
    .split(/[\t;,|<>()]+/)
    .flatMap((cell) => cell.split(/\s+(?=\S+@\S)|(?<=\S@\S+)\s+|\s+(?=@\S)/))
    .map(tidy)
    .filter((part) => part !== "");
}
