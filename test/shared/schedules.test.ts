// The two ways in which a schedule says how often it comes round agree.
import { expect, test } from "@jest/globals";
import { Cron } from "croner";
import { periodOf, type Schedule, scheduleNames, schedules } from "../../shared/schedules.ts";

test.each(scheduleNames)("%s: the minutes are those of its cron", (name) => {
  const { cron, everyMinutes, publishes }: Schedule = schedules[name];
  const [first, second] = new Cron(cron, { timezone: "Etc/UTC", paused: true }).nextRuns(
    2,
    new Date("2026-11-21T00:00:00Z"),
  );
  expect(((second?.getTime() ?? 0) - (first?.getTime() ?? 0)) / 60_000).toBe(everyMinutes);
  expect(periodOf(publishes)).toBe(everyMinutes);
});

test("what no schedule publishes has no period", () => {
  expect([periodOf("notice"), periodOf(undefined)]).toEqual([undefined, undefined]);
});
