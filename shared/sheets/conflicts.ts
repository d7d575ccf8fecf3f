// Decides about people who stand in the sheet more than once: re-filled forms make that normal. No decision here may depend on
// the order of the rows, for people sort their sheets. Pure.
import type { MemberRow } from "./row.ts";

export type RefusedRow = { cell: string; login: string; why: string };

/**
 * One row a login. Rows that have lapsed give way to those that have not. Then, the same tier twice is one membership,
 * the longer one; different tiers are refused, all of them, for nobody can tell which is meant. Two logins with one
 * e-mail address are refused, both: as a rule one is the mistyped one, and it may be a stranger's.
 */
export function settleConflicts(
  good: readonly MemberRow[],
  today: string,
): { rows: MemberRow[]; refused: RefusedRow[] } {
  const refused: RefusedRow[] = [];
  const single: MemberRow[] = [];
  for (const rows of groups(good, ({ login }) => login.toLowerCase())) {
    const current = rows.some((row) => !isPast(row, today))
      ? rows.filter((row) => !isPast(row, today))
      : longest(rows);
    const [kept] = longest(current);
    if (new Set(current.map(({ tier }) => tier)).size > 1)
      refused.push(
        ...current.map(({ cell, login, tier }) => ({
          cell,
          login,
          why: `the same GitHub username has another tier in ${others(current.filter((row) => row.tier !== tier))}`,
        })),
      );
    else if (kept !== undefined) single.push(kept);
  }

  const clashing = new Set<MemberRow>();
  const current = single.filter((row) => !isPast(row, today));
  for (const rows of groups(current, ({ email }) => email.toLowerCase())) {
    if (rows.length === 1) continue;
    for (const row of rows) {
      clashing.add(row);
      refused.push({
        cell: row.cell,
        login: row.login,
        why: `the same e-mail address has another GitHub username in ${others(rows.filter((one) => one !== row))}: one may be mistyped`,
      });
    }
  }
  return { rows: single.filter((row) => !clashing.has(row)), refused };
}

const isPast = ({ expires }: MemberRow, today: string): boolean => expires !== undefined && expires < today;

/** The rows that last longest, the one to keep first: access taken by mistake costs more than access left too long. */
function longest(rows: readonly MemberRow[]): MemberRow[] {
  const end = ({ expires }: MemberRow): string => expires ?? "9999-12-31";
  const last = rows.map(end).sort().at(-1);
  const text = ({ email, name, login }: MemberRow): string => `${email}\n${name}\n${login}`;
  return rows.filter((row) => end(row) === last).sort((a, b) => text(a).localeCompare(text(b)));
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  return [...Map.groupBy(items, keyOf).values()];
}

const others = (rows: readonly MemberRow[]): string =>
  rows
    .slice(0, 5)
    .map(({ cell }) => cell)
    .join(", ") + (rows.length > 5 ? ` and ${rows.length - 5} more` : "");
