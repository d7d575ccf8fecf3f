// The clock that a person may move forward: schedules, back-offs, grace periods, leases. How far it was moved is kept in a
// small file, which is how functions in other threads read it (GROUNDCREW_CLOCK_FILE) and how it outlives a restart.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Clock } from "../shared/clock.ts";

export type MovableClock = {
  now: Clock;
  /** Forward only: time that has been seen cannot be taken back. */
  moveBy: (milliseconds: number) => void;
  /** Called after each move; gives a function that ends that. */
  onMove: (listener: () => void) => () => void;
};

export function movableClock(file: string): MovableClock {
  let offset = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const listeners = new Set<() => void>();
  store();

  function store(): void {
    writeFileSync(`${file}.new`, String(offset));
    renameSync(`${file}.new`, file);
  }

  return {
    now: () => new Date(Date.now() + offset),
    moveBy(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError("the clock moves forward only");
      offset += Math.ceil(milliseconds);
      store();
      for (const listener of listeners) listener();
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A clock for tests: it stands still until it is moved. */
export function stoppedClock(start: Date): MovableClock {
  let time = start.getTime();
  const listeners = new Set<() => void>();
  return {
    now: () => new Date(time),
    moveBy(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError("the clock moves forward only");
      time += milliseconds;
      for (const listener of listeners) listener();
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
