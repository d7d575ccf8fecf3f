// Pull and StreamingPull: takers that a caller holds open.
import type { Leased } from "./deliveries.ts";
import type { Held } from "./directory.ts";
import type { Hub } from "./hub.ts";
import { refusal } from "./refusal.ts";

// The cloud answers an empty pull after a bounded time; this is real time.
const longestPullMilliseconds = 20_000;

const deadline = (now: number, held: Held): number => now + held.is.ackDeadlineSeconds * 1000;

/** Waits for at least one message, a bounded time, and takes up to `most`. */
export function pull(
  hub: Hub,
  options: { subscription: string; most: number; atOnce: boolean; cancelled: (listener: () => void) => void },
): Promise<{ leased: readonly Leased[]; held: Held } | undefined> {
  const { subscription, most, atOnce, cancelled } = options;
  if (!(most >= 1)) throw refusal("INVALID_ARGUMENT", "max_messages must be greater than 0.");
  hub.directory.subscription(subscription).activeAt = hub.now();
  return new Promise((resolve) => {
    let room = most;
    const leave = hub.join({
      subscription,
      room: () => room,
      leaseUntil: deadline,
      take: (leased, held) => end({ leased, held }),
    });
    const timer = setTimeout(() => end(undefined), longestPullMilliseconds);
    function end(result: { leased: readonly Leased[]; held: Held } | undefined): void {
      room = 0;
      clearTimeout(timer);
      leave();
      resolve(result);
    }
    cancelled(() => end(undefined));
    // The turn that joining began comes first; whoever doesn't want to wait has seen it by the next.
    if (atOnce)
      hub
        .run(() => undefined)
        .then(
          () => setImmediate(() => room > 0 && end(undefined)),
          () => undefined,
        );
  });
}

export type Stream = { setDeadline: (seconds: number) => void; close: () => void };

/** Keeps sending what is due, as long as the caller has room for it. */
export function stream(
  hub: Hub,
  options: {
    subscription: string;
    deadlineSeconds: number;
    mostMessages: number;
    mostBytes: number;
    send: (leased: readonly Leased[], held: Held) => void;
  },
): Stream {
  const { subscription, send } = options;
  checkDeadline(options.deadlineSeconds);
  hub.directory.subscription(subscription);
  let seconds = options.deadlineSeconds;
  const mostMessages = options.mostMessages > 0 ? options.mostMessages : 1000;
  const mostBytes = options.mostBytes > 0 ? options.mostBytes : Number.POSITIVE_INFINITY;
  let outstanding: Leased[] = [];
  let bytes = 0;

  const full = (): boolean => outstanding.length >= mostMessages || bytes >= mostBytes;

  /** The client acknowledges by calls of its own, so what is still out is asked of the store, and only when it matters. */
  function recount(): void {
    const held = hub.directory.find(subscription);
    outstanding = outstanding.filter(
      ({ message, attempt }) => held !== undefined && hub.deliveries.isLeased(held, message.id, attempt),
    );
    bytes = outstanding.reduce((sum, { message }) => sum + message.data.length, 0);
  }

  const leave = hub.join({
    subscription,
    room() {
      if (full()) recount();
      return full() ? 0 : mostMessages - outstanding.length;
    },
    leaseUntil: (now) => now + seconds * 1000,
    take(leased, held) {
      held.activeAt = hub.now();
      outstanding.push(...leased);
      bytes += leased.reduce((sum, { message }) => sum + message.data.length, 0);
      send(leased, held);
    },
  });
  return {
    setDeadline(changed) {
      checkDeadline(changed);
      seconds = changed;
    },
    close: leave,
  };
}

function checkDeadline(seconds: number): void {
  if (!(seconds >= 10 && seconds <= 600))
    throw refusal("INVALID_ARGUMENT", "stream_ack_deadline_seconds must be between 10 and 600.");
}
