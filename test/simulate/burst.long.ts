// Two thousand notices at once, at five instances of one request each. Half of them are mails, and the mail account sends 500 a
// day: the second 500 go when the first are a day old, within the three days for which a notice is tried.
import { expect, test } from "@jest/globals";
import { functions } from "../../shared/functions.ts";
import { burst, troubles } from "./bursts.ts";

test.each(troubles)(
  "%s: all arrive, once",
  async (_, what) => {
    const { deliveries, hours, tooMany, ...end } = await burst(2000, what);
    expect(end).toEqual({
      mails: [1000, 1000],
      posts: [1000, 1000],
      undelivered: [],
      waiting: 0,
      pending: 0,
      most: functions["send-notice"].instances,
    });
    expect(hours).toBeLessThanOrEqual(26);
    // Notices that wait for a service are not sent for in vain again and again: three times each at most.
    expect(deliveries).toBeLessThan(6000);
    // Otherwise it was no burst.
    expect(tooMany).toBeGreaterThan(2000);
  },
  1_800_000,
);
