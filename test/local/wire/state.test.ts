// The database of a sample hub: one holder's where it says so, and an error that stays what it was.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { codeOfState, openState, transaction } from "../../../local/wire/state.ts";
import { thrownBy } from "./thrown-by.ts";

const folder = mkdtempSync(join(tmpdir(), "state-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a database that is full says so, though SQLite has undone the transaction itself, and takes more once there is room", () => {
  const state = openState(join(folder, "full.db"));
  state.exec("CREATE TABLE kept (bytes BLOB); PRAGMA max_page_count = 3");
  const put = (bytes: number) => () =>
    transaction(state, () => state.prepare("INSERT INTO kept VALUES (zeroblob(?))").run(bytes));
  expect(codeOfState(thrownBy(put(100_000)))).toBe("full");
  expect(state.isTransaction).toBe(false);
  state.exec("PRAGMA max_page_count = 1000");
  put(100_000)();
  expect(state.prepare("SELECT sum(length(bytes)) AS bytes FROM kept").get()).toEqual({ bytes: 100_000 });
  state.close();
});

test("opened alone it is nobody else's, and free again when it is closed", () => {
  const file = join(folder, "alone.db");
  const first = openState(file, { alone: true });
  expect(codeOfState(thrownBy(() => openState(file, { alone: true })))).toBe("busy");
  first.close();
  openState(file, { alone: true }).close();
});

test("what is none of SQLite's errors has none of its codes", () => {
  expect(codeOfState(Object.assign(new Error("no"), { errcode: 13 }))).toBeUndefined();
});
