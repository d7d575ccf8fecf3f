// Writes one tab of a spreadsheet anew, whole, in one request: either all of it is there or what was there before. Its scope can write;
// a hub that has no such spreadsheet never asks for a token of it.
import { longestAnswerBytes } from "../google-failure.ts";
import { type SheetsOptions, sheetsClient, usualIdentity, usualTimeoutMs } from "./client.ts";
import { sheetError, tokenFor } from "./google-errors.ts";

const scope = "https://www.googleapis.com/auth/spreadsheets";
/** The same table twice is the same table, so the client itself comes again twice, within a second; never where it is asked to wait. */
const request = {
  retryConfig: { retry: 2, httpMethodsToRetry: ["POST"], statusCodesToRetry: [[500, 599]] },
  maxContentLength: longestAnswerBytes,
};

/** A table: `frozen` rows of it stay in sight, and are fewer than all. */
export type Table = { rows: (string | number)[][]; columns: number; frozen: number };

export type SheetWriter = {
  /** Makes the tab as large as the table, with nothing else in it. Texts stay texts, whatever they look like. */
  write: (tab: { spreadsheet: string; gid: number }, table: Table) => Promise<void>;
};

/** Gives who writes. */
export function sheetWriter(options: SheetsOptions): SheetWriter {
  const { identity = usualIdentity, timeoutMs: timeout = usualTimeoutMs } = options;
  const client = sheetsClient(options, scope);

  return {
    async write({ spreadsheet, gid }, table) {
      const asked = { service: "sheets", what: "the status sheet cannot be written", identity, gid } as const;
      const { caller, sheets } = await client();
      await tokenFor(caller, asked);
      await sheets.spreadsheets
        .batchUpdate(
          {
            spreadsheetId: spreadsheet,
            fields: "spreadsheetId",
            prettyPrint: false,
            requestBody: { requests: requestsFor(gid, table) },
          },
          { ...request, timeout },
        )
        .catch((error: unknown) => {
          throw sheetError(error, asked);
        });
    },
  };
}

/**
 * Requests that make a tab the table: its size first, for a cell beyond is refused, then all cells, of which those not given are
 * cleared. https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#updatecellsrequest
 */
function requestsFor(sheetId: number, { rows, columns: columnCount, frozen: frozenRowCount }: Table) {
  const gridProperties = { rowCount: rows.length, columnCount, frozenRowCount };
  return [
    {
      updateSheetProperties: {
        properties: { sheetId, gridProperties },
        fields: "gridProperties(rowCount,columnCount,frozenRowCount)",
      },
    },
    {
      updateCells: {
        range: { sheetId },
        rows: rows.map((row) => ({ values: row.map(cellOf) })),
        fields: "userEnteredValue",
      },
    },
  ];
}

const cellOf = (value: string | number) => {
  if (value === "") return {};
  return { userEnteredValue: typeof value === "number" ? { numberValue: value } : { stringValue: value } };
};
