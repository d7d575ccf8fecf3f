// Sixty notices at once, at five instances of one request each: every one arrives, once. The *.long.ts beside this has 2,000, and
// every trouble.
import { expect, test } from "@jest/globals";
import { functions } from "../../shared/functions.ts";
import { burst, troubles } from "./bursts.ts";

test.each(troubles.slice(0, 1))(
  "%s: all arrive, once",
  async (_, what) => {
    const { tooMany, ...end } = await burst(60, what);
    expect(end).toMatchObject({
      mails: [30, 30],
      posts: [30, 30],
      undelivered: [],
      waiting: 0,
      pending: 0,
      hours: 1,
      most: functions["send-notice"].instances,
    });
    // Otherwise it was no burst.
    expect(tooMany).toBeGreaterThan(20);
  },
  600_000,
);
