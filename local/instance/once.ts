// "Each flow once": finishes the work that was set going, moving the clock over back-offs and over work that asked to wait, but
// never on to a schedule, nor over the day for which a failure is tried again.

import type { Clock } from "../../shared/clock.ts";
import { leftAloneUntil } from "../../shared/delivery/not-before.ts";
import { waiting } from "../../shared/flow/continue.ts";
import type { Ledger } from "../../shared/ledger.ts";
import type { ComputeFarEnd } from "../compute/far-end.ts";
import type { PubsubFarEnd } from "../pubsub/far-end.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import type { LedgerWindow } from "./ledger-window.ts";

/** Time, by the clock, for which failures are tried again, in milliseconds. A person does not wait for what goes on longer. */
const retryMilliseconds = 5 * 60_000;

/** Rounds of waiting after which something never ends; a run of a day's budget of invitations takes a few dozen. */
const maximumRounds = 1000;

export async function finishWork(options: {
  pubsub: Pick<PubsubFarEnd, "idle" | "nextDue" | "pending" | "publish">;
  /** Machines work in real time: no clock is moved while one is there. */
  machines: Pick<ComputeFarEnd, "idle" | "machines">;
  window: LedgerWindow;
  clock: MovableClock;
  onProgress: (line: string) => void;
}): Promise<void> {
  const { pubsub, machines, window, clock, onProgress } = options;
  let retried = 0;
  for (let round = 0; round < maximumRounds; round += 1) {
    await pubsub.idle();
    const copying = machines.machines().length;
    if (copying > 0) {
      onProgress(`waiting for ${copying} ${copying === 1 ? "machine" : "machines"} that copy`);
      await atMost(machineSeconds, machines.idle());
      await pubsub.idle();
    }
    const asked = await earliestWait(window, clock.now);
    const retry = retried < retryMilliseconds ? pubsub.nextDue() : undefined;
    const due = [retry, asked].filter((at) => at !== undefined).map((at) => at.getTime());
    if (due.length === 0) {
      if (pubsub.pending() > 0) onProgress("what still fails is tried again at the next start");
      return;
    }
    const ahead = Math.min(...due) - clock.now().getTime();
    if (ahead > 0) {
      if (asked === undefined || (retry !== undefined && retry < asked)) retried += ahead;
      onProgress(`moving the clock ${Math.ceil(ahead / 1000)} s ahead, to work that waits`);
      clock.moveBy(ahead);
    }
    if (asked !== undefined && asked <= clock.now())
      await pubsub.publish("continue-due", JSON.stringify({ v: 1 }));
  }
  throw new Error("the work does not come to an end: look at the runs");
}

/** Gives the earliest time at which something that waits goes on: not before its service may be asked again. */
async function earliestWait(window: LedgerWindow, now: Clock): Promise<Date | undefined> {
  const ledger = { list: window.list, read: versioned(window) };
  const leftAlone = new Map<string, Date>();
  let earliest: Date | undefined;
  for (const { hub, at, service } of await waiting(ledger)) {
    const key = `${hub}/${service}`;
    if (service !== undefined && !leftAlone.has(key))
      leftAlone.set(key, await leftAloneUntil({ ledger, now }, { hub, service }));
    const until = leftAlone.get(key) ?? at;
    const goesOn = until > at ? until : at;
    if (earliest === undefined || goesOn < earliest) earliest = goesOn;
  }
  return earliest;
}

/** Reads as a ledger does; nobody writes by the generation. */
const versioned =
  ({ read }: LedgerWindow): Ledger["read"] =>
  async (name, schema) => {
    const value = await read(name, schema);
    return value === undefined ? undefined : { value, generation: "" };
  };

/** A machine that hangs ends by its own time limit, on the clock that is moved then. */
const machineSeconds = 300;

async function atMost(seconds: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, seconds * 1000);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
