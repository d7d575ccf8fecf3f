// Quiet time after edits, over the real ledger: who waits and for how long, who looks, and what is left where the one who waits dies.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type MovableClock, stoppedClock } from "../../../local/wire/movable-clock.ts";
import { untilQuiet } from "../../../shared/flow/quiet.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { Continue } from "../../../shared/records.ts";
import { ledgerHarness } from "../ledger-harness.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
let ledger: Ledger;
let clock: MovableClock;
let hubs = 0;
const begins = new Date("2026-11-29T08:00:00.000Z");
const at = (seconds: number): Date => new Date(begins.getTime() + seconds * 1000);
const pass = (seconds: number): void => clock.moveBy(seconds * 1000);
const now = (): number => (clock.now().getTime() - begins.getTime()) / 1000;

beforeAll(async () => {
  harness = await ledgerHarness();
  ledger = await harness.ledgerOf("sync-members");
});
beforeEach(() => {
  clock = stoppedClock(begins);
  hubs += 1;
});
afterAll(() => harness.close());

type Meanwhile = (until: number) => Promise<void>;
const nothing: Meanwhile = async () => undefined;
const name = (): string => `head/continue/sync-members/hub${hubs}/_quiet.json`;
const record = async () => Continue.parse(await harness.jsonOf(name()));

/** Edit of the sheet that was published so many seconds after the first moment. While it waits, `meanwhile` happens; then time passes. */
function edit(published: number, { meanwhile = nothing, again = false, by = ledger } = {}) {
  const hub = `hub${hubs}`;
  const event = { v: 1, hub, why: "continue" } as const;
  const asked = {
    topic: "sheet-changed",
    event,
    at: at(published),
    seconds: 20,
    longest: 120,
    again,
  } as const;
  return untilQuiet(
    { ...asked, function: "sync-members", hub },
    {
      ledger: by,
      now: clock.now,
      async wait(until) {
        await meanwhile((until.getTime() - begins.getTime()) / 1000);
        if (clock.now() < until) clock.moveBy(until.getTime() - clock.now().getTime());
      },
    },
  );
}
/** Ends a wait as a death does. */
const dies: Meanwhile = () => Promise.reject(new Error("killed"));
const looks = { served: expect.any(Function) };

describe("the one that waits", () => {
  test("looks when nobody has edited for so long, and leaves nothing once it has looked", async () => {
    const quiet = await edit(0);
    expect([quiet, now()]).toEqual([looks, 20]);
    if (quiet !== "left") await quiet.served();
    expect(await harness.names(name())).toEqual([]);
  });

  test("waits on for those that come meanwhile, who go; but no longer than two minutes", async () => {
    const untils: number[] = [];
    const others: unknown[] = [];
    const quiet = await edit(0, {
      async meanwhile(until) {
        untils.push(until);
        pass(until - 5 - now());
        others.push(await edit(now()));
      },
    });
    expect(new Set(others)).toEqual(new Set(["left"]));
    expect(untils).toEqual([20, 35, 50, 65, 80, 95, 110, 120]);
    expect([quiet, now()]).toEqual([looks, 120]);
  });

  test("counts from the first publish of the edit, not from its delivery", async () => {
    pass(12);
    expect([await edit(0), now()]).toEqual([looks, 20]);
  });

  test("does not wait for an edit that comes late", async () => {
    pass(300);
    expect([await edit(0), now()]).toEqual([looks, 300]);
  });

  test("leaves it to the tick where that was quicker", async () => {
    const quiet = await edit(0, {
      async meanwhile() {
        const { generation = "0", value } = (await ledger.read(name(), Continue)) ?? {};
        if (value !== undefined) await ledger.swap(name(), { ...value, publishing: true }, generation);
      },
    });
    expect(quiet).toBe("left");
  });

  test("leaves it where another has looked, and does not wait for what somebody has edited since", async () => {
    const quiet = await edit(0, {
      async meanwhile() {
        const { generation = "0" } = (await ledger.read(name(), Continue)) ?? {};
        await ledger.remove(name(), generation);
        pass(5);
        await edit(5, { meanwhile: dies }).catch(() => undefined);
      },
    });
    expect([quiet, now()]).toEqual(["left", 20]);
  });
});

describe("who comes while somebody looks", () => {
  test("waits for a look of its own, which the first one does not take away", async () => {
    const first = await edit(0);
    pass(3);
    let until = 0;
    const second = await edit(23, {
      async meanwhile(asked) {
        until = asked;
        if (first !== "left") await first.served();
      },
    });
    expect([second, until, now()]).toEqual([looks, 43, 43]);
  });
});

describe("of two that wait for the same", () => {
  test("the one that is overtaken as it begins leaves it to the other", async () => {
    const { swap } = ledger;
    const overtaken: Ledger = {
      ...ledger,
      async swap(at, value, generation, metadata) {
        if (Continue.parse(value).publishing === true) await swap(at, value, generation, metadata);
        return swap(at, value, generation, metadata);
      },
    };
    expect(await edit(0, { by: overtaken })).toBe("left");
  });

  test("one looks", async () => {
    const both: unknown[] = [];
    both.push(
      await edit(0, {
        async meanwhile() {
          if (both.length === 0) both.push(await edit(0, { again: true }));
        },
      }),
    );
    expect(both).toEqual([looks, "left"]);
  });
});

describe("where the one that waits has died", () => {
  test("the record says when the tick is to publish what", async () => {
    await expect(edit(0, { meanwhile: dies })).rejects.toThrow("killed");
    expect(await record()).toEqual({
      v: 1,
      at: at(20).toISOString(),
      latest: at(120).toISOString(),
      topic: "sheet-changed",
      payload: { v: 1, hub: `hub${hubs}`, why: "continue" },
      published: false,
      once: true,
    });
  });

  test("its message that comes again waits in its place", async () => {
    await expect(edit(0, { meanwhile: dies })).rejects.toThrow("killed");
    pass(10);
    expect([await edit(0, { again: true }), now()]).toEqual([looks, 20]);
  });

  test("others only move the time on while it is not over; then they look at once", async () => {
    await expect(edit(0, { meanwhile: dies })).rejects.toThrow("killed");
    pass(10);
    expect(await edit(10)).toBe("left");
    pass(20);
    expect([await edit(30), now()]).toEqual([looks, 30]);
  });

  test("in its look, the tick publishes after three minutes, and its message that comes again looks at once", async () => {
    expect(await edit(0)).toEqual(looks);
    expect(await record()).toMatchObject({ at: at(200).toISOString(), publishing: true, published: false });
    pass(10);
    expect([await edit(0, { again: true }), now()]).toEqual([looks, 30]);
  });
});

test("of twenty that come at once one waits, and all others go", async () => {
  let arrived = 0;
  let waits = 0;
  const all = Promise.withResolvers<void>();
  const arrives = (): void => {
    arrived += 1;
    if (arrived === 20) all.resolve();
  };
  const meanwhile: Meanwhile = () => {
    waits += 1;
    arrives();
    return all.promise;
  };
  const ends = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const end = await edit(0, { meanwhile });
      if (end === "left") arrives();
      return end;
    }),
  );
  expect([waits, ends.filter((end) => end !== "left")]).toEqual([1, [looks]]);
});
