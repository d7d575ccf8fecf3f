// Sheets at Google's far end as its vendor behaves, asked with plain HTTP; the real client asks in test/shared.
import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { z } from "zod";
import { gridOf } from "../../../local/google/area.ts";
import { readTab } from "../../../local/google/tab.ts";
import { harness, spreadsheet } from "./harness.ts";

const Ranges = z.object({ valueRanges: z.array(z.object({ values: z.array(z.array(z.json())) })) });

const values = (range: string, more = "") =>
  `/v4/spreadsheets/${spreadsheet}/values:batchGet?ranges=${encodeURIComponent(range)}${more}`;

test("gives the tab as it shows, without blank cells and rows at the end", async () => {
  await using hub = await harness({ csv: "Name,Email,Note\nAda,ada@example.org,\n\n,,x\n,,\n\n" });
  const answer = await hub.call(values("Members"));
  expect(await answer.json()).toEqual({
    spreadsheetId: spreadsheet,
    valueRanges: [
      {
        range: "Members!A1:Z1000",
        majorDimension: "ROWS",
        values: [["Name", "Email", "Note"], ["Ada", "ada@example.org"], [], ["", "", "x"]],
      },
    ],
  });
  expect(hub.far.violations).toEqual([]);
});

test("makes numbers, days and truths of what was typed, unless it is asked for what shows", async () => {
  await using hub = await harness({ csv: "007,1e5,2026-12-31,TRUE,'007,ada,=1+1\n" });
  const ask = async (more: string) => {
    const { valueRanges } = Ranges.parse(await (await hub.call(values("Members", more))).json());
    return valueRanges[0]?.values[0];
  };
  expect(await ask("")).toEqual(["007", "1e5", "2026-12-31", "TRUE", "007", "ada", "#ERROR!"]);
  expect(await ask("&valueRenderOption=UNFORMATTED_VALUE")).toEqual([
    7,
    100000,
    46387,
    true,
    "007",
    "ada",
    "#ERROR!",
  ]);
  expect(await ask("&valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING")).toEqual([
    7,
    100000,
    "2026-12-31",
    true,
    "007",
    "ada",
    "#ERROR!",
  ]);
});

test.each([
  [
    "'Members'!A2:B",
    "Members!A2:B1000",
    [
      ["1", "2"],
      ["4", "5"],
    ],
  ],
  ["Members!B:B", "Members!B1:B1000", [["b"], ["2"], ["5"]]],
  ["A3:Z3", "Members!A3:Z3", [["4", "5", "6"]]],
  ["'Members'!2:2", "Members!A2:Z2", [["1", "2", "3"]]],
  ["C1", "Members!C1:C1", [["c"]]],
  ["Members!D1:E9", "Members!D1:E9", undefined],
])("reads the range %s", async (range, named, cells) => {
  await using hub = await harness({ csv: "a,b,c\n1,2,3\n4,5,6\n" });
  expect(await (await hub.call(values(range))).json()).toHaveProperty("valueRanges", [
    { range: named, majorDimension: "ROWS", ...(cells && { values: cells }) },
  ]);
});

test.each([
  ["an unknown tab", values("Sheet2"), {}, 400, "Unable to parse range: Sheet2"],
  [
    "an unknown spreadsheet",
    "/v4/spreadsheets/elsewhere/values:batchGet?ranges=A1",
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
  expect(await (await hub.call(values("Members"))).json()).toHaveProperty("valueRanges", [
    { range: "Members!A1:Z1000", majorDimension: "ROWS" },
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
