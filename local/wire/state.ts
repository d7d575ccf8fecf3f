// The one database of a sample hub: queues, indexes and the far ends' own records. Each far end makes its own tables.
// WAL with synchronous NORMAL survives kill -9; never hold a transaction across an await, for the driver is synchronous.
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";

export type State = DatabaseSync;

const Row = z.array(
  z.union([z.string(), z.number(), z.null(), z.custom<Uint8Array>((value) => value instanceof Uint8Array)]),
);

/**
 * Opens or makes the database; ":memory:" serves tests that never restart. `alone` keeps everybody else out for as long as it is open,
 * and throws where somebody has it open already.
 */
export function openState(file: string, { alone = false } = {}): State {
  const state = new DatabaseSync(file);
  try {
    // Locks before the first look at the log: what is locked from then on stays locked.
    if (alone) state.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE");
    state.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    if (!alone) state.exec("PRAGMA busy_timeout = 5000");
    return state;
  } catch (error) {
    state.close();
    throw error;
  }
}

/** Words for what SQLite says, by its primary codes (https://www.sqlite.org/rescode.html). */
const codes: Record<number, "busy" | "read-only" | "failing" | "damaged" | "full"> = {
  5: "busy",
  8: "read-only",
  10: "failing",
  11: "damaged",
  13: "full",
  14: "read-only",
  26: "damaged",
};

/** Tells what keeps the database from its work; undefined where it is not the database that has thrown. */
export function codeOfState(error: unknown): (typeof codes)[number] | undefined {
  const { data } = Coded.safeParse(error);
  return data && codes[data.errcode % 256];
}
const Coded = z.object({ code: z.literal("ERR_SQLITE_ERROR"), errcode: z.number().int() });

/** Runs `work` in one transaction: all of it is stored, or nothing. */
export function transaction<T>(state: State, work: () => T): T {
  state.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    state.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite undoes it by itself where the disk is full (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
    if (state.isTransaction) state.exec("ROLLBACK");
    throw error;
  }
}

/** Makes functions each call of which is one transaction; `before` is called before each. */
export const atOnceIn =
  (state: State, before: () => void) =>
  <A extends unknown[], R>(act: (...given: A) => R) =>
  (...given: A): R => {
    before();
    return transaction(state, () => act(...given));
  };

const Table = z.array(z.object({ name: z.string(), type: z.string(), sql: z.string() }));

/** Copies the tables whose names begin so into a database of their own, in memory. */
export function copyOf(state: State, prefix: string): State {
  const copy = new DatabaseSync(":memory:");
  const made = Table.parse(
    state
      .prepare(
        "SELECT name, type, sql FROM sqlite_master WHERE substr(tbl_name, 1, ?) = ? AND sql IS NOT NULL ORDER BY type DESC",
      )
      .all(prefix.length, prefix),
  );
  for (const { name, type, sql } of made) {
    copy.exec(sql);
    if (type !== "table") continue;
    const rows = state.prepare(`SELECT * FROM ${name}`);
    rows.setReturnArrays(true);
    let put: ReturnType<State["prepare"]> | undefined;
    for (const row of rows.iterate() as Iterable<unknown>) {
      const values = Row.parse(row);
      put ??= copy.prepare(`INSERT INTO ${name} VALUES (${values.map(() => "?").join()})`);
      put.run(...values);
    }
  }
  return copy;
}
