// `groundcrew transfer receipt`: the text, the record, and the lines in a file that was not there before.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import type { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import { against, home } from "./console-harness.ts";
import { answer, refusal } from "./loopback.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "receipt-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const receipt: TransferReceipt = {
  ...{ v: 1, id: "t1", from: "a:x", to: "b:y", state: "done", said: "done: 1 object copied", objects: 1 },
  ...{ bytes: 1, copied: 1, already: 0, missing: 0, verified: { md5: 1, size: 0 }, manifestSha256: "s" },
  ...{ rclone: [], machines: 1, preemptions: 0, errors: 0, machineHours: 1, dollars: 1 },
  ...{ startedAt: "2026-11-21T08:00:00Z", endedAt: "2026-11-21T09:00:00Z" },
  ...{ notThere: [], conflicts: [], unmovable: [] },
};
const routes = {
  "GET /api/home": home("sample"),
  "GET /api/transfers/sample/t1/receipt": answer(answers.receipt, { receipt }),
  "GET /api/transfers/sample/t1/receipt.ndjson.gz": { body: "packed lines" },
};
const ask = (...args: string[]) => against(routes, ["transfer", "receipt", ...args]);

test("as text, and as the record itself", async () => {
  const text = await ask("t1");
  expect([text.code, text.stdout.split("\n").slice(0, 3)]).toEqual([
    0,
    ["Receipt of transfer t1", "", "It is done: 1 object copied."],
  ]);
  expect(JSON.parse((await ask("t1", "--json")).stdout)).toEqual(receipt);
});

test("the lines are saved, and never over another file", async () => {
  const file = join(folder, "lines.ndjson.gz");
  expect((await ask("t1", "--lines", file)).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe("packed lines");
  writeFileSync(file, "mine");
  const again = await ask("t1", "--lines", file);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("is there already")]);
  expect(readFileSync(file, "utf8")).toBe("mine");
});

test("of none: what the console says", async () => {
  const none = {
    "GET /api/transfers/sample/t2/receipt": refusal(404, "there is no such receipt", "why", "next"),
  };
  const { code, stderr } = await against({ ...routes, ...none }, ["transfer", "receipt", "t2"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("there is no such receipt")]);
});

test("transfer logs has a line for all that happened", async () => {
  const lines = [
    { at: "2026-11-21T10:00:00.000Z", what: "begun" },
    { what: "last word of machine 0, the 1. of its name: done" },
  ];
  const log = { "GET /api/transfers/sample/t1/log": answer(answers.transferLog, { lines }) };
  const { code, stdout } = await against({ ...routes, ...log }, ["transfer", "logs", "t1"]);
  expect([code, stdout]).toEqual([
    0,
    "2026-11-21 10:00:00  begun\n                     last word of machine 0, the 1. of its name: done\n",
  ]);
});
