// The one database of a sample hub: queues, indexes and the far ends' own records. Each far end makes its own tables.
// WAL with synchronous NORMAL survives kill -9; never hold a transaction across an await, for the driver is synchronous.
import { DatabaseSync } from "node:sqlite";

export type State = DatabaseSync;

/** Opens or makes the database; ":memory:" serves tests that never restart. */
export function openState(file: string): State {
  const state = new DatabaseSync(file);
  state.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON",
  );
  return state;
}

/** Runs `work` in one transaction: all of it is stored, or nothing. */
export function transaction<T>(state: State, work: () => T): T {
  state.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    state.exec("COMMIT");
    return result;
  } catch (error) {
    state.exec("ROLLBACK");
    throw error;
  }
}

/** Makes functions each call of which is one transaction. */
export const atOnceIn =
  (state: State) =>
  <A extends unknown[], R>(act: (...given: A) => R) =>
  (...given: A): R =>
    transaction(state, () => act(...given));
