// Sheets v4 over files: https://developers.google.com/workspace/sheets/api/reference/rest
import type { Context, Hono } from "hono";
import type { Identities } from "../wire/identity.ts";
import { laggingLooks, type Sky } from "../wire/weather.ts";
import { Render, rendered } from "./cell.ts";
import { callerWith, contract, internal, invalid, notFound, type Refusal, refuse } from "./replies.ts";
import { areaOf, gridOf, nameOf, readTab, valuesIn } from "./tab.ts";

/** A spreadsheet: the file, what its one tab is called, and whom a person shared it with. */
export type SampleSheet = { file: string; tab: string; sharedWith: () => string[] };

const scopes = ["spreadsheets.readonly", "spreadsheets", "drive.readonly", "drive", "drive.file"];

export function sheetsRoutes(
  app: Hono,
  options: { identities: Identities; sheets: Record<string, SampleSheet>; sky: Sky; violations: string[] },
): void {
  const { identities, sheets, sky, violations } = options;
  const seen = laggingLooks<ReturnType<typeof readTab>>(sky, "google");
  const batchGet = contract("sheets.v4", "sheets.spreadsheets.values.batchGet", violations);

  const open = (c: Context, id: string): { sheet: SampleSheet; cells: string[][] } | Refusal => {
    const caller = callerWith(c, identities, scopes);
    if ("code" in caller) return caller;
    const sheet = sheets[id];
    if (sheet === undefined) return notFound("Requested entity was not found.");
    if (!sheet.sharedWith().includes(caller.email))
      return {
        code: 403,
        message: "The caller does not have permission",
        status: "PERMISSION_DENIED",
        reason: "forbidden",
      };
    const read = seen(id, readTab(sheet.file));
    return "unreadable" in read ? internal(read.unreadable) : { sheet, cells: read.cells };
  };

  app.get("/v4/spreadsheets/:id/values:batchGet", (c) => {
    const spreadsheetId = c.req.param("id");
    const opened = open(c, spreadsheetId);
    if ("code" in opened) return refuse(c, opened);
    const refusal = batchGet.refusal({ c, params: { spreadsheetId } });
    if (refusal !== undefined) return refuse(c, refusal);
    const { sheet, cells } = opened;
    const render = Render.parse(c.req.query());
    const valueRanges: object[] = [];
    for (const range of c.req.queries("ranges") ?? []) {
      const area = areaOf(range, sheet.tab, gridOf(cells));
      if (area === undefined) return refuse(c, invalid(`Unable to parse range: ${range}`, "badRequest"));
      const values = valuesIn(cells, area).map((row) => row.map((typed) => rendered(typed, render)));
      valueRanges.push({
        range: nameOf(area, sheet.tab),
        majorDimension: "ROWS",
        ...(values.length === 0 ? {} : { values }),
      });
    }
    return batchGet.answer(c, { spreadsheetId, ...(valueRanges.length === 0 ? {} : { valueRanges }) });
  });
}
