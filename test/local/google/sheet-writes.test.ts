// Writing to a spreadsheet at Google's far end as its vendor behaves, asked with plain HTTP; the real client writes in test/shared.
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { readTab } from "../../../local/google/tab.ts";
import { harness, spreadsheet, statusSheet } from "./harness.ts";

const sized = (rowCount: number, columnCount: number, sheetId = 0) => ({
  updateSheetProperties: {
    properties: { sheetId, gridProperties: { rowCount, columnCount } },
    fields: "gridProperties(rowCount,columnCount)",
  },
});
const cells = (...rows: object[][]) => ({
  updateCells: {
    range: { sheetId: 0 },
    rows: rows.map((row) => ({ values: row.map((userEnteredValue) => ({ userEnteredValue })) })),
    fields: "userEnteredValue",
  },
});
const text = (stringValue: string) => ({ stringValue });

const clearedSize = {
  updateSheetProperties: {
    properties: { gridProperties: { columnCount: 2 } },
    fields: "gridProperties.rowCount",
  },
};
const frozenWhole = {
  updateSheetProperties: {
    properties: { gridProperties: { rowCount: 2, columnCount: 2, frozenRowCount: 2 } },
    fields: "gridProperties(rowCount,columnCount,frozenRowCount)",
  },
};

type Hub = Awaited<ReturnType<typeof harness>>;
const write = (
  hub: Hub,
  requests: object[],
  { id = statusSheet, ...more }: { id?: string; scopes?: string[] } = {},
) =>
  hub.call(`/v4/spreadsheets/${id}:batchUpdate`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ requests }),
    scopes: ["spreadsheets"],
    ...more,
  });

test("puts exactly what was given into the cells, and clears what was there", async () => {
  await using hub = await harness({ csv: "a\n" });
  await write(hub, [cells([text("old"), text("old")], [text("old")])]);
  const values = ["=1+1", "007", "'quoted", "2026-12-31", 'a "b", c\nd', "TRUE", "ada"];
  const answer = await write(hub, [sized(3, 7), cells(values.map(text), [{ numberValue: 7 }])]);
  expect(await answer.json()).toEqual({ spreadsheetId: statusSheet, replies: [{}, {}] });
  const read = await hub.call(
    `/v4/spreadsheets/${statusSheet}?fields=sheets/data/rowData/values(userEnteredValue)`,
  );
  expect(await read.json()).toEqual({
    sheets: [
      {
        data: [
          {
            rowData: [
              { values: values.map((value) => ({ userEnteredValue: text(value) })) },
              { values: [{ userEnteredValue: { numberValue: 7 } }] },
            ],
          },
        ],
      },
    ],
  });
  expect(hub.far.violations).toEqual([]);
});

test.each<[string, object[], number, string | RegExp, { id?: string; scopes?: string[] }?]>([
  [
    "a sheet that is shared for reading",
    [cells([])],
    403,
    "The caller does not have permission",
    { id: spreadsheet },
  ],
  [
    "a spreadsheet that is not there",
    [cells([])],
    404,
    "Requested entity was not found.",
    { id: "1Elsewhere" },
  ],
  [
    "a token that only reads",
    [cells([])],
    403,
    /insufficient authentication scopes/,
    { scopes: ["spreadsheets.readonly"] },
  ],
  ["no request", [], 400, "Must specify at least one request."],
  ["another tab", [sized(1, 1, 5)], 400, "Invalid requests[0].updateSheetProperties: No grid with id: 5"],
  [
    "no mask",
    [{ updateCells: { range: { sheetId: 0 }, rows: [] } }],
    400,
    /requests\[0\]\.updateCells: At least one field must be listed/,
  ],
  [
    "rows beyond the grid",
    [sized(1, 2), cells([text("a")], [text("b")])],
    400,
    "Invalid requests[1].updateCells: Attempting to write row: 1, beyond the last requested row of: 0",
  ],
  [
    "a column beyond the grid",
    [sized(1, 1), cells([text("a"), text("b")])],
    400,
    /Attempting to write column: 1/,
  ],
  ["too long a text", [cells([text("x".repeat(50_001))])], 400, /more than the maximum of 50000 characters/],
  ["a number that is a text", [cells([{ numberValue: "7" }])], 400, /numberValue must be number/],
  [
    "a formula, which nobody computes here",
    [cells([{ formulaValue: "=1" }])],
    501,
    /formulaValue .* is not served here/,
  ],
  [
    "a request of another kind",
    [{ addSheet: { properties: { title: "x" } } }],
    501,
    /addSheet .* is not served here/,
  ],
  [
    "a mask of what no text has",
    [{ updateCells: { range: { sheetId: 0 }, rows: [], fields: "note" } }],
    501,
    /the field note of a mask .* is not served here/,
  ],
  [
    "a mask of the tab's name",
    [{ updateSheetProperties: { properties: {}, fields: "title" } }],
    501,
    /the field title of a mask .* is not served here/,
  ],
  ["a mask of a size that is not given", [{ ...clearedSize }], 400, /one row and one column at least/],
  ["a tab of frozen rows alone", [frozenWhole], 400, /You can't freeze all visible rows/],
  ["a value that is none", [cells([{}])], 400, /userEnteredValue/],
  ["a cell of two values", [cells([{ stringValue: "a", numberValue: 1 }])], 400, /userEnteredValue/],
  ["cells of nowhere", [{ updateCells: { rows: [], fields: "userEnteredValue" } }], 400, /range/],
  [
    "a part of the tab",
    [{ updateCells: { range: { sheetId: 0, startRowIndex: 2 }, fields: "userEnteredValue" } }],
    501,
    /startRowIndex .* is not served here/,
  ],
])("refuses %s, and writes nothing", async (...[, requests, code, message, how]) => {
  await using hub = await harness({ csv: "a\n" });
  const answer = await write(hub, requests, how);
  expect(await answer.json()).toMatchObject({
    error: { code, message: message instanceof RegExp ? expect.stringMatching(message) : message },
  });
  expect([existsSync(hub.statusFile), readFileSync(hub.file, "utf8")]).toEqual([false, "a\n"]);
  hub.far.violations.splice(0);
});

test("takes nothing for a protected tab, and 60 writes a minute", async () => {
  await using hub = await harness({ csv: "a\n" });
  hub.status.protected = true;
  expect(await (await write(hub, [cells([text("a")])])).json()).toMatchObject({
    error: {
      code: 400,
      message: expect.stringMatching(
        /^Invalid requests\[0\]\.updateCells: You are trying to edit a protected/,
      ),
    },
  });
  hub.status.protected = false;
  for (let times = 1; times < 60; times += 1) await write(hub, [sized(5, 5)]);
  expect((await write(hub, [cells([text("a")])])).status).toBe(429);
  expect(readTab(hub.statusFile)).toHaveProperty("unreadable");
  hub.clock.moveBy(60_000);
  expect((await write(hub, [cells([text("a")])])).status).toBe(200);
});
