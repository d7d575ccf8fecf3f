// Kinds of cells that a CSV cannot say, in a file beside it: members.csv.cells.json, by A1 notation. A merge leaves all but its first
// cell blank; a chip shows its text (https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ExtendedValue).
import * as z from "zod";
import { jsonOf } from "../../shared/json.ts";
import { readPersonText } from "../sample/person-file.ts";
import { type Area, areaOf, gridOf } from "./area.ts";
import type { Cell, Typed } from "./cell.ts";

/** Kinds of errors, by what shows of them (ErrorValue.type of Sheets' description). */
const errors = {
  "#ERROR!": "ERROR",
  "#NULL!": "NULL_VALUE",
  "#DIV/0!": "DIVIDE_BY_ZERO",
  "#VALUE!": "VALUE",
  "#REF!": "REF",
  "#NAME?": "NAME",
  "#NUM!": "NUM",
  "#N/A": "N_A",
  "Loading...": "LOADING",
} as const;
const errorNames = Object.keys(errors) as (keyof typeof errors)[];

const Shown = z.string().optional();
const Formula = z.string().startsWith("=").optional();
const Kind = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("number"), value: z.number(), shown: Shown, formula: Formula }),
  /** Days since 1899-12-30. */
  z.strictObject({ kind: z.literal("date"), serial: z.number(), shown: z.string() }),
  z.strictObject({ kind: z.literal("boolean"), value: z.boolean() }),
  z.strictObject({ kind: z.literal("error"), shown: z.enum(errorNames), formula: Formula }),
  z.strictObject({ kind: z.literal("merge"), to: z.string() }),
  z.strictObject({ kind: z.literal("chip"), shown: z.string(), email: z.string().optional() }),
  /** Text of a formula that did not fail; an empty one shows nothing. */
  z.strictObject({ kind: z.literal("computed"), shown: z.string(), formula: z.string().startsWith("=") }),
]);
type Kind = z.infer<typeof Kind>;
const Kinds = z.record(z.string(), Kind);

export const kindsFile = (file: string): string => `${file}.cells.json`;

/** The cells with their kinds, or a sentence on why those cannot be read. */
export function withKinds(
  file: string,
  cells: readonly string[][],
): { cells: Cell[][]; merges: Area[] } | { unreadable: string } {
  const read = readPersonText(kindsFile(file));
  if ("problem" in read)
    return read.missing
      ? { cells: [...cells], merges: [] }
      : { unreadable: `the file of the sheet's kinds of cells ${read.problem}` };
  const kinds = Kinds.safeParse(jsonOf(read.text));
  if (!kinds.success)
    return { unreadable: "the file of the sheet's kinds of cells is none: see typed-cells.ts" };
  const found: Cell[][] = cells.map((row) => [...row]);
  const merges: Area[] = [];
  const grid = gridOf(cells);
  for (const [at, kind] of Object.entries(kinds.data)) {
    const area = areaOf(kind.kind === "merge" ? `${at}:${kind.to}` : at, "", grid);
    if (area === undefined)
      return { unreadable: `the file of the sheet's kinds of cells names no cell by ${at}` };
    if (kind.kind === "merge") {
      merge(found, area);
      merges.push(area);
    } else put(found, area.top, area.left, typedOf(kind));
  }
  return { cells: found, merges };
}

function put(cells: Cell[][], row: number, column: number, cell: Cell): void {
  while (cells.length <= row) cells.push([]);
  const line = cells[row] ?? [];
  while (line.length < column) line.push("");
  line[column] = cell;
}

function merge(cells: Cell[][], { top, left, bottom, right }: Area): void {
  for (let row = top; row <= bottom; row += 1)
    for (let column = left; column <= right; column += 1)
      if (row !== top || column !== left) put(cells, row, column, "");
}

function typedOf(kind: Exclude<Kind, { kind: "merge" }>): Typed {
  switch (kind.kind) {
    case "number":
      return { shown: kind.shown ?? String(kind.value), value: kind.value, ...formulaOf(kind) };
    case "date":
      return { shown: kind.shown, value: kind.serial, day: true };
    case "boolean":
      return { shown: String(kind.value).toUpperCase(), value: kind.value };
    case "error":
      return { shown: kind.shown, value: kind.shown, error: errors[kind.shown], ...formulaOf(kind) };
    case "chip":
      return {
        shown: kind.shown,
        value: kind.shown,
        chip: kind.email === undefined ? {} : { email: kind.email },
      };
    case "computed":
      return { shown: kind.shown, value: kind.shown, formula: kind.formula };
    default:
      return kind satisfies never;
  }
}

const formulaOf = ({ formula }: { formula?: string | undefined }) =>
  formula === undefined ? {} : { formula };
