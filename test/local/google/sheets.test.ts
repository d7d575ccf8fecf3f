// Sheets at Google's far end as its vendor behaves, asked with plain HTTP; the real client asks in test/shared.
import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { gridOf } from "../../../local/google/area.ts";
import { readTab } from "../../../local/google/tab.ts";
import { harness, spreadsheet } from "./harness.ts";

const Shown = z.object({
  sheets: z.tuple([
    z.object({
      data: z.array(
        z.object({
          startRow: z.number().default(0),
          startColumn: z.number().default(0),
          rowData: z
            .array(
              z.object({ values: z.array(z.object({ formattedValue: z.string().default("") })).default([]) }),
            )
            .optional(),
        }),
      ),
    }),
  ]),
});

const fields = "&fields=spreadsheetId,sheets(properties(title),data,merges)";
const values = (range: string, more = fields) =>
  `/v4/spreadsheets/${spreadsheet}?ranges=${encodeURIComponent(range)}${more}`;

test("gives the tab as it shows, without blank cells and rows at the end", async () => {
  await using hub = await harness({ csv: "Name,Email,Note\nAda,ada@example.org,\n\n,,x\n,,\n\n" });
  const typed = await hub.call(
    values("Members", "&fields=spreadsheetId,sheets(properties/title,data/rowData/values/formattedValue)"),
  );
  const text = (formattedValue: string) => ({ formattedValue });
  expect(await typed.json()).toEqual({
    spreadsheetId: spreadsheet,
    sheets: [
      {
        properties: { title: "Members" },
        data: [
          {
            rowData: [
              { values: [text("Name"), text("Email"), text("Note")] },
              { values: [text("Ada"), text("ada@example.org")] },
              {},
              { values: [{}, {}, text("x")] },
            ],
          },
        ],
      },
    ],
  });
  expect(hub.far.violations).toEqual([]);
});

test("gives no cells to who asks for no fields", async () => {
  await using hub = await harness({ csv: "a\n" });
  expect(await (await hub.call(values("Members", ""))).json()).toEqual({
    spreadsheetId: spreadsheet,
    spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${spreadsheet}/edit`,
    properties: { title: expect.any(String), locale: "en_US", autoRecalc: "ON_CHANGE", timeZone: "Etc/UTC" },
    sheets: [
      {
        properties: {
          sheetId: 0,
          title: "Members",
          index: 0,
          sheetType: "GRID",
          gridProperties: { rowCount: 1000, columnCount: 26 },
        },
      },
    ],
  });
});

test.each([
  ["sheets.properties(sheetId,title)", { sheets: [{ properties: { sheetId: 0, title: "Members" } }] }],
  ["sheets.properties.sheet_type", { sheets: [{ properties: { sheetType: "GRID" } }] }],
  ["properties/locale", { properties: { locale: "en_US" } }],
  ["sheets.charts", { sheets: [{}] }],
  [
    "sheets.data.rowData.values.formattedValue",
    { sheets: [{ data: [{ rowData: [{ values: [{ formattedValue: "a" }] }] }] }] },
  ],
])("a mask in the words of Google's guide, %s, without a range", async (mask, wanted) => {
  await using hub = await harness({ csv: "a\n" });
  const answer = await hub.call(`/v4/spreadsheets/${spreadsheet}?fields=${mask}`);
  expect(await answer.json()).toEqual(wanted);
  expect(hub.far.violations).toEqual([]);
});

test.each([
  "sheets.data(rowMetadata,columnMetadata)",
  "sheets.data.rowData.values(formattedValue,userEnteredFormat)",
  "sheets.data.rowData.values.hyperlink",
  "properties.defaultFormat",
])("a field that is never given is refused, and not left out: %s", async (mask) => {
  await using hub = await harness({ csv: "a\n" });
  expect((await hub.call(`/v4/spreadsheets/${spreadsheet}?fields=${mask}`)).status).toBe(501);
  expect(hub.far.violations.splice(0)).toHaveLength(1);
});

test("makes numbers, days and truths of what was typed", async () => {
  await using hub = await harness({ csv: "007,1e5,2026-12-31,3/4/2031,TRUE,'007,ada,=1+1\n" });
  const answer = await hub.call(values("Members", "&fields=sheets/data/rowData/values"));
  const date = { numberFormat: { type: "DATE" } };
  const cell = (value: object, formattedValue: string, more = {}) => ({
    userEnteredValue: value,
    effectiveValue: value,
    formattedValue,
    ...more,
  });
  expect(await answer.json()).toEqual({
    sheets: [
      {
        data: [
          {
            rowData: [
              {
                values: [
                  cell({ numberValue: 7 }, "007"),
                  cell({ numberValue: 100_000 }, "1e5"),
                  cell({ numberValue: 46_387 }, "2026-12-31", { effectiveFormat: date }),
                  cell({ numberValue: 47_911 }, "3/4/2031", { effectiveFormat: date }),
                  cell({ boolValue: true }, "TRUE"),
                  cell({ stringValue: "007" }, "007"),
                  cell({ stringValue: "ada" }, "ada"),
                  {
                    userEnteredValue: { formulaValue: "=1+1" },
                    effectiveValue: { errorValue: { type: "ERROR" } },
                    formattedValue: "#ERROR!",
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});

test.each([
  [
    "'Members'!A2:B",
    [1, 0],
    [
      ["1", "2"],
      ["4", "5"],
    ],
  ],
  ["Members!B:B", [0, 1], [["b"], ["2"], ["5"]]],
  ["A3:Z3", [2, 0], [["4", "5", "6"]]],
  ["'Members'!2:2", [1, 0], [["1", "2", "3"]]],
  ["C1", [0, 2], [["c"]]],
  ["Members!D1:E9", [0, 3], undefined],
])("reads the range %s", async (range, corner, cells) => {
  await using hub = await harness({ csv: "a,b,c\n1,2,3\n4,5,6\n" });
  const [{ data }] = Shown.parse(await (await hub.call(values(range))).json()).sheets;
  expect(
    data.map(({ startRow, startColumn, rowData }) => [
      [startRow, startColumn],
      rowData?.map((row) => row.values.map(({ formattedValue }) => formattedValue)),
    ]),
  ).toEqual([[corner, cells]]);
});

test.each([
  ["an unknown tab", values("Sheet2"), {}, 400, "Unable to parse range: Sheet2"],
  [
    "an unknown spreadsheet",
    "/v4/spreadsheets/elsewhere?ranges=A1",
    {},
    404,
    "Requested entity was not found.",
  ],
  ["a stranger", values("Members"), { as: "x@example.org" }, 403, "The caller does not have permission"],
  [
    "a token for something else",
    values("Members"),
    { scopes: ["gmail.send"] },
    403,
    "Request had insufficient authentication scopes.",
  ],
  [
    "a parameter that Google does not know",
    values("Members", "&colour=red"),
    {},
    501,
    /colour .* is not served here/,
  ],
])("refuses %s", async (_, path, init, status, message) => {
  await using hub = await harness({ csv: "a\n" });
  const answer = await hub.call(path, init);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({
    error: { code: status, message: expect.stringMatching(message) },
  });
  expect(hub.far.violations.splice(0)).toHaveLength(path.includes("colour") ? 1 : 0);
});

test("refuses who has no token", async () => {
  await using hub = await harness({ csv: "a\n" });
  expect((await fetch(`${hub.endpoints.google}${values("Members")}`)).status).toBe(401);
});

test.each([
  ["a missing file", undefined, "cannot be opened"],
  ["bytes that are no UTF-8", Buffer.from("Name\nJos\xe9\n", "latin1"), "not UTF-8"],
  ["UTF-16", Buffer.from("Name,Email\nAda,x\n", "utf16le"), "not text"],
  ["an open quote", Buffer.from('Name\n"Ada\nBob\n'), "near line"],
])("answers 500 for %s, never an empty tab", async (_, bytes, why) => {
  await using hub = await harness();
  if (bytes !== undefined) writeFileSync(hub.file, bytes);
  const answer = await hub.call(values("Members"));
  expect(answer.status).toBe(500);
  expect(await answer.json()).toHaveProperty("error.message", expect.stringContaining(why));
});

test("takes a file of no bytes for an empty tab", async () => {
  await using hub = await harness({ csv: "" });
  expect(await (await hub.call(values("Members"))).json()).toHaveProperty("sheets", [
    { properties: { title: "Members" }, data: [{}] },
  ]);
  expect(hub.far.violations).toEqual([]);
});

test("a sheet of more rows than a call has room for arguments has a grid like others", async () => {
  await using hub = await harness({ csv: "name,login\n".repeat(200_000) });
  const read = readTab(hub.file);
  expect("cells" in read && gridOf(read.cells)).toEqual({ rows: 200_000, columns: 26 });
});

test("reads sixty times a minute for one user and three hundred for the project, by the movable clock", async () => {
  await using hub = await harness({ csv: "a\n" });
  const users = Array.from({ length: 6 }, (_, index) => `reader-${index}@example.org`);
  hub.shareWith(users);
  const read = async (as = "") => {
    const answer = await hub.call(values("Members"), { as });
    return answer.status === 200 ? "read" : `${answer.status} ${await answer.text()}`;
  };
  const [first, ...others] = users;
  for (let count = 0; count < 60; count += 1) expect(await read(first)).toBe("read");
  expect(await read(first)).toMatch(/^429 .*'Read requests per minute per user'.*RESOURCE_EXHAUSTED/);
  for (const user of others.slice(0, 4))
    for (let count = 0; count < 60; count += 1) expect(await read(user)).toBe("read");
  expect(await read(others[4])).toMatch(/^429 .*'Read requests per minute'/);
  hub.clock.moveBy(59_999);
  expect(await read(first)).toMatch(/^429/);
  hub.clock.moveBy(1);
  expect(await read(first)).toBe("read");
});
