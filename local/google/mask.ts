// Masks of Sheets' fields: dots or slashes between them, in either of two ways to write a name. What this far end never gives is refused:
// left out in silence, it would say that a spreadsheet has none. https://developers.google.com/workspace/sheets/api/guides/field-masks
import { type Selection, selectionOf } from "../discovery/fields.ts";
import type { Shape } from "../wire/vocabulary.ts";

/** Gives a mask as every other API of Google's writes it. */
export const maskOf = (fields: string | undefined): string | undefined =>
  fields?.replaceAll(".", "/").replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Fields with nothing below that is not served, too; a file of text has no charts, and so on. */
const all = (...names: string[]): Shape => Object.fromEntries(names.map((name) => [name, "whole"]));
const cell: Shape = {
  userEnteredValue: "whole",
  effectiveValue: "whole",
  formattedValue: "whole",
  effectiveFormat: { numberFormat: { type: "whole" } },
  chipRuns: "whole",
  ...all("note", "dataValidation", "pivotTable"),
};
const served: Shape = {
  spreadsheetId: "whole",
  spreadsheetUrl: "whole",
  properties: all("title", "locale", "autoRecalc", "timeZone"),
  ...all("namedRanges", "developerMetadata", "dataSources"),
  sheets: {
    properties: {
      ...all("sheetId", "title", "index", "sheetType", "hidden"),
      // Rows may be frozen, which a file of text does not keep: to say that none are would be wrong.
      gridProperties: all("rowCount", "columnCount"),
    },
    data: { startRow: "whole", startColumn: "whole", rowData: { values: cell } },
    merges: "whole",
    ...all("charts", "conditionalFormats", "protectedRanges", "filterViews", "basicFilter", "bandedRanges"),
  },
};

/** Names a field of a mask that is not served; what is no mask at all is somebody else's to refuse. */
export function unservedIn(mask: string, shape = served): string | undefined {
  const selection = selectionOf(mask);
  return selection === undefined ? undefined : beyond(selection, shape);
}

function beyond(selection: Selection, here: Shape): string | undefined {
  for (const [name, below] of Object.entries(selection)) {
    const known = name === "*" ? "whole" : here[name];
    if (known === undefined) return name;
    const deeper = known === "whole" || below === "whole" ? undefined : beyond(below, known);
    if (deeper !== undefined) return `${name}.${deeper}`;
  }
  return undefined;
}
