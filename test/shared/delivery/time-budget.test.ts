// Tests of how long an event is tried, by hand: each failure, each age, each attempt, and the one end that follows.
import { expect, test } from "@jest/globals";
import {
  hoursOf,
  maximumAttempts,
  publishAgainFrom,
  verdictOn,
} from "../../../shared/delivery/time-budget.ts";

type Given = Partial<Parameters<typeof verdictOn>[0]>;
const transient = {
  topic: "sheet-changed",
  lasts: "transient",
  ageSeconds: 0,
  attempt: 1,
  waits: false,
} as const;
const hours = (n: number): number => n * 3600;

test.each<[string, Given, ReturnType<typeof verdictOn>]>([
  ["fresh", {}, "again"],
  ["a second before its day is over", { ageSeconds: hours(24) - 1 }, "again"],
  ["a day old", { ageSeconds: hours(24) }, "too-old"],
  ["a day old, and waits", { ageSeconds: hours(24), waits: true }, "too-old"],
  ["a day old, at its last attempt", { ageSeconds: hours(24), attempt: 100 }, "too-old"],
  ["a message to people, a day old", { topic: "notice", ageSeconds: hours(24) }, "again"],
  [
    "a message to people, a second before three days",
    { topic: "notice", ageSeconds: hours(72) - 1 },
    "again",
  ],
  ["a message to people, three days old", { topic: "notice", ageSeconds: hours(72) }, "too-old"],
  ["attempt 89", { attempt: 89 }, "again"],
  ["attempt 90", { attempt: 90 }, "publish-again"],
  ["attempt 100", { attempt: 100 }, "publish-again"],
  ["attempt 90, and waits", { attempt: 90, waits: true }, "wait"],
  ["waits", { waits: true }, "wait"],
  ["lasting", { lasts: "lasting" }, "lasting"],
  ["lasting, and waits", { lasts: "lasting", waits: true }, "lasting"],
  ["lasting and old", { lasts: "lasting", ageSeconds: hours(99) }, "lasting"],
  ["settling, fresh", { lasts: "settling" }, "again"],
  ["settling, a second before its quarter of an hour", { lasts: "settling", ageSeconds: 899 }, "again"],
  ["settling, a quarter of an hour old", { lasts: "settling", ageSeconds: 900 }, "lasting"],
])("%s", (_, given, verdict) => {
  expect(verdictOn({ ...transient, ...given })).toBe(verdict);
});

test("the attempts that are left when it is published again last longer than any pause of Pub/Sub's", () => {
  expect([maximumAttempts, publishAgainFrom]).toEqual([100, 90]);
  expect([hoursOf("notice"), hoursOf("transfer-request")]).toEqual([72, 24]);
});
