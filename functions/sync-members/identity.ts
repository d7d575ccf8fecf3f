// Settles rows of which only GitHub can tell whose they are: a form that was filled out twice, and a login that is rather a number or
// a word of the university's. Pure. Nobody loses anything by it: the sheet still names whoever stands in a refused row.
import { distance } from "fastest-levenshtein";
import type { Rejected } from "../../shared/members/records.ts";
import type { MemberRow } from "../../shared/sheets/row.ts";
import type { Account, Facts } from "./facts.ts";
import { expired, loginsToLookUp, lower, sheetNames } from "./names.ts";

type Known = Pick<Facts, "rows" | "today" | "github" | "state" | "accounts">;

type Settled = Pick<Facts, "rows" | "rejected" | "named" | "unreadable">;

/**
 * Takes out the rows that a person must be asked about, and those that another row of the same person replaces. A login that is asked
 * about may have been typed over the right one: whoever was remembered by the address, or else by the cell, is left alone as well.
 */
export function settleIdentities(known: Known): Settled {
  const { doesExist, isIn } = atGithub(known);
  const byAddress = Map.groupBy(
    known.rows.filter((row) => row.email !== "" && !expired(row, known.today)),
    ({ email }) => lower(email),
  );
  const whyNot = (row: MemberRow): Pick<Rejected, "why" | "twice"> | undefined => {
    if (expired(row, known.today)) return undefined;
    const same = byAddress.get(lower(row.email)) ?? [];
    const rivals = same.filter((other) => other !== row && doesExist(other) && mayBeOne(row, other));
    if (rivals.length > 0 && !(isIn(row) && !rivals.some(isIn))) return whyNotTwice(doesExist(row), rivals);
    const why = whyAsk(row, known.accounts.get(lower(row.login)));
    return why === undefined ? undefined : { why };
  };
  const refused = known.rows.flatMap((row) => {
    const why = whyNot(row);
    return why === undefined ? [] : [{ row, line: { cell: row.cell, value: row.login, ...why } }];
  });
  const out = new Set(refused.map(({ row }) => row));
  return {
    rows: known.rows.filter((row) => !out.has(row)),
    rejected: refused.map(({ line }) => line),
    named: refused.map(({ row }) => lower(row.login)),
    unreadable: refused.map(({ row: { cell, email } }) => (email === "" ? { cell } : { cell, email })),
  };
}

/** Tells of a row whether its login is a person's, and whether that is in a team already. */
function atGithub(known: Known) {
  const nameOf = sheetNames(known.rows, known.state);
  const members = Object.values(known.github.teams).flatMap((team) => team.members.map(nameOf));
  const [inside, asked] = [new Set(members), new Set(loginsToLookUp(known).map(lower))];
  return {
    isIn: ({ login }: MemberRow): boolean => inside.has(lower(login)),
    doesExist: ({ login }: MemberRow): boolean => {
      const account = known.accounts.get(lower(login));
      return !asked.has(lower(login)) || (typeof account === "object" && account.type === "User");
    },
  };
}

function whyNotTwice(exists: boolean, rivals: readonly MemberRow[]): Pick<Rejected, "why" | "twice"> {
  const cells = rivals.map(({ cell }) => cell).join(" and ");
  return exists
    ? {
        why: `the same person has another GitHub account in ${cells}, and both exist: ask which is theirs, and delete the other row`,
        twice: "ask",
      }
    : {
        why: `GitHub has no person of this name, and the same person has one that exists in ${cells}: delete this row`,
        twice: "gives-way",
      };
}

/** Says why it must be asked whether an account is theirs, which is nothing but a login as a university gives it. */
function whyAsk(row: MemberRow, account: Account | undefined): string | undefined {
  if (row.isSure === true || account === undefined || account === "not-found" || account.type !== "User")
    return undefined;
  const shows = compareNames(row, account);
  const ask = `ask the person, and if the account is theirs, type https://github.com/${row.login}`;
  // A number of a university's, of a phone, an ORCID iD.
  if (/^[\d-]+$/.test(row.login))
    return shows === "same"
      ? undefined
      : `a number, as universities give them, and somebody's account: ${ask}`;
  if (isNamesake(row, account))
    return `a word of the person's name, and the account of somebody who shares no other word of it: ${ask}`;
  return lower(row.login) === lower(row.email.split("@")[0] ?? "") && shows === "another"
    ? `what stands before the @ of the address, and at GitHub an account under another name: ${ask}`
    : undefined;
}

function compareNames(
  row: MemberRow,
  account: { login: string; name?: string },
): "same" | "another" | "unknown" {
  const [ours, theirs] = [wordsOf(row.name), wordsOf(account.name ?? "")];
  if (ours.length === 0 || theirs.length === 0 || lower(account.name ?? "") === lower(account.login))
    return "unknown";
  return ours.some((one) => theirs.some((other) => isNear(one, other))) ? "same" : "another";
}

/** Tells whether a login is a word of the row's name, and its profile shows a name that has nothing more in common with that. */
function isNamesake(row: MemberRow, account: { name?: string }): boolean {
  const [ours, theirs] = [wordsOf(row.name), wordsOf(account.name ?? "")].map((words) =>
    words.filter((word) => word !== lower(row.login)),
  );
  return (
    wordsOf(row.name).includes(lower(row.login)) &&
    ours !== undefined &&
    theirs !== undefined &&
    ours.length > 0 &&
    theirs.length > 0 &&
    !ours.some((one) => theirs.some((other) => isNear(one, other)))
  );
}

/** Tells whether two rows with one address may be one person's: an address that several people share has several names. */
function mayBeOne(a: MemberRow, b: MemberRow): boolean {
  const [one, other] = [wordsOf(a.name), wordsOf(b.name)].sort((x, y) => x.length - y.length);
  return (one ?? []).every((word) => other?.some((each) => isNear(word, each)));
}

/** Words of a name in Latin letters: what is written in another script cannot be compared. */
const wordsOf = (name: string): string[] =>
  name
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .match(/[a-z]{2,}/g) ?? [];

/** Tells whether two words are the same but for a slip, or one is short for the other. */
const isNear = (a: string, b: string): boolean =>
  (Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a))) ||
  distance(a, b) <= (Math.min(a.length, b.length) >= 5 ? 1 : 0);
