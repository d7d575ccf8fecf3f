// The life of a message: published, leased to a subscriber, acknowledged or failed, tried again, dead-lettered. All of it
// is synchronous and runs inside the caller's transaction; time and chance come from outside.
import * as z from "zod";
import type { State } from "../wire/state.ts";
import { backOffMilliseconds } from "./back-off.ts";
import type { Directory, Held } from "./directory.ts";
import type { Message, NewMessage } from "./message.ts";
import { statements } from "./statements.ts";
import { never, stage } from "./tables.ts";

/** A message in a subscriber's hands. The attempt tells this delivery from earlier ones of the same message. */
export type Leased = { message: Message; attempt: number };

export type Deliveries = {
  publish: (topic: string, messages: readonly NewMessage[]) => number[];
  /** Takes up to `room` messages that are due, each leased until then. */
  lease: (held: Held, room: number, until: number) => Leased[];
  acknowledge: (held: Held, message: number, attempt: number) => void;
  /**
   * A nack, a deadline that has passed, or a push that was not accepted. All later ones of its ordering key come again after it, also
   * those that were acknowledged. https://cloud.google.com/pubsub/docs/ordering#receive_messages_in_order
   */
  fail: (held: Held, message: number, attempt: number) => void;
  extend: (held: Held, message: number, attempt: number, until: number) => void;
  /** Ends the leases whose time has passed. */
  expireLeases: (held: Held) => void;
  /** Ends the leases of pushes that a process which is no more had under way. */
  abandonPushes: () => void;
  /** Makes the first of each ordering key due and lets the others wait for it. */
  requeue: (held: Held) => void;
  isLeased: (held: Held, message: number, attempt: number) => boolean;
  isDue: (held: Held) => boolean;
  nextDue: (held: Held) => number | undefined;
  nextLeaseEnd: (held: Held) => number | undefined;
  pending: () => number;
};

/** Share of the acknowledgements that unruly weather loses, so that the message comes again; and how late one may come. */
const lostShare = 0.3;
const latestMs = 60_000;

const Current = z.object({ stage: z.number(), attempt: z.number(), ordering_key: z.string() }).optional();
const Lost = z.array(z.object({ message: z.number(), attempt: z.number(), subscription: z.number() }));
const Early = z.array(z.object({ message: z.number() }));
const Keys = z.array(z.object({ ordering_key: z.string() }));
const Count = z.object({ count: z.number() });
const At = z.object({ at: z.number().nullable() });
const MessageRow = z.object({
  id: z.number(),
  data: z.custom<Uint8Array>(ArrayBuffer.isView),
  attributes: z.string(),
  ordering_key: z.string(),
  published_at: z.number(),
});
const Due = z.array(MessageRow.extend({ attempt: z.number() }));

export function deliveries(options: {
  state: State;
  directory: Directory;
  now: () => number;
  random: () => number;
  /** Tells whether messages come twice, late and out of order now. */
  isUnruly?: () => boolean;
}): Deliveries {
  const { state, directory, now, random, isUnruly = () => false } = options;
  const sql = statements(state);

  function publish(topic: string, messages: readonly NewMessage[]): number[] {
    const time = now();
    const subscribers = directory.of(topic);
    const retained = directory.findTopic(topic)?.retentionMilliseconds !== undefined;
    return messages.map(({ data, attributes, orderingKey }) => {
      const id = Number(
        sql.publish.run(topic, data, JSON.stringify(attributes), orderingKey, time).lastInsertRowid,
      );
      const wanted = subscribers.filter((held) => held.filter(attributes));
      for (const held of wanted) enqueue(held, id, orderingKey, time);
      if (wanted.length === 0 && !retained) sql.forget.run(id, id);
      return id;
    });
  }

  function enqueue(held: Held, message: number, orderingKey: string, time: number): void {
    const key = held.is.ordering ? orderingKey : "";
    const waits =
      key !== "" && (held.is.push ? sql.ahead : sql.queued).get(held.id, key, message) !== undefined;
    sql.enqueue.run(
      message,
      held.id,
      waits ? stage.blocked : stage.due,
      key === "" ? time + late() : time,
      key,
    );
  }

  /** Draws how late a message comes: it is overtaken by what is published after it. */
  const late = (): number => (isUnruly() ? Math.floor(random() * latestMs) : 0);

  function lease(held: Held, room: number, until: number): Leased[] {
    const leased: Leased[] = [];
    for (;;) {
      const rows = Due.parse(sql.due.all(held.id, stage.due, now(), room - leased.length));
      for (const row of rows) {
        sql.lease.run(stage.leased, until, row.id, held.id);
        leased.push({ message: messageOf(row), attempt: row.attempt + 1 });
        // A push is the only one of its key under way; who pulls gets the next as well.
        if (held.is.push === undefined) unblock(held, held.is.ordering ? row.ordering_key : "");
      }
      if (rows.length === 0 || leased.length === room) return leased;
    }
  }

  function unblock(held: Held, key: string): void {
    if (key !== "") sql.unblock.run(stage.due, now(), held.id, held.id, key, stage.blocked);
  }

  /** The delivery if it is still the one that was handed out; a later attempt, or none, makes an answer void. */
  function current(held: Held, message: number, attempt: number): z.infer<typeof Current> {
    const row = Current.parse(sql.current.get(message, held.id));
    return row?.attempt === attempt && row.stage !== stage.acked ? row : undefined;
  }

  function acknowledge(held: Held, message: number, attempt: number): void {
    const row = current(held, message, attempt);
    held.activeAt = now();
    if (row === undefined || row.stage === stage.blocked) return;
    const key = row.ordering_key;
    if (key !== "" && sql.ahead.get(held.id, key, message) !== undefined)
      sql.move.run(stage.ackedEarly, now(), message, held.id);
    else if (key === "" && isUnruly() && random() < lostShare)
      sql.move.run(stage.due, now() + late(), message, held.id);
    else settle(held, message, key);
  }

  function settle(held: Held, message: number, key: string): void {
    if (held.is.retainAcked) sql.move.run(stage.acked, now(), message, held.id);
    else {
      sql.remove.run(message, held.id);
      if (directory.findTopic(held.is.topic)?.retentionMilliseconds === undefined)
        sql.forget.run(message, message);
    }
    if (key !== "") settleEarly(held, key);
    unblock(held, key);
  }

  /** Settles what was acknowledged before its turn, now that nothing before it is left. */
  function settleEarly(held: Held, key: string): void {
    const [first] = Early.parse(sql.early.all(held.id, key));
    if (first !== undefined && sql.ahead.get(held.id, key, first.message) === undefined)
      settle(held, first.message, key);
  }

  function fail(held: Held, message: number, attempt: number): void {
    const row = current(held, message, attempt);
    if (row?.stage !== stage.leased) return;
    if (row.ordering_key !== "") sql.blockLater.run(held.id, row.ordering_key, message);
    const { deadLetter, retry } = held.is;
    const usedUp = deadLetter !== undefined && attempt >= deadLetter.maxAttempts;
    // Without its topic there is nowhere to put it, and a message is not thrown away.
    if (usedUp && directory.findTopic(deadLetter.topic) !== undefined) {
      toDeadLetters(held, deadLetter.topic, message, attempt);
      settle(held, message, row.ordering_key);
      return;
    }
    sql.move.run(stage.due, now() + backOffMilliseconds(retry, attempt, random), message, held.id);
  }

  /** The four attributes are the cloud's (https://cloud.google.com/pubsub/docs/dead-letter-topics). */
  function toDeadLetters(held: Held, topic: string, id: number, attempt: number): void {
    const message = messageOf(MessageRow.parse(sql.message.get(id)));
    const [, project, , name] = held.is.name.split("/");
    const attributes = {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempt),
      CloudPubSubDeadLetterSourceSubscription: name ?? "",
      CloudPubSubDeadLetterSourceSubscriptionProject: project ?? "",
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishedAt).toISOString(),
    };
    publish(topic, [{ data: message.data, attributes, orderingKey: message.orderingKey }]);
  }

  return {
    publish,
    lease,
    acknowledge,
    fail,
    extend(held, message, attempt, until) {
      held.activeAt = now();
      if (current(held, message, attempt)?.stage === stage.leased)
        sql.move.run(stage.leased, until, message, held.id);
    },
    expireLeases(held) {
      const rows = sql.expired.all(held.id, stage.leased, now());
      for (const { message, attempt } of Lost.parse(rows)) fail(held, message, attempt);
    },
    abandonPushes() {
      const byId = new Map(directory.subscriptions().map((held) => [held.id, held]));
      const lost = Lost.parse(sql.pushes.all(stage.leased, never));
      for (const { message, attempt, subscription } of lost) {
        const held = byId.get(subscription);
        if (held === undefined) continue;
        fail(held, message, attempt);
        // Endpoints that were called are gone as well: no reason to back off.
        sql.hurry.run(now(), message, held.id, stage.due);
      }
    },
    requeue(held) {
      sql.block.run(stage.blocked, held.id, stage.due);
      for (const { ordering_key } of Keys.parse(sql.earlyKeys.all(held.id))) settleEarly(held, ordering_key);
      sql.unblockAll.run(stage.due, now(), held.id, stage.blocked, stage.acked);
    },
    isLeased: (held, message, attempt) => current(held, message, attempt)?.stage === stage.leased,
    isDue: (held) => sql.isDue.get(held.id, stage.due, now()) !== undefined,
    nextDue: (held) => At.parse(sql.next.get(held.id, stage.due, now())).at ?? undefined,
    nextLeaseEnd: (held) => {
      const at = At.parse(sql.next.get(held.id, stage.leased, 0)).at;
      return at === null || at === never ? undefined : at;
    },
    pending: () => Count.parse(sql.pending.get()).count,
  };
}

function messageOf(row: z.infer<typeof MessageRow>): Message {
  return {
    id: row.id,
    data: row.data,
    attributes: z.record(z.string(), z.string()).parse(JSON.parse(row.attributes)),
    orderingKey: row.ordering_key,
    publishedAt: row.published_at,
  };
}
