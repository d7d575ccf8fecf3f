// Tables of topics, subscriptions, messages and deliveries. A delivery is one message's way to one subscription. It is deleted
// once acknowledged, and its message with the last of them unless it is retained.
import type { State } from "../wire/state.ts";

/**
 * Stages of a delivery, by what it waits for. `ackedEarly` waits for one before it of its ordering key: comes that one again, so does this.
 */
export const stage = { due: 0, leased: 1, blocked: 2, acked: 3, ackedEarly: 4 } as const;

/** A lease that time does not end: a push, which ends with its own HTTP request. */
export const never = Number.MAX_SAFE_INTEGER;

export function makeTables(state: State): void {
  state.exec(`
    CREATE TABLE IF NOT EXISTS pubsub_topic (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS pubsub_subscription (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL, active_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS pubsub_message (
      id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, data BLOB NOT NULL, attributes TEXT NOT NULL,
      ordering_key TEXT NOT NULL, published_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS pubsub_delivery (
      message INTEGER NOT NULL, subscription INTEGER NOT NULL, stage INTEGER NOT NULL, at INTEGER NOT NULL,
      attempt INTEGER NOT NULL, ordering_key TEXT NOT NULL, PRIMARY KEY (message, subscription)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS pubsub_due ON pubsub_delivery (subscription, stage, at);
    CREATE INDEX IF NOT EXISTS pubsub_queue ON pubsub_delivery (subscription, ordering_key, message)
      WHERE ordering_key <> '';
  `);
}
