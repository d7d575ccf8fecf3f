// The minute's tick over the real client, for the tests of work that goes on later. What is published is kept; each test has a hub
// of its own.
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { continueWork } from "../../../functions/continue-work/handler.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import type { Publish } from "../../../shared/bus/publish.ts";
import { openRun } from "../../../shared/delivery/recorder.ts";
import { eventNames } from "../../../shared/events.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { ledgerStand } from "../../shared/ledger-stand.ts";

export const clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));
export const at = (time: string) => new Date(`2026-11-21T${time}Z`);

/** Stands for as long as the tests of a file do; what waits, and what was published, is forgotten before each. */
export function continueStand() {
  let stand: Awaited<ReturnType<typeof ledgerStand>>;
  let worker: Ledger;
  let ticker: Ledger;
  let hubs = 0;
  let hub = "";
  let published: unknown[] = [];
  beforeAll(async () => {
    stand = await ledgerStand();
    worker = await stand.ledgerOf("sync-members");
    ticker = await stand.ledgerOf("continue-work");
  });
  beforeEach(async () => {
    for (const name of await stand.names("head/continue/")) await stand.operator.file(name).delete();
    hubs += 1;
    hub = `hub${hubs}`;
    published = [];
  });
  afterAll(() => stand.close());

  const publish: Publish = async (topic, event) => {
    published.push([topic, event]);
    return "id";
  };
  return {
    stand: () => stand,
    worker: () => worker,
    hub: () => hub,
    published: () => published,
    publish,
    async tick(as: Publish = publish, heard: readonly string[] = eventNames, now = clock.now) {
      const delivery = { messageId: "tick", attempt: 1, event: "continue-due", payload: { v: 1 } };
      const run = openRun("continue-work", delivery, { ledger: ticker, now: clock.now });
      return continueWork(run, { ledger: ticker, now, publish: as, heard, incidents: async () => undefined });
    },
  };
}
