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

/** Gives how to find those of a name, in whatever order its parts stand; else those whose name has all that was asked for in it. */
export function nameIndex<T extends { name: string }>(all: readonly T[]): (text: string) => T[] {
  const named = all.map((one) => ({ one, words: wordsOf(one.name) }));
  const byName = Map.groupBy(named, ({ words }) => words.join(" "));
  const byWord = new Map<string, T[]>();
  for (const { one, words } of named)
    for (const word of new Set(words)) {
      const have = byWord.get(word);
      if (have === undefined) byWord.set(word, [one]);
      else have.push(one);
    }
  return (text) => {
    const words = wordsOf(text);
    const [first, ...others] = words;
    if (first === undefined) return [];
    const same = byName.get(words.join(" "));
    if (same !== undefined) return same.map(({ one }) => one);
    const rest = others.map((word) => new Set(byWord.get(word)));
    return (byWord.get(first) ?? []).filter((one) => rest.every((have) => have.has(one)));
  };
}
