// Finds people by login, by address and by name, however many are asked for. Pure.
import { wordsOf } from "./asked.ts";

/** Somebody of the sheet. */
export type Listed = { login: string; name: string; email: string; renamedTo?: string | undefined };

export type PeopleIndex<P> = {
  /** By lower-case login: the sheet's own goes before the new name of somebody else. */
  byLogin: ReadonlyMap<string, P>;
  /** By lower-case address, which several may share. */
  byAddress: ReadonlyMap<string, P[]>;
  byName: (text: string) => P[];
};

/** Reads people once. Ten thousand of them take some milliseconds. */
export function peopleIndex<P extends Listed>(people: readonly P[]): PeopleIndex<P> {
  const byLogin = new Map<string, P>();
  for (const person of people)
    if (person.renamedTo !== undefined) byLogin.set(person.renamedTo.toLowerCase(), person);
  for (const person of [...people].reverse()) byLogin.set(person.login.toLowerCase(), person);
  const byAddress = Map.groupBy(
    people.filter(({ email }) => email !== ""),
    ({ email }) => email.toLowerCase(),
  );
  return { byLogin, byAddress, byName: nameIndex(people) };
}

/** Gives how to find those of a name: in whatever order its parts stand; else with all that was asked for in it; else by less. */
export function nameIndex<T extends { name: string }>(all: readonly T[]): (text: string) => T[] {
  const named = all.map((one) => ({ one, words: wordsOf(one.name) }));
  const byName = Map.groupBy(named, ({ words }) => words.join(" "));
  const byWord = new Map<string, { one: T; words: string[] }[]>();
  for (const each of named)
    for (const word of new Set(each.words)) {
      const have = byWord.get(word);
      if (have === undefined) byWord.set(word, [each]);
      else have.push(each);
    }
  const having = (words: readonly string[]) => {
    const [first = "", ...others] = words;
    const rest = others.map((word) => new Set(byWord.get(word)));
    return (
      byName.get(words.join(" ")) ??
      (byWord.get(first) ?? []).filter((one) => rest.every((have) => have.has(one)))
    );
  };
  return (text) => {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    const found = having(words);
    // Without a blank it is rather a login, whose likeness to a name says nothing.
    if (found.length > 0 || !/\s/.test(text.trim())) return found.map(({ one }) => one);
    const bare = wordsOf(text.replace(/\([^)]*\)|\[[^\]]*\]/g, " ")).filter((word) => !titles.has(word));
    const called = bare.length === 0 ? [] : having(bare);
    const loose = new Set(bare.filter((word) => word.length > 1).flatMap((word) => byWord.get(word) ?? []));
    return (called.length > 0 ? called : [...loose].filter((each) => isShortFor(bare, each.words))).map(
      ({ one }) => one,
    );
  };
}

/** Words beside a name that are none of it. */
const titles = new Set("dr,prof,professor,mr,mrs,ms,mx,miss,sir,phd,msc,md,jr,sr".split(","));

/** Tells whether one name is the other without some of its names, or with a letter in their place: A. Lovelace, Ada K. Lovelace. */
function isShortFor(some: readonly string[], others: readonly string[]): boolean {
  const [short, long] = some.length < others.length ? [some, others] : [others, some];
  const meets = (a: string, b: string): boolean =>
    a === b || (Math.min(a.length, b.length) === 1 && a.charAt(0) === b.charAt(0));
  return short.length > 1 && short.every((word) => long.some((other) => meets(word, other)));
}
