// From Sheets' grid of a tab to cells: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells
import * as z from "zod";
import type { Cell } from "./cell.ts";
import { columnLetters } from "./cell-text.ts";

/** Of a cell what is asked for. A blank one has nothing. */
export const CellData = z.object({
  formattedValue: z.string().default(""),
  effectiveValue: z
    .object({
      numberValue: z.number().optional(),
      boolValue: z.boolean().optional(),
      errorValue: z.object({}).optional(),
    })
    .default({}),
  userEnteredValue: z.object({ formulaValue: z.string().optional() }).default({}),
  chipRuns: z
    .array(
      z.object({
        chip: z
          .object({ personProperties: z.object({ email: z.string().optional() }).optional() })
          .optional(),
      }),
    )
    .default([]),
});
export type CellData = z.infer<typeof CellData>;

/** Ends are not included; zeros are left out. */
export const GridRange = z.object({
  startRowIndex: z.number().default(0),
  endRowIndex: z.number(),
  startColumnIndex: z.number().default(0),
  endColumnIndex: z.number(),
});
export type GridRange = z.infer<typeof GridRange>;

/** Gives a tab's cells; those that a merge covers say so. */
export function cellsOf(rows: readonly (readonly CellData[])[], merges: readonly GridRange[]): Cell[][] {
  const cells = rows.map((row) => row.map(cellOf));
  for (const { startRowIndex, endRowIndex, startColumnIndex, endColumnIndex } of merges) {
    const first = `${columnLetters(startColumnIndex)}${startRowIndex + 1}`;
    for (const [index, row] of cells.slice(startRowIndex, endRowIndex).entries())
      for (let column = startColumnIndex; column < endColumnIndex; column += 1) {
        while (row.length < column) row.push("");
        if (index > 0 || column > startColumnIndex) row[column] = { is: "merged", shown: "", first };
      }
  }
  return cells;
}

function cellOf({ formattedValue: shown, effectiveValue, userEnteredValue, chipRuns }: CellData): Cell {
  const computed = userEnteredValue.formulaValue === undefined ? {} : { computed: true as const };
  const { numberValue, boolValue, errorValue } = effectiveValue;
  if (errorValue !== undefined) return { is: "error", shown: shown || "#ERROR!", ...computed };
  if (numberValue !== undefined) return { is: "number", value: numberValue, shown, ...computed };
  if (boolValue !== undefined) return { is: "checkbox", shown: boolValue ? "TRUE" : "FALSE", ...computed };
  const chip = chipRuns.find((run) => run.chip !== undefined)?.chip;
  const email = chip?.personProperties?.email;
  if (chip !== undefined)
    return { is: "chip", shown, ...(email === undefined ? {} : { email }), ...computed };
  return userEnteredValue.formulaValue === undefined ? shown : { is: "text", shown, computed: true };
}
