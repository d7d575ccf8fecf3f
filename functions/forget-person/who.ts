// By what a person is known in the ledger: logins, addresses, names, folders and hashes. Found out from the records themselves, for
// whoever has left stands in no row any more. Pure.
import * as z from "zod";
import type { ForgetRequest, MembersState } from "../../shared/members/records.ts";
import { folderOf } from "../../shared/quota/people.ts";

/** All in lower case. */
export type Who = {
  logins: Set<string>;
  mails: Set<string>;
  names: Set<string>;
  /** Hashes of changes that were about them: they can be computed by the login. */
  hashes: Set<string>;
  /** Names and addresses of others, which stay though they are theirs, too. */
  others: ReadonlySet<string>;
};

const lower = (text: string): string => text.trim().toLowerCase();

/** Begins with the login and whatever else a person has said of them: addresses, names. */
export function whoIs(
  { login, also, found }: Pick<ForgetRequest, "login" | "also" | "found">,
  state: MembersState | undefined,
): Who {
  const logins = new Set([lower(login), ...(found?.logins ?? [])]);
  for (const [name, { id }] of Object.entries(state?.known ?? {}))
    if (id !== undefined && id === state?.known[lower(login)]?.id) logins.add(name);
  const given = also.map(lower).filter((text) => text !== "");
  const people = [...(state?.people ?? []), ...(state?.pairings ?? [])].filter(
    (person) => !logins.has(lower(person.login)),
  );
  return {
    logins,
    mails: new Set([...given.filter((text) => text.includes("@")), ...(found?.mails ?? [])]),
    names: new Set([...given.filter((text) => !text.includes("@")), ...(found?.names ?? [])]),
    hashes: new Set(found?.hashes),
    others: new Set(people.flatMap((person) => [person.login, person.email, person.name].map(lower))),
  };
}

const text = z.string().min(1).optional().catch(undefined);
const Person = z.looseObject({
  login: text,
  about: text,
  before: text,
  renamedTo: text,
  email: text,
  name: text,
  hash: text,
  key: text,
  to: z
    .object({ mail: z.tuple([z.string()]) })
    .optional()
    .catch(undefined),
  memberships: z
    .record(z.string(), z.looseObject({ mailed: z.looseObject({ email: z.string() }).optional() }))
    .optional()
    .catch(undefined),
});

/** Adds what a record tells of them. */
export function learn(who: Who, record: unknown, under = ""): void {
  if (typeof record !== "object" || record === null) return;
  if (!Array.isArray(record)) learnOf(who, record, under);
  for (const [key, value] of Object.entries(record)) learn(who, value, key);
}

function learnOf(who: Who, record: object, under: string): void {
  const person = Person.safeParse(record).data;
  if (person === undefined) return;
  const { login, about, before, renamedTo, email, name, hash, key = "", to, memberships = {} } = person;
  const logins = [login, about, before, renamedTo, under].flatMap((each) => each ?? []);
  const isOf = [...logins, ...key.split("/")].some((each) => who.logins.has(lower(each)));
  if (!isOf) return;
  const add = (set: Set<string>, ...found: (string | undefined)[]) => {
    for (const each of found) if (each !== undefined && !who.others.has(lower(each))) set.add(lower(each));
  };
  add(who.logins, login, before, renamedTo);
  add(who.mails, email, to?.mail[0], ...Object.values(memberships).map(({ mailed }) => mailed?.email));
  add(who.names, name);
  add(who.hashes, hash);
}

/** Lists the names of folders that are, or were, their home, in either scheme. */
export const foldersOf = ({ logins }: Who): string[] =>
  [...logins].flatMap((login) => [folderOf(login, "safe"), folderOf(login, "legacy")]);
