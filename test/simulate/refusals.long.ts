// Troubles that no time mends, met at every heartbeat of three days: a message a day each, and a record a day.
import { expect, test } from "@jest/globals";
import { refused } from "./refused.ts";

test("one message to the team each, a day", async () => {
  const ends = await refused(72);
  // From ten in the morning to ten in the morning: a part of four days.
  const days = (name: string) =>
    name === "every invitation refused" || name === "Gmail's consent withdrawn" ? 1 : 4;
  for (const { name, told, undelivered } of ends) {
    expect([name, new Set(told).size, told.length]).toEqual([name, 1, days(name)]);
    expect([name, undelivered]).toEqual([
      name,
      name === "every invitation refused" ? 0 : days(name) === 4 ? 4 : 3,
    ]);
  }
}, 1_200_000);
