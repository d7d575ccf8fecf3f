// Brings what is due to whoever takes it - pushes, pulls and streams are takers alike - and knows when to look again.
import { type MovableClock, wakeAfter } from "../wire/movable-clock.ts";
import type { State } from "../wire/state.ts";
import { type Deliveries, deliveries, type Leased } from "./deliveries.ts";
import { type Directory, directory, type Held } from "./directory.ts";
import { type History, history } from "./history.ts";
import { type Turns, turns } from "./turns.ts";

/** Somebody who takes a subscription's messages. */
export type Taker = {
  subscription: string;
  /** Tells how many messages it takes now. */
  room: () => number;
  /** The time until which what it takes is leased. */
  leaseUntil: (now: number, held: Held) => number;
  /** Called after COMMIT. */
  take: (leased: readonly Leased[], held: Held) => void;
};

export type Hub = {
  directory: Directory;
  deliveries: Deliveries;
  history: History;
  run: Turns["run"];
  now: () => number;
  join: (taker: Taker) => () => void;
  /** Nothing waits to be written, and no taker with the right to it has anything due. */
  quiet: (subscriptions: readonly Held[]) => boolean;
  close: () => void;
};

const sweepEveryMilliseconds = 60_000;

export function hub(options: {
  state: State;
  clock: MovableClock;
  random: () => number;
  isUnruly: () => boolean;
  /** Called at the end of each turn. */
  over: () => void;
}): Hub {
  const { state, clock, random, isUnruly } = options;
  const now = (): number => clock.now().getTime();
  const known = directory(state);
  const flow = deliveries({ state, directory: known, now, random, isUnruly });
  const past = history({ state, directory: known, deliveries: flow, now });
  const takers = new Map<string, Taker[]>();
  let timer: NodeJS.Timeout | undefined;
  let sweptAt = Number.NEGATIVE_INFINITY;
  const group = turns({ state, closing, undone: known.reload, over });
  const ignore = clock.onMove(look);

  function look(): void {
    group.run(() => undefined).catch(() => undefined);
  }

  /** The end of each turn's transaction: time takes effect, and what is due is leased. */
  function closing(): () => void {
    if (now() - sweptAt >= sweepEveryMilliseconds) {
      sweptAt = now();
      past.sweep();
    }
    const handed: (() => void)[] = [];
    for (const held of known.subscriptions()) {
      flow.expireLeases(held);
      const queue = takers.get(held.is.name);
      if (queue === undefined) continue;
      // The one who took first stands last the next time: streams share a subscription evenly.
      for (const taker of [...queue]) {
        const room = taker.room();
        if (room <= 0) continue;
        const leased = flow.lease(held, room, taker.leaseUntil(now(), held));
        if (leased.length === 0) break;
        queue.push(...queue.splice(queue.indexOf(taker), 1));
        handed.push(() => taker.take(leased, held));
      }
    }
    return () => {
      for (const hand of handed) hand();
    };
  }

  function over(): void {
    clearTimeout(timer);
    const times = known
      .subscriptions()
      .flatMap((held) => [takers.has(held.is.name) ? flow.nextDue(held) : undefined, flow.nextLeaseEnd(held)])
      .filter((at) => at !== undefined);
    if (times.length > 0) timer = wakeAfter(Math.min(...times) - now(), look);
    options.over();
  }

  return {
    directory: known,
    deliveries: flow,
    history: past,
    run: group.run,
    now,
    join(taker) {
      const queue = takers.get(taker.subscription) ?? [];
      takers.set(taker.subscription, queue);
      queue.push(taker);
      look();
      return () => {
        queue.splice(queue.indexOf(taker), 1);
        if (queue.length === 0) takers.delete(taker.subscription);
      };
    },
    quiet: (subscriptions) => group.quiet() && !subscriptions.some((held) => flow.isDue(held)),
    close() {
      clearTimeout(timer);
      ignore();
      group.close();
    },
  };
}
