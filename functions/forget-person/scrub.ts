// Takes a person out of a record. What the flows know now loses its entries about them; the journal keeps its shape, with a word that
// tells nobody in their place. Pure.
import { foldersOf, type Who } from "./who.ts";

/**
 * Fields that hold a word of ours, or a name of the settings, whatever it looks like: an account may be called "held".
 */
const ours = new Set(
  "v do outcome flow hub event topic function how status did verdict team teams tier cell messageId holder cause kind service lasts source scheme".split(
    " ",
  ),
);
/** Words of ours in fields that hold sentences elsewhere. */
const wakes = new Set("edit push schedule person continue approval report release cancel".split(" "));

/**
 * Maps whose keys are people, or changes of people: of the states alone, for the journal has none. A test holds this list to the
 * schemas. Those of a day's invitations lie one deeper.
 */
export const byPerson: ReadonlySet<string> = new Set([
  "known",
  "announce",
  "protectedIds",
  "leaving",
  "removed",
  "changes",
  "homes",
  "invitations",
  "keptBack",
  "partings",
]);

export type Scrubber = {
  /** Gives the record without them; the very same one where it tells nothing of them. */
  record: (record: unknown) => unknown;
  text: (text: string) => string;
  /** Tells whether a text is one of their names and nothing else. */
  isThem: (text: string) => boolean;
};

/** @param options `erase` drops entries about them; else `instead` stands in the place of each of their names. */
export function scrubber(who: Who, options: { instead: string; erase: boolean }): Scrubber {
  const { instead, erase } = options;
  const logins = [...who.logins, ...foldersOf(who)];
  const whole = new Set([...logins, ...who.mails, ...who.names, ...who.hashes]);
  const isThem = (text: string): boolean => whole.has(text.trim().toLowerCase());
  const within = withinText(who, logins);
  const text = (given: string): string => (isThem(given) ? instead : given.replace(within, instead));

  const isAbout = (value: unknown): boolean => {
    if (typeof value === "string") return isThem(value);
    if (typeof value !== "object" || value === null) return false;
    return Object.entries(value).some(
      ([key, part]) => typeof part === "string" && !ours.has(key) && part.split("/").some(isThem),
    );
  };

  /** Tells whether a line of a class's list is theirs: what else stands in it is theirs, too. */
  const isLineOf = (line: unknown): boolean => typeof line === "string" && text(line) !== line;

  /** Drops what is about them, or puts the word in its place. */
  function keyOf(key: string): string | undefined {
    const words = key.split(/(?<=[ /])|(?=[ /])/);
    if (!words.some(isThem)) return key;
    return erase ? undefined : words.map((word) => (isThem(word) ? instead : word)).join("");
  }

  function scrub(value: unknown, field: string): unknown {
    if (typeof value === "string")
      return ours.has(field) || (field === "why" && wakes.has(value)) ? value : text(value);
    if (typeof value !== "object" || value === null || ours.has(field)) return value;
    if (Array.isArray(value)) {
      const left = value.filter(
        (each) => !(erase && isAbout(each)) && !(field === "people" && isLineOf(each)),
      );
      const parts = left.map((each) => scrub(each, field));
      return parts.length === value.length && parts.every((part, n) => part === value[n]) ? value : parts;
    }
    const isMap = byPerson.has(field);
    const entries = Object.entries(value);
    const parts = entries.flatMap(([key, part]) => {
      const named = isMap ? keyOf(key) : key;
      return named === undefined
        ? []
        : [[named, scrub(part, field === "invitations" ? field : isMap ? "" : key)] as const];
    });
    const isSame =
      parts.length === entries.length &&
      parts.every(([key, part], n) => key === entries[n]?.[0] && part === entries[n]?.[1]);
    return isSame ? value : Object.fromEntries(parts);
  }
  return { record: (record) => scrub(record, ""), text, isThem };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Finds their names within a sentence or a path, and not within another's: "ada" is no part of ada@example.net, nor of ada-b. */
function withinText({ mails, names, hashes }: Who, logins: readonly string[]): RegExp {
  // A single word may be part of anybody's name: it counts where it stands alone.
  const full = [...names].filter((name) => /\s/.test(name));
  const parts = [
    ...[...mails].map((mail) => `(?<![\\w.+-])${escaped(mail)}(?![\\w-])`),
    ...full.map((name) => `(?<!\\p{L})${escaped(name)}(?!\\p{L})`),
    ...[...logins, ...hashes].map((login) => `(?<![\\w.+-])${escaped(login)}(?![\\w-]|@\\w|\\.\\w)`),
  ];
  return new RegExp(parts.join("|"), "giu");
}
