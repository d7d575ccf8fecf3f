// The minute's tick over the real client, for the tests of work that goes on later. What is published is kept; each test has a hub
// of its own.
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { continueWork } from "../../../functions/continue-work/handler.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import type { Publish } from "../../../shared/bus/publish.ts";
import { openRun } from "../../../shared/delivery/recorder.ts";
import { eventNames } from "../../../shared/events.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";

export const clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));
export const at = (time: string) => new Date(`2026-11-21T${time}Z`);

/** Stands for as long as the tests of a file do; what waits, and what was published, is forgotten before each. */
export function continueHarness() {
  let harness: Awaited<ReturnType<typeof ledgerHarness>>;
  let worker: Ledger;
  let ticker: Ledger;
  let hubs = 0;
  let hub = "";
  let published: unknown[] = [];
  beforeAll(async () => {
    harness = await ledgerHarness();
    worker = await harness.ledgerOf("sync-members");
    ticker = await harness.ledgerOf("continue-work");
  });
  beforeEach(async () => {
    for (const name of await harness.names("head/continue/")) await harness.operator.file(name).delete();
    hubs += 1;
    hub = `hub${hubs}`;
    published = [];
  });
  afterAll(() => harness.close());

  const publish: Publish = async (topic, event) => {
    published.push([topic, event]);
    return "id";
  };
  return {
    harness: () => harness,
    worker: () => worker,
    hub: () => hub,
    published: () => published,
    publish,
    async tick(as: Publish = publish, heard: readonly string[] = eventNames, now = clock.now) {
      const delivery = { messageId: "tick", attempt: 1, event: "continue-due", payload: { v: 1 } };
      const run = openRun("continue-work", delivery, { ledger: ticker, now: clock.now });
      return continueWork(run, { ledger: ticker, now, publish: as, heard });
    },
  };
}
