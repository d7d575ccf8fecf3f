// Statements on the deliveries of messages.
import type { State } from "../wire/state.ts";
import { stage } from "./tables.ts";

export function statements(state: State) {
  const message = "id, data, attributes, ordering_key, published_at";
  const ofKey = "subscription = ? AND ordering_key = ? AND ordering_key <> ''";
  return {
    publish: state.prepare(
      "INSERT INTO pubsub_message (topic, data, attributes, ordering_key, published_at) VALUES (?, ?, ?, ?, ?)",
    ),
    message: state.prepare(`SELECT ${message} FROM pubsub_message WHERE id = ?`),
    forget: state.prepare(
      "DELETE FROM pubsub_message WHERE id = ? AND NOT EXISTS (SELECT 1 FROM pubsub_delivery WHERE message = ?)",
    ),
    enqueue: state.prepare("INSERT INTO pubsub_delivery VALUES (?, ?, ?, ?, 0, ?)"),
    ahead: state.prepare(
      `SELECT 1 FROM pubsub_delivery WHERE ${ofKey} AND message < ? AND stage NOT IN (${stage.acked}, ${stage.ackedEarly}) LIMIT 1`,
    ),
    queued: state.prepare(
      `SELECT 1 FROM pubsub_delivery WHERE ${ofKey} AND message < ? AND stage IN (${stage.due}, ${stage.blocked}) LIMIT 1`,
    ),
    early: state.prepare(
      `SELECT message FROM pubsub_delivery WHERE ${ofKey} AND stage = ${stage.ackedEarly} ORDER BY message LIMIT 1`,
    ),
    earlyKeys: state.prepare(
      `SELECT DISTINCT ordering_key FROM pubsub_delivery WHERE subscription = ? AND ordering_key <> '' AND stage = ${stage.ackedEarly}`,
    ),
    blockLater: state.prepare(
      `UPDATE pubsub_delivery SET stage = ${stage.blocked} WHERE ${ofKey} AND message > ? AND stage <> ${stage.acked}`,
    ),
    due: state.prepare(
      `SELECT m.id, m.data, m.attributes, m.ordering_key, m.published_at, d.attempt
       FROM pubsub_delivery d JOIN pubsub_message m ON m.id = d.message
       WHERE d.subscription = ? AND d.stage = ? AND d.at <= ? ORDER BY d.at, d.message LIMIT ?`,
    ),
    lease: state.prepare(
      "UPDATE pubsub_delivery SET stage = ?, at = ?, attempt = attempt + 1 WHERE message = ? AND subscription = ?",
    ),
    current: state.prepare(
      "SELECT stage, attempt, ordering_key FROM pubsub_delivery WHERE message = ? AND subscription = ?",
    ),
    move: state.prepare(
      "UPDATE pubsub_delivery SET stage = ?, at = ? WHERE message = ? AND subscription = ?",
    ),
    hurry: state.prepare(
      "UPDATE pubsub_delivery SET at = ? WHERE message = ? AND subscription = ? AND stage = ?",
    ),
    remove: state.prepare("DELETE FROM pubsub_delivery WHERE message = ? AND subscription = ?"),
    unblock: state.prepare(
      `UPDATE pubsub_delivery AS d SET stage = ?, at = ? WHERE d.subscription = ? AND d.message =
         (SELECT min(message) FROM pubsub_delivery WHERE ${ofKey} AND stage = ?)
         AND NOT EXISTS (SELECT 1 FROM pubsub_delivery e WHERE e.subscription = d.subscription
          AND e.ordering_key = d.ordering_key AND e.ordering_key <> '' AND e.message < d.message AND e.stage = ${stage.due})`,
    ),
    block: state.prepare(
      "UPDATE pubsub_delivery SET stage = ? WHERE subscription = ? AND ordering_key <> '' AND stage = ?",
    ),
    unblockAll: state.prepare(
      `UPDATE pubsub_delivery AS d SET stage = ?, at = ?
       WHERE d.subscription = ? AND d.ordering_key <> '' AND d.stage = ? AND NOT EXISTS
         (SELECT 1 FROM pubsub_delivery e WHERE e.subscription = d.subscription AND e.ordering_key = d.ordering_key
          AND e.ordering_key <> '' AND e.message < d.message AND e.stage <> ?)`,
    ),
    expired: state.prepare(
      "SELECT message, attempt, subscription FROM pubsub_delivery WHERE subscription = ? AND stage = ? AND at <= ? ORDER BY message",
    ),
    pushes: state.prepare(
      "SELECT message, attempt, subscription FROM pubsub_delivery WHERE stage = ? AND at = ?",
    ),
    isDue: state.prepare(
      "SELECT 1 FROM pubsub_delivery WHERE subscription = ? AND stage = ? AND at <= ? LIMIT 1",
    ),
    next: state.prepare(
      "SELECT min(at) AS at FROM pubsub_delivery WHERE subscription = ? AND stage = ? AND at > ?",
    ),
    pending: state.prepare(
      `SELECT count(*) AS count FROM pubsub_delivery WHERE stage NOT IN (${stage.acked}, ${stage.ackedEarly})`,
    ),
  };
}
