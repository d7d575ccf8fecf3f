// Cells of kinds that a CSV cannot say: what Sheets shows of them, what lies beneath, and what is typed into them.
import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { kindsFile } from "../../../local/google/typed-cells.ts";
import { harness, spreadsheet } from "./harness.ts";

const kinds = {
  A2: { kind: "number", value: 7, shown: "007", formula: "=3+4" },
  B2: { kind: "date", serial: 46387, shown: "31 Dec 2026" },
  C2: { kind: "boolean", value: true },
  D2: { kind: "error", shown: "#REF!", formula: "=Gone!A1" },
  E2: { kind: "chip", shown: "Ada Lovelace", email: "ada@example.org" },
  F2: { kind: "computed", shown: "", formula: '=IF(A9="","",A9)' },
  A3: { kind: "merge", to: "B4" },
  G5: { kind: "number", value: 0.5 },
};

async function sheet(said: unknown = kinds) {
  const hub = await harness({ csv: "n,d,b,e,c\n,,,,\nx,y,z\nv,w,u\n" });
  writeFileSync(kindsFile(hub.file), typeof said === "string" ? said : JSON.stringify(said));
  const ask = () =>
    hub.call(
      `/v4/spreadsheets/${spreadsheet}?ranges=Members!A2:G5&fields=sheets(merges,data/rowData/values)`,
    );
  return { hub, ask };
}

test("show as they are formatted, and give their values, formulas, chips and merges", async () => {
  const { hub, ask } = await sheet();
  await using _ = hub;
  const text = (of: string) => ({
    userEnteredValue: { stringValue: of },
    effectiveValue: { stringValue: of },
    formattedValue: of,
  });
  expect(await (await ask()).json()).toEqual({
    sheets: [
      {
        merges: [{ sheetId: 0, startRowIndex: 2, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 2 }],
        data: [
          {
            rowData: [
              {
                values: [
                  {
                    userEnteredValue: { formulaValue: "=3+4" },
                    effectiveValue: { numberValue: 7 },
                    formattedValue: "007",
                  },
                  {
                    userEnteredValue: { numberValue: 46_387 },
                    effectiveValue: { numberValue: 46_387 },
                    formattedValue: "31 Dec 2026",
                    effectiveFormat: { numberFormat: { type: "DATE" } },
                  },
                  {
                    userEnteredValue: { boolValue: true },
                    effectiveValue: { boolValue: true },
                    formattedValue: "TRUE",
                  },
                  {
                    userEnteredValue: { formulaValue: "=Gone!A1" },
                    effectiveValue: { errorValue: { type: "REF" } },
                    formattedValue: "#REF!",
                  },
                  {
                    ...text("Ada Lovelace"),
                    chipRuns: [{ chip: { personProperties: { email: "ada@example.org" } } }],
                  },
                  { userEnteredValue: { formulaValue: '=IF(A9="","",A9)' } },
                ],
              },
              { values: [text("x"), {}, text("z")] },
              { values: [{}, {}, text("u")] },
              {
                values: [
                  ...Array.from({ length: 6 }, () => ({})),
                  {
                    userEnteredValue: { numberValue: 0.5 },
                    effectiveValue: { numberValue: 0.5 },
                    formattedValue: "0.5",
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
  expect(hub.far.violations).toEqual([]);
});

test("a save of the kinds is a save of the sheet", async () => {
  const { hub } = await sheet();
  await using _ = hub;
  const watch = await hub.call(`/drive/v3/files/${spreadsheet}/watch`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: "c", type: "web_hook", address: "https://a.test/" }),
  });
  expect(watch.status).toBe(200);
  await hub.far.touched(spreadsheet);
  await hub.far.settled();
  const before = hub.pushed.length;
  writeFileSync(kindsFile(hub.file), JSON.stringify({ A2: { kind: "boolean", value: false } }));
  await hub.far.touched(spreadsheet);
  await hub.far.settled();
  expect(hub.pushed.slice(before).map(({ headers }) => headers["x-goog-resource-state"])).toEqual(["update"]);
});

test.each([
  ["{"],
  [{ A2: { kind: "colour" } }],
  [{ A2: { kind: "number", value: "7" } }],
  [{ A2: { kind: "error", shown: "#OOPS!" } }],
  [{ "2": { kind: "boolean", value: true } }],
])("a file that says no kinds is no sheet: %j", async (said) => {
  const { hub, ask } = await sheet(said);
  await using _ = hub;
  const answer = await ask();
  expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining("kinds of cells")]);
});
