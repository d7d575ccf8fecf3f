// The way of an event through messages: which was the first, when, how often it was tried, and what caused it. An event that
// is published again keeps all of it in its attributes, so that it is known again and grows no younger.
import { AsyncLocalStorage } from "node:async_hooks";
import * as z from "zod";

/** Of a message, as Pub/Sub gives them, and of whatever names one in an attribute. */
export const MessageId = z.string().regex(/^[\w-]{1,64}$/);

export type Passage = {
  /** Of the first message: the identity of the event, whichever copy of it is delivered. */
  id: string;
  /** Time at which the first message was published. */
  first: Date;
  /** Of this message. */
  attempt: number;
  /** Attempts on the messages before this one. */
  before: number;
  /** The event in whose handling it was published, and the first of all. */
  cause?: string;
  root?: string;
  /** The undelivered record from which a person has sent it again. */
  replays?: string;
};

/** Attributes are strings from outside: one that is malformed counts as missing. */
const Told = z.object({
  "first-id": MessageId.optional().catch(undefined),
  "first-time": z.iso.datetime().optional().catch(undefined),
  tries: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .optional()
    .catch(undefined),
  cause: MessageId.optional().catch(undefined),
  root: MessageId.optional().catch(undefined),
  replays: z
    .string()
    .regex(/^[\w.-]{1,160}$/)
    .optional()
    .catch(undefined),
});
const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** The way of a message so far; `now` stands for a time of publishing that is missing. */
export function passageOf(
  message: { messageId: string; publishTime?: string | undefined; attributes: Record<string, string> },
  attempt: number,
  now: Date,
): Passage {
  const told = Told.parse(message.attributes);
  const published = Time.safeParse(message.publishTime).data ?? now;
  const claimed = told["first-time"] === undefined ? published : new Date(told["first-time"]);
  return {
    id: told["first-id"] ?? message.messageId,
    // Nothing is published again before it was published.
    first: claimed < published ? claimed : published,
    attempt,
    before: told.tries ?? 0,
    ...(told.cause === undefined ? {} : { cause: told.cause }),
    ...(told.root === undefined ? {} : { root: told.root }),
    ...(told.replays === undefined ? {} : { replays: told.replays }),
  };
}

/** The attributes of a copy. */
export function carriedOn(passage: Passage): Record<string, string> {
  const { id, first, attempt, before, cause, root, replays } = passage;
  return {
    "first-id": id,
    "first-time": first.toISOString(),
    tries: String(before + attempt),
    ...(cause === undefined ? {} : { cause }),
    ...(root === undefined ? {} : { root }),
    ...(replays === undefined ? {} : replaying(replays)),
  };
}

/** The attribute of what a person sends again: the undelivered record that it comes from. */
export const replaying = (id: string): Record<string, string> => ({ replays: id });

const handled = new AsyncLocalStorage<Pick<Passage, "id" | "root">>();

/** Does work for an event: whatever is published in the course of it has this event for its cause. */
export const handling = <T>(passage: Passage, work: () => Promise<T>): Promise<T> =>
  handled.run(passage, work);

/** The attributes that say so, beside its own; none outside a delivery, nor for a copy, which has what the first had. */
export function causes(own: Record<string, string> = {}): Record<string, string> {
  const by = handled.getStore();
  return by === undefined || "first-id" in own ? {} : { cause: by.id, root: by.root ?? by.id };
}
