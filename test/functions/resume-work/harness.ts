// The minute's tick, for the tests of work that goes on later. What is published is kept; each test has a hub of its own.
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { resumeWork } from "../../../functions/resume-work/handler.ts";
import type { Publish } from "../../../shared/bus/publish.ts";
import type { Clock } from "../../../shared/clock.ts";
import { eventNames } from "../../../shared/events.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { flowHarness } from "../flow-harness.ts";

const begins = new Date("2026-11-21T08:00:00Z");
/** The tick's clock, unless a test says otherwise. */
export const now: Clock = () => begins;
export const at = (time: string) => new Date(`2026-11-21T${time}Z`);

/** Is there for as long as the tests of a file are; what waits, and what was published, is forgotten before each. */
export function continueHarness() {
  let harness: Awaited<ReturnType<typeof flowHarness<"resume-work">>>;
  let worker: Ledger;
  let hubs = 0;
  let hub = "";
  let published: unknown[] = [];
  beforeAll(async () => {
    harness = await flowHarness("resume-work", begins);
    worker = await harness.ledgerOf("sync-members");
  });
  beforeEach(async () => {
    await harness.fresh();
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
    /** One tick. What it throws is thrown. */
    async tick(
      as: Publish = publish,
      heard: readonly string[] = eventNames,
      at: Clock = now,
      { ledger }: { ledger: Ledger } = harness.deps,
    ) {
      const ended = await harness.deliver(
        (_tick, run) =>
          resumeWork(run, {
            ...harness.deps,
            ledger,
            now: at,
            publish: as,
            heard,
            incidents: async () => undefined,
          }),
        { v: 1 },
      );
      if (ended.thrown !== undefined) throw ended.thrown;
      return ended.result;
    },
  };
}
