// Cells of kinds that a CSV cannot say: what Sheets shows of them, what lies beneath, and what is typed into them.
import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { z } from "zod";
import { kindsFile } from "../../../local/google/typed-cells.ts";
import { harness, spreadsheet } from "./harness.ts";

const Answer = z.object({ valueRanges: z.tuple([z.object({ values: z.array(z.array(z.json())) })]) });
const kinds = {
  A2: { kind: "number", value: 7, shown: "007", formula: "=3+4" },
  B2: { kind: "date", serial: 46387, shown: "31 Dec 2026" },
  C2: { kind: "boolean", value: true },
  D2: { kind: "error", shown: "#REF!", formula: "=Gone!A1" },
  E2: { kind: "chip", shown: "Ada Lovelace" },
  A3: { kind: "merge", to: "B4" },
  G5: { kind: "number", value: 0.5 },
};

async function sheet(said: unknown = kinds) {
  const hub = await harness({ csv: "n,d,b,e,c\n,,,,\nx,y,z\nv,w,u\n" });
  writeFileSync(kindsFile(hub.file), typeof said === "string" ? said : JSON.stringify(said));
  const ask = (more: string) =>
    hub.call(`/v4/spreadsheets/${spreadsheet}/values:batchGet?ranges=Members!A2:G5${more}`);
  const read = async (more: string) => Answer.parse(await (await ask(more)).json()).valueRanges[0].values;
  return { hub, ask, read };
}

test("show as they are formatted, give their values, and their formulas", async () => {
  const { hub, read } = await sheet();
  await using _ = hub;
  const below = [
    ["x", "", "z"],
    ["", "", "u"],
  ];
  const last = ["", "", "", "", "", ""];
  expect(await read("")).toEqual([
    ["007", "31 Dec 2026", "TRUE", "#REF!", "Ada Lovelace"],
    ...below,
    [...last, "0.5"],
  ]);
  expect(await read("&valueRenderOption=UNFORMATTED_VALUE")).toEqual([
    [7, 46387, true, "#REF!", "Ada Lovelace"],
    ...below,
    [...last, 0.5],
  ]);
  const days = await read("&valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING");
  expect(days[0]).toEqual([7, "31 Dec 2026", true, "#REF!", "Ada Lovelace"]);
  const formulas = await read("&valueRenderOption=FORMULA");
  expect(formulas[0]).toEqual(["=3+4", 46387, true, "=Gone!A1", "Ada Lovelace"]);
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
  [{ "2": { kind: "boolean", value: true } }],
])("a file that says no kinds is no sheet: %j", async (said) => {
  const { hub, ask } = await sheet(said);
  await using _ = hub;
  const answer = await ask("");
  expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining("kinds of cells")]);
});
