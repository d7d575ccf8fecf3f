// Sheets as people keep them, through Google's own client: filled in beforehand, below a title, without addresses, with American
// dates, with merges and chips.
import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { kindsFile } from "../../../local/google/typed-cells.ts";
import { Settings } from "../../../shared/settings.ts";
import { sheetReader } from "../../../shared/sheets/read.ts";
import { harness, spreadsheet } from "../../local/google/harness.ts";

const members = Settings.shape.hubs.valueType.shape.members.unwrap().parse({
  spreadsheet,
  tiers: { Public: "public-access", Research: "full-access" },
});
const header = "Name,Email,GitHub username,Membership tier,Membership expires";
const today = "2026-11-21";

/** Rows of a sheet in short, what is refused of it, and how often Sheets was asked. */
async function read(csv: string, kinds: object = {}) {
  await using hub = await harness({ csv });
  writeFileSync(kindsFile(hub.file), JSON.stringify(kinds));
  const { rows, rejected, problem, remarks = [] } = await sheetReader(hub).readRows(members, today);
  expect(hub.far.violations).toEqual([]);
  const asked = [...hub.faults.calls()].filter(([call]) => call.startsWith("google"));
  expect(asked).toEqual([[`google GET /v4/spreadsheets/${spreadsheet}`, 1]]);
  return {
    problem,
    people: rows.map(({ cell, login, tier, expires = "" }) => `${cell} ${login} ${tier} ${expires}`.trim()),
    refused: rejected.map(({ cell, why, suggestion }) => ({ cell, why, suggestion })),
    remarks,
  };
}

test("3,000 rows filled in beforehand, and people in three of them", async () => {
  const rows = Array.from({ length: 3000 }, () => ",,,Public,6/28/1900");
  const people = [
    "Ada Sample,ada@example.org,ada-sample,Research,3/4/2031",
    "Bo Sample,bo@example.org,bo-sample,Research,12/31/2030",
    "Cy Sample,cy@example.org,cy-sample,Public,",
  ];
  const csv = [header, ...rows.with(0, people[0] ?? "").with(1499, people[1] ?? ""), people[2]].join("\n");
  const box = { kind: "boolean", value: false };
  const formula = { kind: "computed", shown: "@example.org", formula: '=LOWER(A5)&"@example.org"' };
  expect(await read(csv, { A4: box, B5: formula })).toEqual({
    problem: undefined,
    people: [
      "C2 ada-sample Research 2031-03-04",
      "C1501 bo-sample Research 2030-12-31",
      "C3002 cy-sample Public",
    ],
    refused: [],
    remarks: [],
  });
});

test("a title, a note and a blank row above the headings", async () => {
  const csv = `Members of the hub,,,,\n"Ask the office first, please",,,,\n,,,,\n${header}\nAda Sample,ada@example.org,ada-sample,Research,\n,,two words,Research,\n`;
  expect(await read(csv, { A1: { kind: "merge", to: "E1" } })).toEqual({
    problem: undefined,
    people: ["C5 ada-sample Research"],
    refused: [expect.objectContaining({ cell: "C6" })],
    remarks: [],
  });
});

test("a row without an address, and a sheet without addresses", async () => {
  expect(await read(`${header}\nPaul Sample,,paul-sample,Research,\n`)).toMatchObject({
    people: ["C2 paul-sample Research"],
    refused: [],
    remarks: ["rows without an e-mail address, whose people get GitHub's mail alone: C2"],
  });
  expect(await read("GitHub username (no @),Membership tier:\npaul-sample,Research\n")).toMatchObject({
    people: ["A2 paul-sample Research"],
    refused: [],
    remarks: [expect.stringContaining("no column of e-mail addresses")],
  });
});

test("merges, chips, boxes, numbers and failed formulas are named by cell, and cost nobody else", async () => {
  const rows = ["bo", "cy", "dee", "eve", "fay", "gus"].map(
    (who) => `${who},${who}@example.org,${who},Public,`,
  );
  const csv = [header, "Ada,ada@example.org,ada,Public,", ...rows].join("\n");
  const kinds = {
    C3: { kind: "merge", to: "C4" },
    B5: { kind: "chip", shown: "Dee", email: "dee@example.org" },
    C6: { kind: "boolean", value: true },
    D7: { kind: "error", shown: "#N/A", formula: "=VLOOKUP(A7,Tiers!A:B,2)" },
    C8: { kind: "number", value: 4711 },
  };
  const { people, refused } = await read(csv, kinds);
  expect(people).toEqual(["C2 ada Public", "C3 bo Public"]);
  expect(refused.map(({ cell, why, suggestion }) => [cell, why.slice(0, 24), suggestion])).toEqual([
    ["C4", "merged with C3: choose F", undefined],
    ["B5", "a smart chip, not text: ", "dee@example.org"],
    ["C6", "a checkbox or a truth va", undefined],
    ["D7", "a formula's error: mend ", undefined],
    ["C8", "a number or a date, not ", undefined],
  ]);
});
