// Reads the responses of the application form: who applied, and when. Pure. Nothing of them is kept.
import { tidy } from "../members/asked.ts";
import type { ApplicationSettings } from "../members/settings.ts";
import { type Cell, textOf } from "./cell.ts";
import { clean } from "./cell-text.ts";
import { readDay } from "./expiry.ts";
import { columnsOf } from "./headings.ts";

/** One response of the form. What it lacks is "". */
export type Application = {
  /** Number of its row. */
  row: number;
  /** YYYY-MM-DD, in the time zone of its spreadsheet; "" where it cannot be read. */
  day: string;
  login: string;
  email: string;
  name: string;
};

/** Reads the responses, the oldest first; or says why the tab cannot be used. */
export function applicationRows(
  cells: readonly (readonly Cell[])[],
  { tab, columns }: Pick<ApplicationSettings, "tab" | "columns">,
): Application[] | string {
  const headings = (cells[0] ?? []).map(textOf);
  const at = {
    login: columnsOf(columns.login, headings),
    email: columnsOf(columns.email, headings),
    name: columnsOf(columns.name, headings),
    appliedAt: columnsOf(columns.appliedAt, headings),
  };
  if ([at.login, at.email, at.name].every((places) => places.length === 0))
    return `the first row of the tab "${tab}" has none of the headings "${columns.login}", "${columns.email}" and "${columns.name}", which members.applications.columns of the settings names`;
  return cells
    .slice(1)
    .map((row, index) => {
      // A question that was taken out of a form and put in again has two columns, one of them blank.
      const cellOf = (places: readonly number[]): Cell =>
        places.map((place) => row[place] ?? "").find((cell) => clean(textOf(cell)) !== "") ?? "";
      const day = readDay(cellOf(at.appliedAt));
      return {
        row: index + 2,
        day: "ok" in day ? day.ok : "",
        login: tidy(clean(textOf(cellOf(at.login)))),
        email: tidy(clean(textOf(cellOf(at.email)))),
        name: clean(textOf(cellOf(at.name))),
      };
    })
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.row - b.row));
}
