// Looking back and throwing away: seek to a time, retention, expiry of unused subscriptions. Runs inside a transaction.
import * as z from "zod";
import type { State } from "../wire/state.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Directory, Held } from "./directory.ts";
import { stage } from "./tables.ts";

export type History = {
  /** Everything published before the time counts as acknowledged, everything since as not. */
  seek: (held: Held, time: number) => void;
  /** Drops what no rule retains any longer, and subscriptions that nobody used for their whole time-to-live. */
  sweep: () => void;
  removeSubscription: (name: string) => void;
};

const Row = z.object({ id: z.number() });
const Candidate = z.object({ id: z.number(), attributes: z.string(), ordering_key: z.string() });

export function history(options: {
  state: State;
  directory: Directory;
  deliveries: Deliveries;
  now: () => number;
}): History {
  const { state, directory, deliveries, now } = options;
  const sql = statements(state);

  /** The first message since then; ids and times grow together, for the clock moves forward only. */
  function firstSince(time: number): number {
    return Row.optional().parse(sql.firstSince.get(time))?.id ?? Number.MAX_SAFE_INTEGER;
  }

  function seek(held: Held, time: number): void {
    const first = firstSince(time);
    if (held.is.retainAcked) sql.ackBefore.run(stage.acked, held.id, first);
    else sql.dropBefore.run(held.id, first);
    sql.replay.run(stage.due, now(), held.id, first);
    if (directory.findTopic(held.is.topic)?.retentionMilliseconds !== undefined) {
      const missing = z.array(Candidate).parse(sql.missing.all(held.is.topic, first, held.id));
      for (const { id, attributes, ordering_key } of missing) {
        if (!held.filter(z.record(z.string(), z.string()).parse(JSON.parse(attributes)))) continue;
        sql.enqueue.run(id, held.id, stage.due, now(), held.is.ordering ? ordering_key : "");
      }
    }
    held.activeAt = now();
    deliveries.requeue(held);
    dropOrphans();
  }

  /** Messages that no delivery and no topic needs. */
  function dropOrphans(): void {
    const retained = directory.topics().filter((topic) => topic.retentionMilliseconds !== undefined);
    for (const topic of retained)
      sql.dropOldOf.run(topic.name, firstSince(now() - (topic.retentionMilliseconds ?? 0)));
    sql.dropOrphans.run(JSON.stringify(retained.map((topic) => topic.name)));
  }

  function removeSubscription(name: string): void {
    const held = directory.subscription(name);
    directory.remove(name);
    sql.dropAll.run(held.id);
    dropOrphans();
  }

  return {
    seek,
    removeSubscription,
    sweep() {
      for (const held of directory.subscriptions()) {
        const { expiresAfterMilliseconds, retentionMilliseconds, name } = held.is;
        if (expiresAfterMilliseconds !== undefined && held.activeAt + expiresAfterMilliseconds < now()) {
          removeSubscription(name);
          continue;
        }
        const { changes } = sql.dropBefore.run(held.id, firstSince(now() - retentionMilliseconds));
        if (changes > 0 && held.is.ordering) deliveries.requeue(held);
      }
      dropOrphans();
      directory.storeActivity();
    },
  };
}

function statements(state: State) {
  return {
    firstSince: state.prepare("SELECT id FROM pubsub_message WHERE published_at >= ? ORDER BY id LIMIT 1"),
    ackBefore: state.prepare("UPDATE pubsub_delivery SET stage = ? WHERE subscription = ? AND message < ?"),
    dropBefore: state.prepare("DELETE FROM pubsub_delivery WHERE subscription = ? AND message < ?"),
    dropAll: state.prepare("DELETE FROM pubsub_delivery WHERE subscription = ?"),
    replay: state.prepare(
      `UPDATE pubsub_delivery SET stage = ?, at = ?, attempt = 0 WHERE subscription = ? AND message >= ? AND stage IN (${stage.acked}, ${stage.ackedEarly})`,
    ),
    missing: state.prepare(
      `SELECT id, attributes, ordering_key FROM pubsub_message m WHERE topic = ? AND id >= ? AND NOT EXISTS
         (SELECT 1 FROM pubsub_delivery d WHERE d.message = m.id AND d.subscription = ?)`,
    ),
    enqueue: state.prepare("INSERT INTO pubsub_delivery VALUES (?, ?, ?, ?, 0, ?)"),
    dropOldOf: state.prepare(
      `DELETE FROM pubsub_message WHERE topic = ? AND id < ?
         AND NOT EXISTS (SELECT 1 FROM pubsub_delivery d WHERE d.message = pubsub_message.id)`,
    ),
    dropOrphans: state.prepare(
      `DELETE FROM pubsub_message WHERE topic NOT IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM pubsub_delivery d WHERE d.message = pubsub_message.id)`,
    ),
  };
}
