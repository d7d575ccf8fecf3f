// "Each flow once": the work so begun is finished, over back-offs and waits, and the clock goes no further than that.
import { describe, expect, test } from "@jest/globals";
import type { LedgerWindow } from "../../../local/instance/ledger-window.ts";
import { finishWork } from "../../../local/instance/once.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";

const start = new Date("2026-11-21T08:00:00Z");
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** A bus on which deliveries come due, and a ledger of waits that a tick fulfils. */
function harness(options: {
  retries?: number[];
  waits?: number[];
  onTick?: () => void;
  published?: string;
  /** Seconds for which Gmail is to be left alone, for which all waits then. */
  leftAlone?: number;
}) {
  const clock = stoppedClock(start);
  const retries = (options.retries ?? []).map(after);
  let waits = (options.waits ?? []).map(after);
  const ticks: number[] = [];
  const progress: string[] = [];
  const window: LedgerWindow = {
    read: async (name, schema) =>
      options.leftAlone === undefined || name !== "head/not-before/prod/gmail.json"
        ? undefined
        : schema.parse({ v: 1, until: after(options.leftAlone).toISOString() }),
    remove: async () => undefined,
    list: async (prefix) => {
      expect(prefix).toBe("head/continue/");
      return waits.map((at, index) => ({
        name: `${prefix}send-notice/prod/_${index}.json`,
        generation: "1",
        timeCreated: start,
        metadata: {
          at: at.toISOString(),
          published: options.published ?? "false",
          ...(options.leftAlone === undefined ? {} : { service: "gmail" }),
        },
      }));
    },
  };
  const pubsub = {
    idle: async () => {
      while (retries[0] !== undefined && retries[0] <= clock.now()) retries.shift();
    },
    nextDue: () => retries[0],
    pending: () => retries.length,
    publish: async (topic: string, data: string | Uint8Array) => {
      expect([topic, JSON.parse(String(data))]).toEqual(["continue-due", { v: 1 }]);
      ticks.push((clock.now().getTime() - start.getTime()) / 1000);
      if (clock.now() >= after(options.leftAlone ?? 0)) waits = waits.filter((at) => at > clock.now());
      options.onTick?.();
      return "id";
    },
  };
  return {
    ticks,
    progress,
    wait: (seconds: number) => waits.push(after(seconds)),
    elapsed: () => (clock.now().getTime() - start.getTime()) / 1000,
    finish: () =>
      finishWork({ pubsub, machines: noMachines, window, clock, onProgress: (line) => progress.push(line) }),
  };
}

const noMachines = { idle: async () => undefined, machines: () => [] };

describe("the work is finished", () => {
  test("nothing left: the clock stays", async () => {
    const { finish, elapsed, ticks, progress } = harness({});
    await finish();
    expect([elapsed(), ticks, progress]).toEqual([0, [], []]);
  });

  test("over a back-off, to its very second", async () => {
    const { finish, elapsed, ticks, progress } = harness({ retries: [10, 40] });
    await finish();
    expect([elapsed(), ticks]).toEqual([40, []]);
    expect(progress).toEqual([
      "moving the clock 10 s ahead, to work that waits",
      "moving the clock 30 s ahead, to work that waits",
    ]);
  });

  test("over five minutes of back-offs and no more, for a failure is tried again for a day", async () => {
    const { finish, elapsed, progress } = harness({ retries: [10, 200, 310, 910, 1510] });
    await finish();
    expect(elapsed()).toBe(310);
    expect(progress.at(-1)).toBe("what still fails is tried again at the next start");
  });

  test("over a wait that is far, whatever was tried again before it", async () => {
    const { finish, elapsed, ticks } = harness({ retries: [200, 310, 910, 9000], waits: [3600] });
    await finish();
    expect([elapsed(), ticks]).toEqual([3600, [3600]]);
  });

  test("over waits, the earliest first, with a tick at each", async () => {
    const { finish, elapsed, ticks } = harness({ waits: [3600, 20], retries: [30] });
    await finish();
    expect([elapsed(), ticks]).toEqual([3600, [20, 3600]]);
  });

  test("what waits again while it works is finished too", async () => {
    let more = 3;
    const one = harness({
      waits: [60],
      onTick: () => {
        more -= 1;
        if (more > 0) one.wait(60 * (4 - more));
      },
    });
    await one.finish();
    expect(one.ticks).toEqual([60, 120, 180]);
  });

  test("over what a service has asked for, to which all that waits for it is held", async () => {
    const { finish, elapsed, ticks } = harness({ waits: [60, 120, 7200], leftAlone: 3600 });
    await finish();
    expect([elapsed(), ticks]).toEqual([7200, [3600, 7200]]);
  });

  test("what was published already, and what has no time, is no reason to wait", async () => {
    const { finish, elapsed } = harness({ waits: [60], published: "true" });
    await finish();
    expect(elapsed()).toBe(0);
  });
});

test("work that never ends is given up", async () => {
  const one = harness({ waits: [1], onTick: () => one.wait(one.elapsed() + 1) });
  await expect(one.finish()).rejects.toThrow("the work does not come to an end: look at the runs");
});
