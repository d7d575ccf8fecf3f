// Cloud Scheduler's semantics on the movable clock.
import { expect, test } from "@jest/globals";
import { schedulerFarEnd } from "../../../local/scheduler/far-end.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState, type State } from "../../../local/wire/state.ts";

const minute = 60_000;

function world(options: { state?: State; at?: string; cron?: string; fire?: () => Promise<void> } = {}) {
  const state = options.state ?? openState(":memory:");
  const clock = stoppedClock(new Date(options.at ?? "2026-03-02T08:03:00Z"));
  const fired: string[] = [];
  const jobs = [
    {
      name: "heartbeat",
      cron: options.cron ?? "*/15 * * * *",
      async fire() {
        fired.push(clock.now().toISOString().slice(11, 16));
        await options.fire?.();
      },
    },
  ];
  return { state, clock, fired, scheduler: schedulerFarEnd({ state, clock, jobs }) };
}

test("a new job waits for its next tick, and fires on the very millisecond", async () => {
  const { clock, fired, scheduler } = world();
  await scheduler.idle();
  expect(fired).toEqual([]);
  expect(scheduler.next("heartbeat")).toEqual(new Date("2026-03-02T08:15:00Z"));
  clock.moveBy(12 * minute - 1);
  await scheduler.idle();
  expect(fired).toEqual([]);
  clock.moveBy(1);
  await scheduler.idle();
  expect(fired).toEqual(["08:15"]);
  expect(scheduler.next("heartbeat")).toEqual(new Date("2026-03-02T08:30:00Z"));
  scheduler.close();
});

test("a clock moved over many ticks fires once for the latest", async () => {
  const { clock, fired, scheduler } = world();
  clock.moveBy(6 * 60 * minute);
  await scheduler.idle();
  clock.moveBy(minute);
  await scheduler.idle();
  expect(fired).toEqual(["14:03"]);
  scheduler.close();
});

test("ticks missed while it was down become one run, and only one over two starts", async () => {
  const first = world();
  first.scheduler.close();
  const second = world({ state: first.state, at: "2026-03-02T11:20:00Z" });
  await second.scheduler.idle();
  second.scheduler.close();
  expect(second.fired).toEqual(["11:20"]);
  const third = world({ state: first.state, at: "2026-03-02T11:21:00Z" });
  await third.scheduler.idle();
  third.scheduler.close();
  expect(third.fired).toEqual([]);
});

test("never two at a time: a tick that comes while one runs is made up for after it", async () => {
  const gates: (() => void)[] = [];
  const { clock, fired, scheduler } = world({ fire: () => new Promise((resolve) => gates.push(resolve)) });
  clock.moveBy(12 * minute);
  clock.moveBy(15 * minute);
  const joined = scheduler.runNow("heartbeat");
  expect(fired).toEqual(["08:15"]);
  gates[0]?.();
  await joined;
  await Promise.resolve();
  expect(fired).toEqual(["08:15", "08:30"]);
  gates[1]?.();
  await scheduler.idle();
  expect(fired).toEqual(["08:15", "08:30"]);
  scheduler.close();
});

test("a run that fails is tried again after a while, and the tick counts when it succeeds", async () => {
  let failures = 2;
  const { clock, fired, scheduler } = world({
    fire: async () => {
      failures -= 1;
      if (failures >= 0) throw new Error("nobody there");
    },
  });
  clock.moveBy(12 * minute);
  await scheduler.idle();
  clock.moveBy(5_000);
  await scheduler.idle();
  expect(fired).toHaveLength(2);
  clock.moveBy(9_999);
  await scheduler.idle();
  expect(fired).toHaveLength(2);
  clock.moveBy(1);
  await scheduler.idle();
  clock.moveBy(5 * minute);
  await scheduler.idle();
  expect(fired).toHaveLength(3);
  scheduler.close();
});

test("a run now leaves the schedule as it is", async () => {
  const { clock, fired, scheduler } = world();
  await scheduler.runNow("heartbeat");
  clock.moveBy(12 * minute);
  await scheduler.idle();
  expect(fired).toEqual(["08:03", "08:15"]);
  scheduler.close();
});

test("a changed schedule starts anew, and a day is either of month or of week", async () => {
  const first = world();
  first.scheduler.close();
  const second = world({ state: first.state, at: "2026-03-03T00:00:00Z", cron: "0 9 13 * 5" });
  await second.scheduler.idle();
  expect(second.fired).toEqual([]);
  expect(second.scheduler.next("heartbeat")).toEqual(new Date("2026-03-06T09:00:00Z"));
  second.scheduler.close();
});

test("a schedule that isn't unix-cron is refused", () => {
  expect(() => world({ cron: "*/5 * * * * *" })).toThrow("no unix-cron");
});

test("a tick that cannot be stored is not fired in a circle: it comes back after a pause", async () => {
  const { state, clock, fired, scheduler } = world();
  state.exec("PRAGMA query_only = ON");
  clock.moveBy(12 * minute);
  await scheduler.idle();
  expect(fired).toEqual(["08:15"]);
  state.exec("PRAGMA query_only = OFF");
  clock.moveBy(5000);
  await scheduler.idle();
  clock.moveBy(minute);
  await scheduler.idle();
  expect(fired).toEqual(["08:15", "08:15"]);
  scheduler.close();
});
