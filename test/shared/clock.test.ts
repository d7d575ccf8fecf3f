// The clock of a function: the machine's, or the machine's and what somebody has moved it by.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { movableClock, stoppedClock } from "../../local/wire/movable-clock.ts";
import { clockFrom, dayIn, isTimeZone, waitUntil } from "../../shared/clock.ts";

const folder = mkdtempSync(join(tmpdir(), "clock-"));
afterAll(() => rmSync(folder, { recursive: true }));
const second = 1000;

/** Looks at a clock between two looks at the machine's, however long they take: it is ahead of that by so much. */
function expectAhead(now: () => Date, milliseconds: number): void {
  const before = Date.now();
  const at = now().getTime() - milliseconds;
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
}

test("in the cloud it is the machine's", () => {
  expectAhead(clockFrom({}), 0);
});

test("a function sees at once how far somebody has moved it, and so does the next start", () => {
  const file = join(folder, "clock");
  const clock = movableClock(file);
  const seen = clockFrom({ GROUNDCREW_CLOCK_FILE: file });
  expectAhead(seen, 0);
  const moves: number[] = [];
  const stop = clock.onMove(() => moves.push(1));
  clock.moveBy(3600 * second);
  stop();
  // A part of a millisecond is a whole one.
  clock.moveBy(0.4);
  expect(moves).toEqual([1]);
  for (const now of [clock.now, seen, movableClock(file).now]) expectAhead(now, 3600 * second + 1);
});

test.each(["", "abc", "-1", "1e400", "9007199254740991"])(
  "one whose file says %j has not been moved",
  (text) => {
    const file = join(folder, "odd");
    writeFileSync(file, text);
    expectAhead(movableClock(file).now, 0);
  },
);

test.each([-1, Number.NaN, Number.NEGATIVE_INFINITY])("it cannot be moved by %d", (ms) => {
  const stopped = stoppedClock(new Date(0));
  for (const clock of [stopped, movableClock(join(folder, "other"))])
    expect(() => clock.moveBy(ms)).toThrow("the clock moves forward only");
  expect(stopped.now().getTime()).toBe(0);
});

test("a file that is gone is an error, never the wrong time", () => {
  const now = clockFrom({ GROUNDCREW_CLOCK_FILE: join(folder, "none") });
  expect(now).toThrow();
  writeFileSync(join(folder, "damaged"), "abc");
  expect(clockFrom({ GROUNDCREW_CLOCK_FILE: join(folder, "damaged") })().getTime()).toBeNaN();
});

describe("a wait for a time", () => {
  test("ends when it has come, and not before", async () => {
    const { now, moveBy } = stoppedClock(new Date(0));
    const pauses: number[] = [];
    const pause = async (milliseconds: number) => {
      pauses.push(milliseconds);
      moveBy(milliseconds);
    };
    await waitUntil(new Date(1200), { now, pause });
    await waitUntil(new Date(1199), { now, pause });
    expect([now().getTime(), pauses]).toEqual([1200, [500, 500, 200]]);
  });

  test("sees that somebody has moved the clock, half a second of real time later", async () => {
    const { now, moveBy } = stoppedClock(new Date(0));
    const pauses: number[] = [];
    const pause = async (milliseconds: number) => {
      pauses.push(milliseconds);
      moveBy(3600 * second);
    };
    await waitUntil(new Date(20 * second), { now, pause });
    expect(pauses).toEqual([500]);
  });
});

describe("days in a time zone", () => {
  test.each([
    ["UTC", "2026-11-21T23:59:59.999Z", "2026-11-21"],
    ["UTC", "2026-11-22T00:00:00Z", "2026-11-22"],
    ["America/New_York", "2026-11-22T04:59:59Z", "2026-11-21"],
    ["America/New_York", "2026-11-22T05:00:00Z", "2026-11-22"],
    // Summer time: four hours behind.
    ["America/New_York", "2026-07-01T03:59:59Z", "2026-06-30"],
    ["America/New_York", "2026-07-01T04:00:00Z", "2026-07-01"],
    ["Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027-01-01"],
    ["Asia/Kathmandu", "2026-11-21T18:15:00Z", "2026-11-22"],
  ])("%s: %s is in %s", (zone, at, day) => {
    expect([isTimeZone(zone), dayIn(zone, new Date(at))]).toEqual([true, day]);
  });
});
