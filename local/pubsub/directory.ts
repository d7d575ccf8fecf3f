// The topics and subscriptions that exist: read from the tables once, written through. Every writing function here runs
// inside the caller's transaction; after a rollback `reload` forgets what was not stored.
import * as z from "zod";
import type { State } from "../wire/state.ts";
import { type Filter, filterOf } from "./filter.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { deletedTopic, Subscription, Topic } from "./resource.ts";
import { makeTables } from "./tables.ts";

/** A subscription as it is held in memory. */
export type Held = { id: number; is: Subscription; filter: Filter; activeAt: number };

export type Directory = {
  topic: (name: string) => Topic;
  findTopic: (name: string) => Topic | undefined;
  topics: () => Topic[];
  putTopic: (topic: Topic) => void;
  removeTopic: (name: string) => void;
  subscription: (name: string) => Held;
  find: (name: string) => Held | undefined;
  subscriptions: () => Held[];
  of: (topic: string) => readonly Held[];
  put: (subscription: Subscription, now: number) => Held;
  remove: (name: string) => void;
  storeActivity: () => void;
  reload: () => void;
};

const SubscriptionRow = z.object({ id: z.number(), body: z.string(), active_at: z.number() });
const TopicRow = z.object({ body: z.string() });

export function directory(state: State): Directory {
  makeTables(state);
  const topics = new Map<string, Topic>();
  const subscriptions = new Map<string, Held>();
  let byTopic: Map<string, Held[]> | undefined;
  const sql = {
    topics: state.prepare("SELECT body FROM pubsub_topic ORDER BY name"),
    putTopic: state.prepare("INSERT OR REPLACE INTO pubsub_topic VALUES (?, ?)"),
    removeTopic: state.prepare("DELETE FROM pubsub_topic WHERE name = ?"),
    subscriptions: state.prepare("SELECT id, body, active_at FROM pubsub_subscription ORDER BY name"),
    insert: state.prepare("INSERT INTO pubsub_subscription (name, body, active_at) VALUES (?, ?, ?)"),
    update: state.prepare("UPDATE pubsub_subscription SET body = ? WHERE id = ?"),
    active: state.prepare("UPDATE pubsub_subscription SET active_at = ? WHERE id = ?"),
    remove: state.prepare("DELETE FROM pubsub_subscription WHERE id = ?"),
  };
  reload();

  function reload(): void {
    topics.clear();
    subscriptions.clear();
    byTopic = undefined;
    for (const row of z.array(TopicRow).parse(sql.topics.all())) {
      const topic = Topic.parse(JSON.parse(row.body));
      topics.set(topic.name, topic);
    }
    for (const row of z.array(SubscriptionRow).parse(sql.subscriptions.all())) {
      const is = Subscription.parse(JSON.parse(row.body));
      subscriptions.set(is.name, { id: row.id, is, filter: filterOf(is.filter), activeAt: row.active_at });
    }
  }

  function topic(name: string): Topic {
    const found = topics.get(name);
    if (found === undefined) throw missing("topics", name);
    return found;
  }

  function subscription(name: string): Held {
    const found = subscriptions.get(name);
    if (found === undefined) throw missing("subscriptions", name);
    return found;
  }

  function put(is: Subscription, now: number): Held {
    byTopic = undefined;
    const known = subscriptions.get(is.name);
    const body = JSON.stringify(is);
    if (known !== undefined) {
      sql.update.run(body, known.id);
      return Object.assign(known, { is });
    }
    const id = Number(sql.insert.run(is.name, body, now).lastInsertRowid);
    const held = { id, is, filter: filterOf(is.filter), activeAt: now };
    subscriptions.set(is.name, held);
    return held;
  }

  return {
    topic,
    findTopic: (name) => topics.get(name),
    topics: () => [...topics.values()],
    putTopic(changed) {
      sql.putTopic.run(changed.name, JSON.stringify(changed));
      topics.set(changed.name, changed);
    },
    removeTopic(name) {
      topic(name);
      sql.removeTopic.run(name);
      topics.delete(name);
      for (const held of subscriptions.values())
        if (held.is.topic === name) put({ ...held.is, topic: deletedTopic }, held.activeAt);
    },
    subscription,
    find: (name) => subscriptions.get(name),
    subscriptions: () => [...subscriptions.values()],
    of(name) {
      byTopic ??= Map.groupBy(subscriptions.values(), (held) => held.is.topic);
      return byTopic.get(name) ?? [];
    },
    put,
    remove(name) {
      const held = subscription(name);
      sql.remove.run(held.id);
      subscriptions.delete(name);
      byTopic = undefined;
    },
    storeActivity() {
      for (const held of subscriptions.values()) sql.active.run(held.activeAt, held.id);
    },
    reload,
  };
}

/** Refuses a name that nothing has; one that is no name of its kind is not missing, but wrong (https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names). */
const missing = (kind: "topics" | "subscriptions", name: string): Refusal =>
  new RegExp(`^projects/[^/]+/${kind}/[^/]+$`).test(name)
    ? refusal("NOT_FOUND", `Resource not found (resource=${name}).`)
    : refusal("INVALID_ARGUMENT", `Invalid resource name given (name=${name}).`);
