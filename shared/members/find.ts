// Finds who is meant by what people paste: a login of today or of before, an address, a name, or what stands in a cell. Pure.
import { closest, distance } from "fastest-levenshtein";
import { tidy, wordsOf } from "./asked.ts";
import { nameIndex, type PeopleIndex, peopleIndex } from "./people-index.ts";
import type { MembersState, Rejected } from "./records.ts";
import { type RefusedRow, refusedRows } from "./refused-rows.ts";
import type { Known, Person } from "./standing.ts";

export type Other = NonNullable<MembersState["others"]>[number];

/** Somebody who has access, or is invited, and stands in no row; `why` tells what keeps it after they left the sheet. */
export type Outsider = { login: string; team: string; isInvited: boolean; why?: string };

/** Gives them, the members of teams first. */
export function outsiders(state: MembersState): Outsider[] {
  const listed = new Set(state.people.map(({ login }) => login.toLowerCase()));
  return [
    ...state.unmanaged.map(({ login, team }) => ({ login, team, isInvited: false })),
    ...(state.reported ?? [])
      .filter(({ login }) => !listed.has(login.toLowerCase()))
      .map(({ login, team, do: act, why, because }) => ({
        login,
        team,
        isInvited: act === "cancel-invitation",
        why: `${why}; ${because}`,
      })),
  ];
}

/** Answer to who is meant; `near` is who perhaps is. */
export type Meant =
  | { is: "row"; people: Person[] }
  | { is: "cell"; cell: Rejected }
  | { is: "outsider"; outsider: Outsider; cell: Rejected | undefined }
  | { is: "other"; other: Other; cell: Rejected | undefined }
  | { is: "gone"; login: string; known: Known }
  | { is: "several"; people: Person[] }
  | { is: "nobody"; near: Person | undefined };

/** One word of a name is often several people's: more than these are not told one by one. */
const mostOfOneName = 5;

/** Reads the names that people paste: one a line, or several between commas. */
export function wanted(text: string): string[] {
  const lines = text.split(/[\n;]+/).flatMap((line) => (isLastFirst(line) ? [line] : line.split(",")));
  return [...new Set(lines.map(tidy).filter((line) => line !== ""))];
}

/** "North, Ada" is one person; "ada-north, bo-south" are two. */
const isLastFirst = (line: string): boolean =>
  /^\s*\p{Lu}[\p{L}\p{M}' -]*,\s*\p{Lu}[\p{L}\p{M}'. -]*\s*$/u.test(line);

/** Finds who is meant: what names one person for sure goes before what only resembles them. */
export function find(state: MembersState, asked: string): Meant {
  const who = tidy(asked).toLowerCase();
  const sure = findSurely(state, who);
  if (sure !== undefined) return sure;
  const index = indexOf(state);
  const named = index.people.byName(who);
  if (named.length > mostOfOneName) return { is: "several", people: named };
  if (named.length > 0) return { is: "row", people: named };
  const [namedRow] = index.refusedByName(who);
  const refusedByName = namedRow && withoutRow(state, [], namedRow);
  if (refusedByName !== undefined) return refusedByName;
  const meant = state.rejected.find(
    ({ suggestion = "" }) => suggestion !== "" && suggestion.toLowerCase() === who,
  );
  if (meant !== undefined) return { is: "cell", cell: meant };
  const known = Object.hasOwn(state.known, who) ? state.known[who] : undefined;
  if (known !== undefined) return { is: "gone", login: who, known };
  return { is: "nobody", near: nearest(state, who) };
}

/** Finds who is named by a login or an address, in lower case. */
export function findSurely(state: MembersState, who: string): Meant | undefined {
  const index = indexOf(state);
  const person = index.people.byLogin.get(who);
  if (person !== undefined) return { is: "row", people: [person] };
  const people = index.people.byAddress.get(who) ?? [];
  if (people.length > 0) return { is: "row", people };
  const refused = index.refused.find((row) => [row.login, row.email, row.value].includes(who));
  return withoutRow(state, [who], refused);
}

/** Finds somebody who has no row, or one that cannot be used. */
function withoutRow(
  state: MembersState,
  names: string[],
  refused: RefusedRow | undefined,
): Meant | undefined {
  const logins = new Set([
    ...names,
    ...(refused === undefined || refused.login === "" ? [] : [refused.login]),
  ]);
  const cell = refused?.cell;
  const outsider = indexOf(state).outsiders.find(({ login }) => logins.has(login.toLowerCase()));
  if (outsider !== undefined) return { is: "outsider", outsider, cell };
  const other = otherOf(state, logins);
  if (other !== undefined) return { is: "other", other, cell };
  return cell === undefined ? undefined : { is: "cell", cell };
}

/** Finds somebody whom no list of the sheet has. Who is in a team goes before who is only invited to another one. */
function otherOf({ others = [] }: MembersState, names: ReadonlySet<string>): Other | undefined {
  const found = others.filter(({ login, email, before }) =>
    [login, email, before].some((name) => name !== undefined && names.has(name.toLowerCase())),
  );
  return found.find(({ invitedAt }) => invitedAt === undefined) ?? found[0];
}

type Index = {
  people: PeopleIndex<Person>;
  refused: readonly RefusedRow[];
  refusedByName: (text: string) => RefusedRow[];
  outsiders: Outsider[];
  spelt: Record<"login" | "name" | "email", Spelt[]>;
  /** People who are perhaps meant, by what was asked: that is slow to find. */
  near: Map<string, Person | undefined>;
};
type Spelt = { text: string; person: Person };

/** A state stays the same object while its record does (states.ts), so it is read once however many are asked about. */
const indexes = new WeakMap<MembersState, Index>();

function indexOf(state: MembersState): Index {
  const known = indexes.get(state);
  if (known !== undefined) return known;
  const speltOf = (key: "login" | "email") =>
    state.people.map((person) => ({ text: person[key].toLowerCase(), person }));
  const refused = refusedRows(state);
  const index = {
    people: peopleIndex(state.people),
    refused,
    refusedByName: nameIndex(refused),
    outsiders: outsiders(state),
    spelt: {
      login: speltOf("login"),
      email: speltOf("email"),
      name: state.people.map((person) => ({ text: wordsOf(person.name).join(" "), person })),
    },
    near: new Map(),
  };
  indexes.set(state, index);
  return index;
}

/** Gives the people of a state's rows, as they are found. */
export const peopleOf = (state: MembersState): PeopleIndex<Person> => indexOf(state).people;

/** Finds who is perhaps meant: a quarter of the letters may be wrong. */
function nearest(state: MembersState, who: string): Person | undefined {
  const { near, spelt } = indexOf(state);
  if (!near.has(who))
    near.set(
      who,
      who.includes("@")
        ? closestOf(spelt.email, who)
        : (closestOf(spelt.login, who) ??
            closestOf(spelt.name, wordsOf(who).join(" ")) ??
            onlyNamesake(spelt.name, who)),
    );
  return near.get(who);
}

/** Finds the only one who has a word of the name: whoever is asked for by a nickname has the other one at least. */
function onlyNamesake(names: readonly Spelt[], who: string): Person | undefined {
  const words = wordsOf(who).filter((word) => word.length > 3);
  const found = names.filter(({ text }) => text.split(" ").some((word) => words.includes(word)));
  return found.length === 1 ? found[0]?.person : undefined;
}

const wrongLetters = (text: string): number => Math.max(1, Math.floor(text.length / 4));

function closestOf(spelt: readonly Spelt[], asked: string): Person | undefined {
  // Of another length it is another text: looking at the length is much faster than at the letters.
  const alike = spelt.filter(({ text }) => Math.abs(text.length - asked.length) <= wrongLetters(text));
  const texts = alike.map(({ text }) => text);
  const near = texts.length === 0 ? undefined : closest(asked, texts);
  if (near === undefined || distance(asked, near) > wrongLetters(near)) return undefined;
  return alike[texts.indexOf(near)]?.person;
}
