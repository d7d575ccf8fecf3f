// Remembers since when each row of the sheet is as it is: a sheet has no time of a cell. Nobody is told of what was typed a moment ago and may
// be mended in the next. Pure.
import type { MembersState } from "../../shared/members/records.ts";
import { rowIn, type TypedRow } from "../../shared/sheets/typed.ts";
import { rowsBefore, typedRows } from "./doubt.ts";
import type { Facts } from "./facts.ts";
import { digestOf } from "./gather.ts";

/** Time for which a row has to be as it is before anybody is told of a mistake, a change or an end in it. */
export const settledMs = 30 * 60_000;

type Fresh = NonNullable<MembersState["fresh"]>;

/** Names what is typed in a row, wherever it stands. */
const digestOfRow = ({ login, email, name, tier, expires }: TypedRow): string =>
  digestOf([login, email, name, tier, expires]).slice(0, 16);

/** Gives the rows that are new since a short while ago, and since when. Of those that stood there at the first look nobody knows: since then. */
export function freshRows(facts: Pick<Facts, "typed" | "rows" | "state" | "now">): Fresh {
  const { state, now } = facts;
  const at = now.toISOString();
  const before = state?.fresh ?? { since: at, rows: {} };
  const stood = new Set(rowsBefore(state).map(digestOfRow));
  const rows = typedRows(facts).flatMap((row): [string, string][] => {
    const digest = digestOfRow(row);
    const since = before.rows[digest];
    const stands = stood.has(digest) || state?.fresh === undefined;
    if (since === undefined) return stands ? [] : [[digest, at]];
    return stands && now.getTime() - Date.parse(since) >= settledMs ? [] : [[digest, since]];
  });
  return { since: before.since, rows: Object.fromEntries(rows) };
}

/** Gives the time from which people may be told of a row, by the address of one of its cells. */
export function tellableFrom(
  facts: Pick<Facts, "typed" | "rows" | "state" | "now">,
): (cell: string) => string {
  const { since, rows } = freshRows(facts);
  const byNumber = new Map(typedRows(facts).map((row) => [row.at, rows[digestOfRow(row)] ?? since]));
  return (cell) => {
    const first = byNumber.get(rowIn(cell)) ?? facts.now.toISOString();
    return new Date(Date.parse(first) + settledMs).toISOString();
  };
}
