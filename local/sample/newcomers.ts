// On the sample hub everybody whom a person types into the sheet has a GitHub account, or trying it out would be dull; except
// a name that looks like a slip of one that is there already: that is nobody's, as it would be in life.
import { parse } from "csv-parse/sync";
import { distance } from "fastest-levenshtein";
import { loginForm } from "../../shared/github/login-form.ts";
import type { MembersSettings } from "../../shared/members/settings.ts";
import { readPersonText } from "./person-file.ts";

/** A name this near to another one is taken for a slip of it. */
const slipDistance = 2;

/** Logins in the sheet that nobody has yet and that are no slips. A file that cannot be read has none. */
export function newcomers(
  file: string,
  columns: MembersSettings["columns"],
  known: readonly string[],
): string[] {
  const taken = new Set(known.map((login) => login.toLowerCase()));
  const fresh = loginsOf(file, columns.login).filter((login) => !taken.has(login));
  return [...new Set(fresh)].filter(
    (login) => ![...taken].some((other) => distance(login, other) <= slipDistance),
  );
}

function loginsOf(file: string, heading: string): string[] {
  const read = readPersonText(file);
  if ("problem" in read) return [];
  let rows: string[][];
  try {
    rows = parse(read.text, { relax_column_count: true, relax_quotes: true, bom: true });
  } catch {
    return [];
  }
  const column = rows[0]?.indexOf(heading) ?? -1;
  return rows
    .slice(1)
    .map((row) => (row[column] ?? "").trim().toLowerCase())
    .filter((login) => loginForm.test(login));
}
