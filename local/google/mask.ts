// Masks of Sheets' fields: dots or slashes between them, in either of two ways to write a name. What this far end never gives is refused:
// left out in silence, it would say that a spreadsheet has none. https://developers.google.com/workspace/sheets/api/guides/field-masks
import { type Selection, selectionOf } from "../discovery/fields.ts";

/** Gives a mask as every other API of Google's writes it. */
export const maskOf = (fields: string | undefined): string | undefined =>
  fields?.replaceAll(".", "/").replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Fields that are served below each, `whole` where that is all of them; a file of text has none of those in `absent`. */
type Served = { [name: string]: Served | "whole" };
const absent = (...names: string[]): Served => Object.fromEntries(names.map((name) => [name, "whole"]));
const cell: Served = {
  userEnteredValue: "whole",
  effectiveValue: "whole",
  formattedValue: "whole",
  effectiveFormat: { numberFormat: { type: "whole" } },
  chipRuns: "whole",
  ...absent("note", "dataValidation", "pivotTable"),
};
const served: Served = {
  spreadsheetId: "whole",
  spreadsheetUrl: "whole",
  properties: absent("title", "locale", "autoRecalc", "timeZone"),
  ...absent("namedRanges", "developerMetadata", "dataSources"),
  sheets: {
    properties: {
      ...absent("sheetId", "title", "index", "sheetType", "hidden"),
      gridProperties: absent("rowCount", "columnCount", "frozenRowCount", "frozenColumnCount"),
    },
    data: { startRow: "whole", startColumn: "whole", rowData: { values: cell } },
    merges: "whole",
    ...absent(
      "charts",
      "conditionalFormats",
      "protectedRanges",
      "filterViews",
      "basicFilter",
      "bandedRanges",
    ),
  },
};

/** Names a field of a mask that is not served; what is no mask at all is somebody else's to refuse. */
export function unservedIn(mask: string): string | undefined {
  const selection = selectionOf(mask);
  return selection === undefined ? undefined : beyond(selection, served);
}

function beyond(selection: Selection, here: Served): string | undefined {
  for (const [name, below] of Object.entries(selection)) {
    const known = name === "*" ? "whole" : here[name];
    if (known === undefined) return name;
    const deeper = known === "whole" || below === "whole" ? undefined : beyond(below, known);
    if (deeper !== undefined) return `${name}.${deeper}`;
  }
  return undefined;
}
