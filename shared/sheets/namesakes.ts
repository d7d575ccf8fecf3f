// Settles rows that give the same login: re-filled forms make that normal. No decision here may depend on the order of the rows,
// for people sort their sheets. Pure.
import { fewOf } from "./cell-text.ts";
import type { MemberRow } from "./row.ts";

/**
 * One row a login. Rows that have lapsed give way to those that have not; of those the strongest tier counts, then the longest.
 * @param tiers from the weakest to the strongest.
 */
export function onePerLogin(
  good: readonly MemberRow[],
  tiers: readonly string[],
  today: string,
): { rows: MemberRow[]; remarks: string[] } {
  const weaker: string[] = [];
  const rows = [...Map.groupBy(good, ({ login }) => login.toLowerCase()).values()].flatMap((same) => {
    const current = same.filter((row) => !isPast(row, today));
    const counted = strongest(current.length === 0 ? longest(same) : current, tiers);
    weaker.push(...current.filter((row) => !counted.includes(row)).map(({ cell }) => cell));
    return longest(counted).slice(0, 1);
  });
  return {
    rows,
    remarks:
      weaker.length === 0
        ? []
        : [`rows that give way to a stronger tier of the same login: ${fewOf(weaker)}`],
  };
}

/** Tells whether the last day of a row is over. */
const isPast = ({ expires }: MemberRow, today: string): boolean => expires !== undefined && expires < today;

function strongest(rows: readonly MemberRow[], tiers: readonly string[]): MemberRow[] {
  const strength = ({ tier }: MemberRow): number => tiers.indexOf(tier);
  const most = Math.max(...rows.map(strength));
  return rows.filter((row) => strength(row) === most);
}

/** The rows that last longest, the one to keep first: access taken by mistake costs more than access left too long. */
function longest(rows: readonly MemberRow[]): MemberRow[] {
  const end = ({ expires }: MemberRow): string => expires ?? "9999-12-31";
  const last = rows.map(end).sort().at(-1);
  const text = ({ email, name, login, isSure }: MemberRow): string =>
    `${isSure !== true}\n${email}\n${name}\n${login}`;
  return rows.filter((row) => end(row) === last).sort((a, b) => text(a).localeCompare(text(b)));
}
