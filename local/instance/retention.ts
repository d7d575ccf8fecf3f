// The ledger's retention on one machine, where no bucket has rules: when the instance starts and once a day of the movable clock,
// what is older than the table says is deleted.
import { type Retention, retention } from "../../shared/retention.ts";
import { type MovableClock, wakeAfter } from "../wire/movable-clock.ts";
import type { LedgerWindow } from "./ledger-window.ts";

const dayMilliseconds = 86_400_000;

export type RetentionSweep = {
  /** Resolves when no sweep is under way. */
  idle: () => Promise<void>;
  close: () => Promise<void>;
};

/** Begins to sweep; what fails is logged, and tried again a day later. */
export function startRetention(options: {
  window: Pick<LedgerWindow, "list" | "remove">;
  clock: MovableClock;
  log: (line: string) => void;
}): RetentionSweep {
  const { window, clock, log } = options;
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let busy: Promise<void> = Promise.resolve();
  let closed = false;

  function look(): void {
    clearTimeout(timer);
    if (closed) return;
    const now = clock.now();
    if (now.getTime() - last >= dayMilliseconds) {
      last = now.getTime();
      busy = busy
        .then(() => sweep(now))
        .catch((error: Error) =>
          log(`what is older than its retention could not be deleted: ${error.message}`),
        );
    }
    timer = wakeAfter(last + dayMilliseconds - now.getTime(), look);
  }

  async function sweep(now: Date): Promise<void> {
    for (const row of retention)
      for (const entry of row.days === "kept" ? [] : await window.list(row.prefix)) {
        if (closed) return;
        if (isOver(row, entry.timeCreated, now)) await window.remove(entry);
      }
  }

  const ignore = clock.onMove(look);
  look();
  return {
    idle: () => busy,
    async close() {
      closed = true;
      clearTimeout(timer);
      ignore();
      await busy;
    },
  };
}

/** Tells whether an object is older than its days, in whole days as Cloud Storage counts them. */
const isOver = ({ days }: Retention, written: Date, now: Date): boolean =>
  days !== "kept" && now.getTime() - written.getTime() >= days * dayMilliseconds;
