// Reads a tab, the members' or another, whole, in one request, every cell as it shows and as it was typed; or throws: a failed, cut-off or
// odd answer is never taken for an empty sheet.

import * as z from "zod";
import { refused } from "../failure.ts";
import { longestAnswerBytes } from "../google-failure.ts";
import type { MembersSettings } from "../members/settings.ts";
import type { Cell } from "./cell.ts";
import { type SheetsOptions, sheetsClient, usualIdentity, usualTimeoutMs } from "./client.ts";
import { sheetError, tokenFor } from "./google-errors.ts";
import { CellData, cellsOf, GridRange } from "./grid.ts";
import { memberRows, type SheetRows } from "./rows.ts";

const scope = "https://www.googleapis.com/auth/spreadsheets.readonly";

/** Tab to read: where it is, what in words fails without it, and the section of the settings that names it. */
export type TabToRead = { spreadsheet: string; tab: string; what: string; section: string };

export type SheetReader = {
  /** The cells of a tab. */
  readTab: (tab: TabToRead) => Promise<Cell[][]>;
  /** The tab, read as people. `today` is YYYY-MM-DD. */
  readRows: (members: MembersSettings, today: string) => Promise<SheetRows>;
};

/**
 * Fields that are asked for, and nothing else comes: the shown text alone would hide that 3/4/2031 is a day, that a cell is merged,
 * and that a formula gave what nobody typed (https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells).
 */
const value = "effectiveValue(numberValue,boolValue,errorValue/type)";
const cell = `formattedValue,${value},userEnteredValue/formulaValue,chipRuns/chip/personProperties/email`;
const fields = `spreadsheetId,sheets(merges,data/rowData/values(${cell}))`;

const Answer = z.object({
  spreadsheetId: z.string(),
  sheets: z.tuple([
    z.object({
      merges: z.array(GridRange).default([]),
      // Rows are left out when the tab is empty.
      data: z.tuple([
        z.object({ rowData: z.array(z.object({ values: z.array(CellData).default([]) })).default([]) }),
      ]),
    }),
  ]),
});

/**
 * Gives who reads. The client itself comes again `retries` times, within a second; an event's next delivery does the rest.
 */
export function sheetReader(options: SheetsOptions & { retries?: number }): SheetReader {
  const { identity = usualIdentity, timeoutMs = usualTimeoutMs, retries = 2 } = options;
  const client = sheetsClient(options, scope);

  /** Rows from the sheet's first; blank cells and rows at the end are left out, as Sheets does. */
  async function readTab({ spreadsheet, tab, what, section }: TabToRead): Promise<Cell[][]> {
    const asked = { service: "sheets", what, identity, tab, section } as const;
    const connected = await client();
    await tokenFor(connected.caller, asked);
    const { data } = await connected.sheets.spreadsheets
      .get(
        {
          spreadsheetId: spreadsheet,
          // In quotes, for a tab may be called like a cell, "Q1"; and the whole tab, for a range could miss a column.
          ranges: [`'${tab.replaceAll("'", "''")}'`],
          fields,
          prettyPrint: false,
        },
        {
          retryConfig: { retry: retries },
          maxContentLength: longestAnswerBytes,
          timeout: timeoutMs,
        },
      )
      .catch((error: unknown) => {
        throw sheetError(error, asked);
      });
    const answer = Answer.safeParse(data);
    if (!answer.success || answer.data.spreadsheetId !== spreadsheet)
      throw refused(asked, "unreadable", [], { cause: answer.error });
    const [{ merges, data: grids }] = answer.data.sheets;
    return cellsOf(
      grids[0].rowData.map(({ values }) => values),
      merges,
    );
  }

  const ofMembers = { what: "the sheet of members cannot be read", section: "members" };
  return {
    readTab,
    readRows: async (members, today) => {
      const { spreadsheet, tab } = members;
      return memberRows(await readTab({ spreadsheet, tab, ...ofMembers }), members, today);
    },
  };
}
