// Cloud Scheduler on a laptop: at least once, unix-cron in UTC, never two runs of a job at the same time. Ticks that were
// missed, while it was down or because the clock was moved, become one run for the latest of them.
import { Cron } from "croner";
import * as z from "zod";
import { type MovableClock, wakeAfter } from "../wire/movable-clock.ts";
import type { State } from "../wire/state.ts";

export type Job = { name: string; cron: string; fire: () => Promise<void> };

export type SchedulerFarEnd = {
  /** The tick that comes next. */
  next: (name: string) => Date;
  /** The tick that was fired last, if any was. */
  last: (name: string) => Date | undefined;
  /** Fires now, beside the schedule; joins the run that is under way, if one is. */
  runNow: (name: string) => Promise<void>;
  /** Resolves when no run is under way and no tick is due. */
  idle: () => Promise<void>;
  close: () => void;
};

const Row = z.object({ cron: z.string(), last_tick: z.number() });

const firstRetryMilliseconds = 5_000;
const lastRetryMilliseconds = 3_600_000;

type Kept = Job & {
  pattern: Cron;
  running: Promise<void> | undefined;
  failures: number;
  notBefore: number;
};

export function schedulerFarEnd(options: {
  state: State;
  clock: MovableClock;
  jobs: readonly Job[];
}): SchedulerFarEnd {
  const { state, clock } = options;
  const now = (): number => clock.now().getTime();
  const ticks = tickTable(state);
  const jobs = new Map<string, Kept>(
    options.jobs.map((job) => [
      job.name,
      { ...job, pattern: patternOf(job), running: undefined, failures: 0, notBefore: 0 },
    ]),
  );
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  for (const job of jobs.values()) ticks.begin(job, now());
  ticks.keepOnly([...jobs.keys()]);
  const ignore = clock.onMove(look);
  look();

  function look(): void {
    clearTimeout(timer);
    if (closed) return;
    for (const job of jobs.values()) {
      if (job.running !== undefined || job.notBefore > now()) continue;
      const tick = missed(job);
      if (tick !== undefined) void start(job, tick);
    }
    const times = [...jobs.values()].map((job) =>
      job.running ? Number.POSITIVE_INFINITY : Math.max(job.notBefore, nextOf(job).getTime()),
    );
    const retries = [...jobs.values()]
      .filter(({ failures }) => failures > 0)
      .map(({ notBefore }) => notBefore);
    const wait = Math.min(...times, ...retries) - now();
    if (Number.isFinite(wait)) timer = wakeAfter(wait, look);
  }

  /** The latest tick that has passed and was not fired. */
  function missed(job: Kept): number | undefined {
    // croner looks strictly before its reference, and a tick counts from its very millisecond.
    const [latest] = job.pattern.previousRuns(1, new Date(now() + 1));
    return latest !== undefined && latest.getTime() > ticks.last(job.name) ? latest.getTime() : undefined;
  }

  /** Stored only when it has succeeded: a crash in between fires it again. */
  function start(job: Kept, tick: number | undefined): Promise<void> {
    const run = fire(job, tick).finally(() => {
      job.running = undefined;
      look();
    });
    job.running = run;
    run.catch(() => undefined);
    return run;
  }

  async function fire(job: Kept, tick: number | undefined): Promise<void> {
    try {
      await job.fire();
      if (tick !== undefined && !closed) ticks.store(job.name, tick);
    } catch (error) {
      job.notBefore = now() + Math.min(firstRetryMilliseconds * 2 ** job.failures, lastRetryMilliseconds);
      job.failures += 1;
      throw error;
    }
    job.failures = 0;
    job.notBefore = 0;
  }

  function jobOf(name: string): Kept {
    const job = jobs.get(name);
    if (job === undefined) throw new RangeError(`there is no scheduled job ${name}`);
    return job;
  }

  function nextOf(job: Kept): Date {
    const next = job.pattern.nextRun(new Date(now()));
    if (next === null) throw new RangeError(`the job ${job.name} never comes due`);
    return next;
  }

  return {
    next: (name) => nextOf(jobOf(name)),
    last: (name) => {
      const last = ticks.last(jobOf(name).name);
      // A tick is a whole minute; where none was fired, the millisecond is stored at which the job was made.
      return last % 60_000 === 0 ? new Date(last) : undefined;
    },
    runNow(name) {
      const job = jobOf(name);
      return job.running ?? start(job, undefined);
    },
    async idle() {
      for (;;) {
        const running = [...jobs.values()].flatMap(({ running }) => running ?? []);
        if (running.length === 0) return;
        await Promise.allSettled(running);
      }
    },
    close() {
      closed = true;
      clearTimeout(timer);
      ignore();
    },
  };
}

function patternOf({ name, cron }: Job): Cron {
  try {
    return new Cron(cron, { timezone: "UTC", mode: "5-part" });
  } catch (cause) {
    throw new RangeError(`the job ${name} has a schedule that is no unix-cron: ${cron}`, { cause });
  }
}

function tickTable(state: State) {
  state.exec(
    "CREATE TABLE IF NOT EXISTS scheduler_job (name TEXT PRIMARY KEY, cron TEXT NOT NULL, last_tick INTEGER NOT NULL)",
  );
  const select = state.prepare("SELECT cron, last_tick FROM scheduler_job WHERE name = ?");
  const replace = state.prepare("INSERT OR REPLACE INTO scheduler_job VALUES (?, ?, ?)");
  const update = state.prepare("UPDATE scheduler_job SET last_tick = ? WHERE name = ?");
  const forget = state.prepare(
    "DELETE FROM scheduler_job WHERE name NOT IN (SELECT value FROM json_each(?))",
  );
  return {
    /** A new job, or one whose schedule was changed, waits for its next tick. */
    begin(job: Job, now: number): void {
      const row = Row.optional().parse(select.get(job.name));
      if (row?.cron !== job.cron) replace.run(job.name, job.cron, now);
    },
    keepOnly: (names: string[]) => forget.run(JSON.stringify(names)),
    last: (name: string): number => Row.parse(select.get(name)).last_tick,
    store: (name: string, tick: number) => update.run(tick, name),
  };
}
