// Until when a service is left alone: what is asked for, by one or by many at once, and how it is said.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { heed, isKept, leaveAlone, waitFor, waitingTitle } from "../../../shared/delivery/not-before.ts";
import { failureIn, serviceNames } from "../../../shared/failure.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { ledgerHarness } from "../ledger-harness.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
let ledger: Ledger;
let clock: ReturnType<typeof stoppedClock>;
let hubs = 0;
let hub: string;
beforeAll(async () => {
  harness = await ledgerHarness();
  ledger = await harness.ledgerOf("bump-image");
});
beforeEach(() => {
  clock = stoppedClock(new Date("2026-11-21T08:00:00.123Z"));
  hubs += 1;
  hub = `hub${hubs}`;
});
afterAll(() => harness.close());

const deps = () => ({ ledger, now: clock.now });
const ask = (seconds: number) => leaveAlone(deps(), { hub, service: "github", seconds });
const kept = async () => harness.jsonOf(`head/not-before/${hub}/github.json`);
const met = async () => {
  try {
    await heed(deps(), { hub, needs: ["sheets", "github"] });
    return undefined;
  } catch (error) {
    return failureIn(error);
  }
};

test.each([
  ["the first", [60], "08:01:00"],
  ["a later one after it", [60, 120], "08:02:00"],
  ["an earlier one after it", [120, 60], "08:02:00"],
  ["the same again", [60, 60], "08:01:00"],
])("%s: the later time is kept", async (_, seconds, until) => {
  for (const each of seconds) await ask(each);
  expect(await kept()).toEqual({ v: 1, until: `2026-11-21T${until}.123Z` });
});

test("ten at once: the latest is kept, and each is told of a time that is not before its own", async () => {
  const seconds = [50, 10, 90, 20, 100, 30, 70, 40, 80, 60];
  const told = await Promise.all(seconds.map(ask));
  expect(await kept()).toEqual({ v: 1, until: "2026-11-21T08:01:40.123Z" });
  for (const [n, at] of told.entries())
    expect(at.getTime() - clock.now().getTime()).toBeGreaterThanOrEqual((seconds[n] ?? 0) * 1000);
});

test.each([
  [1e9, "2026-11-22T08:00:00.123Z"],
  [-5, "2026-11-21T08:00:01.123Z"],
])("%d seconds are none that a service may ask for", async (seconds, until) => {
  await ask(seconds);
  expect(await kept()).toEqual({ v: 1, until });
});

test("who is turned away makes the wait no longer, however many they are", async () => {
  await ask(60);
  for (let n = 0; n < 5; n += 1) {
    clock.moveBy(1);
    const failure = await met();
    expect(failure).toMatchObject({ service: "github", lasts: "transient", waitSeconds: 60 });
    const { cause = "" } = failure ?? {};
    await waitFor(deps(), { hub, service: "github", cause, seconds: failure?.waitSeconds ?? 0 });
  }
  expect(await kept()).toEqual({ v: 1, until: "2026-11-21T08:01:00.123Z" });
});

test.each([
  ["is torn", '{"v":'],
  ["is of a newer version", '{"v":2,"until":"2026-11-21T09:00:00.000Z","by":"x"}'],
  ["was kept before the clock was put back", '{"v":1,"until":"2026-12-21T09:00:00.000Z"}'],
])("a record that %s stops nothing, and is written over", async (_, text) => {
  await harness.plant(`head/not-before/${hub}/github.json`, text);
  expect(await met()).toBeUndefined();
  await ask(60);
  expect(await kept()).toEqual({ v: 1, until: "2026-11-21T08:01:00.123Z" });
  expect(await met()).toMatchObject({ waitSeconds: 60 });
});

test("a day's wait that was kept by a clock two seconds ahead is heeded", async () => {
  await harness.plant(`head/not-before/${hub}/github.json`, '{"v":1,"until":"2026-11-22T08:00:02.123Z"}');
  expect(await met()).toMatchObject({ waitSeconds: 86_400 });
});

test("no wait is kept of what every event needs to be kept at all", () => {
  expect(serviceNames.filter((service) => !isKept(service)).sort()).toEqual([
    "metadata",
    "pubsub",
    "storage",
  ]);
});

test("it is over when its time has come, and holds for no other hub", async () => {
  await ask(60);
  clock.moveBy(59_999);
  expect(await met()).toMatchObject({ waitSeconds: 1 });
  clock.moveBy(1);
  expect(await met()).toBeUndefined();
  await ask(60);
  hub = "other";
  expect(await met()).toBeUndefined();
});

test.each([
  [1, "GitHub asks to be left alone for 1 second; it goes on by itself"],
  [59, "GitHub asks to be left alone for 59 seconds; it goes on by itself"],
  [60, "GitHub asks to be left alone for 1 minute; it goes on by itself"],
  [2820, "GitHub asks to be left alone for 47 minutes; it goes on by itself"],
  [7140, "GitHub asks to be left alone for 119 minutes; it goes on by itself"],
  [7200, "GitHub asks to be left alone for 2 hours; it goes on by itself"],
  [86_400, "GitHub asks to be left alone for 24 hours; it goes on by itself"],
])("%d seconds, in words", (seconds, title) => {
  expect(waitingTitle("github", seconds)).toBe(title);
});
