// Writing a table through Google's own client, from the metadata server's token to the file.
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { failureIn } from "../../../shared/failure.ts";
import { sheetWriter } from "../../../shared/sheets/write.ts";
import { harness, reader, statusSheet } from "../../local/google/harness.ts";

type Hub = Awaited<ReturnType<typeof harness>>;
const table = (...rows: (string | number)[][]) => ({ rows, columns: 3, frozen: 1 });
const writing = (hub: Hub) => {
  const { write } = sheetWriter({ ...hub, identity: reader });
  return (rows: (string | number)[][], tab: { spreadsheet?: string; gid?: number } = {}) =>
    write({ spreadsheet: statusSheet, gid: 0, ...tab }, table(...rows));
};
const failureOf = (call: Promise<void>) =>
  call.then(
    () => undefined,
    (error: unknown) => failureIn(error),
  );

test("writes all of a table in one request, and what was below is gone", async () => {
  await using hub = await harness();
  const write = writing(hub);
  await write([["a", "b", "c"], ...Array.from({ length: 1200 }, (_, at) => [at, "=x", ""])]);
  await write([
    ["Row", "Login", ""],
    [2, "=HYPERLINK(1)", "'x"],
  ]);
  expect(readFileSync(hub.statusFile, "utf8")).toBe("Row,Login,\n2,'=HYPERLINK(1),''x\n");
  const calls = [...hub.faults.calls()].filter(([call]) => call.startsWith("google"));
  expect(calls).toEqual([[`google POST /v4/spreadsheets/${statusSheet}:batchUpdate`, 2]]);
  expect(hub.far.violations).toEqual([]);
});

test("comes again by itself after an error of Google's, and not where it is asked to wait", async () => {
  await using hub = await harness();
  const write = writing(hub);
  hub.faults.add({ farEnd: "google", failure: { kind: "status", status: 503 } });
  await write([["a"], ["b"]]);
  expect(readFileSync(hub.statusFile, "utf8")).toBe("a\nb\n");
  const headers = { "retry-after": "90" };
  hub.faults.add({ farEnd: "google", failure: { kind: "status", status: 429, headers } });
  expect(await failureOf(write([["c"], ["d"]]))).toMatchObject({ lasts: "transient", waitSeconds: 90 });
  expect(readFileSync(hub.statusFile, "utf8")).toBe("a\nb\n");
});

const refusal = (text: string, code = 400) => ({
  kind: "status" as const,
  status: code,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ error: { code, message: text, status: "INVALID_ARGUMENT" } }),
});

test.each<[string, (hub: Hub) => Promise<void>, string, RegExp]>([
  [
    "is not shared, or for reading only",
    (hub) => {
      hub.status.editors = [];
      return writing(hub)([["a"], ["b"]]);
    },
    "not-shared",
    /add sync-members@.* as Editor/,
  ],
  [
    "is deleted",
    (hub) => writing(hub)([["a"], ["b"]], { spreadsheet: "1NobodyKnowsThis" }),
    "not-found",
    /members\.status\.spreadsheet .* as Editor/,
  ],
  [
    "has lost the tab",
    (hub) => writing(hub)([["a"], ["b"]], { gid: 7 }),
    "no-tab",
    /gid= of its address under members\.status\.gid/,
  ],
  [
    "is protected",
    (hub) => {
      hub.status.protected = true;
      return writing(hub)([["a"], ["b"]]);
    },
    "protected",
    /lets sync-members@.* edit/,
  ],
  [
    "is an Excel file",
    (hub) => {
      const failure = refusal("This operation is not supported for this document");
      hub.faults.add({ farEnd: "google", failure });
      return writing(hub)([["a"], ["b"]]);
    },
    "not-a-sheet",
    /sheets\.new/,
  ],
])("says what to do where the spreadsheet %s", async (_, write, cause, next) => {
  await using hub = await harness();
  expect(await failureOf(write(hub))).toMatchObject({
    service: "sheets",
    cause,
    lasts: "lasting",
    explanation: { what: "the status sheet cannot be written", next: expect.stringMatching(next) },
  });
});
