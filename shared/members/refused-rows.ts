// Rows of the sheet that cannot be used, with whom each names. Pure.
import { rowIn } from "../sheets/typed.ts";
import { tidy } from "./asked.ts";
import type { MembersState, Rejected } from "./records.ts";

/** A cell that cannot be used, with whom its row names: in lower case, as it was typed. */
export type RefusedRow = { cell: Rejected; value: string; login: string; email: string; name: string };

type Refused = { rows: readonly RefusedRow[]; byLogin: ReadonlyMap<string, Rejected> };

/** A state stays the same object while its record does (states.ts), so it is read once however many are asked about. */
const read = new WeakMap<MembersState, Refused>();

function refusedIn(state: MembersState): Refused {
  const known = read.get(state);
  if (known !== undefined) return known;
  const rows = rowsIn(state);
  // Somebody with another row, which counts, is not kept from anything by the one that gives way.
  const own = rows.filter(({ cell }) => cell.twice !== "gives-way");
  const refused = { rows, byLogin: new Map(own.map(({ cell, login }) => [login, cell])) };
  read.set(state, refused);
  return refused;
}

/** List of the rows of a state that cannot be used. */
export const refusedRows = (state: MembersState): readonly RefusedRow[] => refusedIn(state).rows;

/** Gives the cell that cannot be used of the row that names a lower-case login. */
export const refusedCellOf = (state: MembersState, login: string): Rejected | undefined =>
  refusedIn(state).byLogin.get(login);

/** Says whether a cell that cannot be used is one of usernames: it is in their column, or says what its row has for one. */
export function isUsername(rejected: Rejected, state: MembersState): boolean {
  const [someone] = state.people;
  if (someone !== undefined) return columnOf(rejected.cell) === columnOf(someone.cell);
  return refusedRows(state).some(
    ({ cell, login }) => cell.cell === rejected.cell && rejected.value.toLowerCase() === login,
  );
}

const columnOf = (cell: string): string => cell.replace(/\d+$/, "");

function rowsIn({ rejected, pairings = [] }: MembersState): RefusedRow[] {
  const rows = Map.groupBy(pairings, ({ at }) => at);
  return rejected.map((cell) => {
    // Rows of before stand where they stood then, where somebody else may stand now.
    const there = rows.get(rowIn(cell.cell))?.find(({ login }) => login === (cell.login ?? login));
    const { login, email, name } = there ?? { login: cell.login ?? "", email: "", name: "" };
    return { cell, value: tidy(cell.value).toLowerCase(), login, email, name };
  });
}
