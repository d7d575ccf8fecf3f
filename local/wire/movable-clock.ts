// The clock that a person may move forward: schedules, back-offs, grace periods, leases. How far it was moved is kept in a
// small file, which is how functions in other threads read it (GROUNDCREW_CLOCK_FILE) and how it outlives a restart.
import { renameSync, writeFileSync } from "node:fs";
import type { Clock } from "../../shared/clock.ts";
import { readPersonText } from "../sample/person-file.ts";

export type MovableClock = {
  now: Clock;
  /** Forward only: time that has been seen cannot be taken back. */
  moveBy: (milliseconds: number) => void;
  /** Called after each move; gives a function that ends that. */
  onMove: (listener: () => void) => () => void;
};

export function movableClock(file: string): MovableClock {
  let offset = offsetIn(file);
  store();

  function store(): void {
    writeFileSync(`${file}.new`, String(offset));
    renameSync(`${file}.new`, file);
  }

  return movable(
    () => new Date(Date.now() + offset),
    (milliseconds) => {
      offset += Math.ceil(milliseconds);
      store();
    },
  );
}

/** Reads how far the clock was moved, in milliseconds; a file that says no such thing has not moved it. */
function offsetIn(file: string): number {
  const read = readPersonText(file);
  const offset = "text" in read ? Number(read.text) : 0;
  return Number.isSafeInteger(offset) && offset >= 0 && Date.now() + offset < lastTime ? offset : 0;
}

/** The end of the year 9999: later times are no dates of ISO 8601, or none at all. */
const lastTime = Date.UTC(10_000, 0);

/** A clock for tests: it stands still until it is moved. */
export function stoppedClock(start: Date): MovableClock {
  let time = start.getTime();
  return movable(
    () => new Date(time),
    (milliseconds) => {
      time += milliseconds;
    },
  );
}

/** The machine's own clock, which nobody moves. */
export const realClock = (): MovableClock => ({
  now: () => new Date(),
  moveBy() {
    throw new RangeError("the machine's own clock cannot be moved");
  },
  onMove: () => () => undefined,
});

function movable(now: Clock, move: (milliseconds: number) => void): MovableClock {
  const listeners = new Set<() => void>();
  return {
    now,
    moveBy(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError("the clock moves forward only");
      move(milliseconds);
      for (const listener of listeners) listener();
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A timer of Node's holds no more (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const longestTimerMilliseconds = 2 ** 31 - 1;

/**
 * Wakes whoever waits for a time that is so far off. It may wake too early, never too late: look at the clock again. A timer
 * may fire a millisecond before its time, so it has one more.
 */
export const wakeAfter = (milliseconds: number, wake: () => void): NodeJS.Timeout =>
  setTimeout(wake, Math.min(Math.max(milliseconds, 0) + 1, longestTimerMilliseconds));
