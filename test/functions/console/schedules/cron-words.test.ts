// Words that a person reads in place of a schedule's cron.
import { expect, test } from "@jest/globals";
import { cronWords } from "../../../../functions/console/schedules/cron-words.ts";
import { scheduleNames, schedules } from "../../../../shared/schedules.ts";

test.each([
  ["* * * * *", "every minute"],
  ["*/15 * * * *", "every 15 minutes"],
  ["0 */12 * * *", "every 12 hours, on the hour"],
  ["17 * * * *", "every hour, 17 minutes past the hour"],
  ["0 6 * * *", "at 06:00 every day"],
  ["30 6,18 * * *", "at 06:30 and 18:30 every day"],
  ["0 7 * * 1", "at 07:00 on Monday"],
  ["5 9 * * 1-5", "at 09:05, Monday to Friday"],
  ["0 0 1 * *", "0 0 1 * *"],
  ["0 0 * 2 *", "0 0 * 2 *"],
  ["1-5 * * * *", "1-5 * * * *"],
  ["nonsense", "nonsense"],
])("%s is %s", (cron, words) => {
  expect(cronWords(cron)).toBe(words);
});

test("every schedule of ours has words", () => {
  for (const name of scheduleNames) expect(cronWords(schedules[name].cron)).not.toContain("*");
});
