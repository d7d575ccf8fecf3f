// Sheets v4 over files: https://developers.google.com/workspace/sheets/api/reference/rest
import { basename } from "node:path";
import type { Context, Hono } from "hono";
import type { Clock } from "../../shared/clock.ts";
import type { Identities } from "../wire/identity.ts";
import { type Rate, rates } from "../wire/rate.ts";
import { laggingLooks, type Sky } from "../wire/weather.ts";
import { type Area, areaOf, gridOf } from "./area.ts";
import { type Cell, cellData } from "./cell.ts";
import { maskOf, unservedIn } from "./mask.ts";
import {
  callerWith,
  contract,
  internal,
  invalid,
  notFound,
  notServed,
  type Refusal,
  refuse,
} from "./replies.ts";
import { sheetWrites, writeScopes } from "./sheet-writes.ts";
import { readTab, valuesIn } from "./tab.ts";

/** A spreadsheet: the file, what its one tab is called, and whom a person shared it with, as viewers and as editors. */
export type SampleSheet = {
  file: string;
  tab: string;
  sharedWith: () => string[];
  editors?: () => string[];
  /** Says whether its owner lets nobody else write into the tab. */
  protected?: () => boolean;
  /** Says whether somebody has put it into the trash; it can be read and written there. */
  trashed?: () => boolean;
};

const scopes = ["spreadsheets.readonly", "spreadsheets", "drive.readonly", "drive", "drive.file"];

/** https://developers.google.com/workspace/sheets/api/limits: so many reads, and as many writes beside them. */
export const callsAMinute = {
  project: { most: 300, everyMs: 60_000 },
  user: { most: 60, everyMs: 60_000 },
} satisfies Record<string, Rate>;

/** In the words of https://github.com/r-lib/gargle/issues/160. */
const overLimit = (what: "Read" | "Write", ofUser: string): Refusal => ({
  code: 429,
  message: `Quota exceeded for quota metric '${what} requests' and limit '${what} requests per minute${ofUser}' of service 'sheets.googleapis.com' for consumer 'project_number:123456789'.`,
  status: "RESOURCE_EXHAUSTED",
  reason: "rateLimitExceeded",
  details: [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "RATE_LIMIT_EXCEEDED",
      domain: "googleapis.com",
    },
  ],
});

export function sheetsRoutes(
  app: Hono,
  options: {
    identities: Identities;
    sheets: Record<string, SampleSheet>;
    sky: Sky;
    now: Clock;
    violations: string[];
  },
): void {
  const { identities, sheets, sky, now, violations } = options;
  const limit = rates();
  const project = "the project";
  const seen = laggingLooks<ReturnType<typeof readTab>>(sky, "google");
  const get = contract("sheets.v4", "sheets.spreadsheets.get", violations);

  const find = (c: Context, id: string, what: "Read" | "Write"): SampleSheet | Refusal => {
    const caller = callerWith(c, identities, what === "Read" ? scopes : writeScopes);
    if ("code" in caller) return caller;
    const calls = [
      { of: `${what} ${caller.email}`, rate: callsAMinute.user },
      { of: `${what} ${project}`, rate: callsAMinute.project },
    ];
    const over = limit.over(calls, now().getTime());
    if (over !== undefined) return overLimit(what, over.of.endsWith(project) ? "" : " per user");
    const sheet = sheets[id];
    if (sheet === undefined) return notFound("Requested entity was not found.");
    const { sharedWith, editors = () => [] } = sheet;
    const may = what === "Read" ? [...sharedWith(), ...editors()] : editors();
    if (may.includes(caller.email)) return sheet;
    return {
      code: 403,
      message: "The caller does not have permission",
      status: "PERMISSION_DENIED",
      reason: "forbidden",
    };
  };
  const open = (c: Context, id: string): Opened | Refusal => {
    const sheet = find(c, id, "Read");
    if ("code" in sheet) return sheet;
    const read = seen(id, readTab(sheet.file));
    return "unreadable" in read ? internal(read.unreadable) : { sheet, ...read };
  };
  sheetWrites(app, { open: (c, id) => find(c, id, "Write"), violations });

  app.get("/v4/spreadsheets/:id", (c) => {
    const spreadsheetId = c.req.param("id");
    const opened = open(c, spreadsheetId);
    if ("code" in opened) return refuse(c, opened);
    const refusal = get.refusal({ c, params: { spreadsheetId } });
    if (refusal !== undefined) return refuse(c, refusal);
    const mask = maskOf(c.req.query("fields"));
    const strange = mask === undefined ? undefined : unservedIn(mask);
    if (strange !== undefined) return refuse(c, notServed(`the field ${strange} of a mask`, violations));
    const { sheet, cells, merges } = opened;
    const grid = gridOf(cells);
    const data: object[] = [];
    // Without a range the whole tab is meant.
    for (const range of c.req.queries("ranges") ?? [`'${sheet.tab.replaceAll("'", "''")}'`]) {
      const area = areaOf(range, sheet.tab, grid);
      if (area === undefined) return refuse(c, invalid(`Unable to parse range: ${range}`, "badRequest"));
      data.push(gridData(cells, area));
    }
    const gridProperties = { rowCount: grid.rows, columnCount: grid.columns };
    const whole = {
      spreadsheetId,
      properties: { title: basename(sheet.file), ...asNew },
      spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${spreadsheetId}/edit`,
      sheets: [
        {
          properties: { sheetId: 0, title: sheet.tab, index: 0, sheetType: "GRID", gridProperties },
          // Cells come only where a field mask asks for them.
          ...(mask === undefined ? {} : { data }),
          ...(merges.length === 0 ? {} : { merges: merges.map(gridRange) }),
        },
      ],
    };
    return get.answer(c, whole, mask);
  });
}

/** Properties of a new spreadsheet, as an American makes it. */
const asNew = { locale: "en_US", autoRecalc: "ON_CHANGE", timeZone: "Etc/UTC" };

type Opened = { sheet: SampleSheet; cells: Cell[][]; merges: Area[] };

/** Gives the cells of an area. Zeros are left out, as protobuf does in JSON. */
function gridData(cells: readonly Cell[][], area: Area): object {
  const rows = valuesIn(cells, area).map((row) => (row.length === 0 ? {} : { values: row.map(cellData) }));
  return {
    ...(area.top === 0 ? {} : { startRow: area.top }),
    ...(area.left === 0 ? {} : { startColumn: area.left }),
    ...(rows.length === 0 ? {} : { rowData: rows }),
  };
}

/** https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#GridRange: ends are not included. */
const gridRange = ({ top, left, bottom, right }: Area): object => ({
  sheetId: 0,
  startRowIndex: top,
  endRowIndex: bottom + 1,
  startColumnIndex: left,
  endColumnIndex: right + 1,
});
