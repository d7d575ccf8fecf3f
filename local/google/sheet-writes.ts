// Writing to a spreadsheet over a file: the size of its one tab, and all of its cells at once. Requests of a batch are made together or not
// at all: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
import { writeFileSync } from "node:fs";
import type { Context, Hono } from "hono";
import * as z from "zod";
import { jsonOf } from "../../shared/json.ts";
import { selectionOf } from "../discovery/fields.ts";
import { type Shape, unservedWithin } from "../wire/vocabulary.ts";
import { gridOf } from "./area.ts";
import { cellData } from "./cell.ts";
import { maskOf, unservedIn } from "./mask.ts";
import { contract, invalid, notServed, type Refusal, refuse } from "./replies.ts";
import type { SampleSheet } from "./sheets.ts";
import { readTab } from "./tab.ts";

export const writeScopes = ["spreadsheets", "drive", "drive.file"];

/** Characters of a cell (https://support.google.com/drive/answer/37603). */
const longestCell = 50_000;

const served: Shape = {
  requests: {
    updateSheetProperties: {
      properties: {
        sheetId: "whole",
        gridProperties: { rowCount: "whole", columnCount: "whole", frozenRowCount: "whole" },
      },
      fields: "whole",
    },
    updateCells: {
      range: { sheetId: "whole" },
      rows: { values: { userEnteredValue: { stringValue: "whole", numberValue: "whole" } } },
      fields: "whole",
    },
  },
};

const Value = z.union([
  z.strictObject({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.strictObject({ numberValue: z.number() }).transform(({ numberValue }) => numberValue),
]);
const Cell = z.object({ userEnteredValue: Value.optional() });
const Sheet = { sheetId: z.number().default(0) };
const Fields = { fields: z.string().default("") };
const count = z.number().default(0);
const Body = z.object({
  requests: z
    .array(
      z.object({
        updateSheetProperties: z
          .object({
            ...Fields,
            properties: z.object({
              ...Sheet,
              gridProperties: z
                .object({ rowCount: count, columnCount: count, frozenRowCount: count })
                .default({ rowCount: 0, columnCount: 0, frozenRowCount: 0 }),
            }),
          })
          .optional(),
        updateCells: z
          .object({
            ...Fields,
            range: z.object(Sheet),
            rows: z.array(z.object({ values: z.array(Cell).default([]) })).default([]),
          })
          .optional(),
      }),
    )
    .default([]),
});
type Request = z.infer<typeof Body>["requests"][number];

/** Fields of a tab's size, and of a cell, that a mask may name; all else that one names would be written or cleared. */
const sizes = ["rowCount", "columnCount", "frozenRowCount"] as const;
const maskedSize: Shape = { gridProperties: Object.fromEntries(sizes.map((name) => [name, "whole"])) };
const maskedCell: Shape = { userEnteredValue: "whole" };

/** Names what a request's mask has and nothing here writes. */
function unservedMask({ updateSheetProperties: size, updateCells: cells }: Request): string | undefined {
  const [fields = "", shape] = size === undefined ? [cells?.fields, maskedCell] : [size.fields, maskedSize];
  const mask = maskOf(fields) ?? "";
  const isWhole = size !== undefined && ["*", "gridProperties"].includes(mask);
  return isWhole ? mask : unservedIn(mask, shape);
}

/** A tab while requests of one batch change it, cells as they are typed. */
type Tab = { rows: number; columns: number; cells: string[][] };

export function sheetWrites(
  app: Hono,
  options: {
    open: (c: Context, id: string) => SampleSheet | Refusal;
    violations: string[];
  },
): void {
  const { open, violations } = options;
  const api = contract("sheets.v4", "sheets.spreadsheets.batchUpdate", violations);

  app.post("/v4/spreadsheets/:call{[^/:]+:batchUpdate}", async (c) => {
    const spreadsheetId = c.req.param("call").replace(/:batchUpdate$/, "");
    const sheet = open(c, spreadsheetId);
    if ("code" in sheet) return refuse(c, sheet);
    const json = jsonOf(await c.req.text());
    const strange = unservedWithin(json, served);
    if (strange !== undefined)
      return refuse(c, notServed(`the field ${strange} of spreadsheets.batchUpdate`, violations));
    const refusal = api.refusal({ c, params: { spreadsheetId }, body: json ?? {} });
    if (refusal !== undefined) return refuse(c, refusal);
    const read = Body.safeParse(json ?? {});
    if (!read.success) return refuse(c, invalid(z.prettifyError(read.error), "badRequest"));
    const { requests } = read.data;
    const masked = requests.map(unservedMask).find((each) => each !== undefined);
    if (masked !== undefined)
      return refuse(c, notServed(`the field ${masked} of a mask of spreadsheets.batchUpdate`, violations));
    if (requests.length === 0) return refuse(c, invalid("Must specify at least one request.", "badRequest"));
    const before = readTab(sheet.file);
    // A file that is not there is a spreadsheet into which nobody has written yet.
    const tab: Tab = { ...gridOf("cells" in before ? before.cells : []), cells: [] };
    for (const [index, request] of requests.entries()) {
      const wrong = apply(request, tab, sheet.protected?.() === true);
      if (wrong !== undefined) return refuse(c, invalid(`Invalid requests[${index}]${wrong}`, "badRequest"));
    }
    // A batch that only sizes the tab changes no cell.
    if (requests.some(({ updateCells }) => updateCells !== undefined)) writeFileSync(sheet.file, csvOf(tab));
    return api.answer(c, { spreadsheetId, replies: requests.map(() => ({})) });
  });
}

/** Changes the tab, or gives the end of the sentence that says why not. */
function apply(
  { updateSheetProperties, updateCells }: Request,
  tab: Tab,
  isProtected: boolean,
): string | undefined {
  if ((updateSheetProperties === undefined) === (updateCells === undefined))
    return ": exactly one kind of request must be set";
  if (updateSheetProperties !== undefined) {
    const { properties, fields } = updateSheetProperties;
    const at = ".updateSheetProperties: ";
    const wrong = wrongWith(properties.sheetId, fields);
    if (wrong !== undefined) return `${at}${wrong}`;
    const selected = selectionOf(maskOf(fields) ?? "")?.["gridProperties"] ?? {};
    const named = (name: (typeof sizes)[number], is: number): number =>
      name in Object(selected) ? properties.gridProperties[name] : is;
    [tab.rows, tab.columns] = [named("rowCount", tab.rows), named("columnCount", tab.columns)];
    if (tab.rows < 1 || tab.columns < 1) return `${at}a sheet has one row and one column at least`;
    if (named("frozenRowCount", 0) >= tab.rows) return `${at}You can't freeze all visible rows on the sheet.`;
    return undefined;
  }
  const { range, rows = [], fields = "" } = updateCells ?? { range: { sheetId: 0 } };
  const widest = Math.max(0, ...rows.map(({ values }) => values.length));
  const typed = rows.map(({ values }) => values.map(({ userEnteredValue }) => userEnteredValue ?? ""));
  const wrong =
    wrongWith(range.sheetId, fields) ??
    (isProtected
      ? "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit."
      : rows.length > tab.rows
        ? `Attempting to write row: ${tab.rows}, beyond the last requested row of: ${tab.rows - 1}`
        : widest > tab.columns
          ? `Attempting to write column: ${tab.columns}, beyond the last requested column of: ${tab.columns - 1}`
          : typed.flat().some((value) => String(value).length > longestCell)
            ? `Your input contains more than the maximum of ${longestCell} characters in a single cell.`
            : undefined);
  if (wrong !== undefined) return `.updateCells: ${wrong}`;
  // Without rows and columns a range is the whole tab: what is not given is cleared.
  tab.cells = typed.map((row) => row.map(asTyped));
  return undefined;
}

const wrongWith = (sheetId: number, fields: string): string | undefined =>
  sheetId !== 0
    ? `No grid with id: ${sheetId}`
    : fields === ""
      ? "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
      : undefined;

const Text = z.object({ effectiveValue: z.object({ stringValue: z.string() }) });

/** Gives what somebody would have to type for a cell to have this value: of a text that reads as something else, with an apostrophe. */
function asTyped(value: string | number): string {
  if (typeof value === "number" || value === "") return String(value);
  const read = Text.safeParse(cellData(value)).data?.effectiveValue.stringValue;
  return read === value ? value : `'${value}`;
}

const csvOf = ({ cells }: Tab): string =>
  cells
    .map(
      (row) =>
        `${row.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`,
    )
    .join("");
