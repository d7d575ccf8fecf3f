// What the tests of failed events stand on: a worker whose handler throws what a test says, by a clock that stands still.
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { type ReceiveDeps, type Received, receive } from "../../../shared/delivery/receive.ts";
import type { Recorder } from "../../../shared/delivery/recorder.ts";
import { failed } from "../../../shared/failure.ts";
import { pushOf, receiveHarness } from "./receive-harness.ts";

/** When each test begins, and an event was published that says nothing else. */
export const start = new Date("2026-11-21T08:00:00.123Z");
export const hint = { v: 1, hub: "prod", why: "schedule" };
export const asked = { v: 1, hub: "prod", why: "person" };
export const hours = (n: number): number => n * 3600_000;

const explanation = { what: "the teams were not read", why: "GitHub answered 500", next: "nothing" };
export const broken = (more: object = {}) =>
  failed({ service: "github", cause: "500", lasts: "passing", explanation, ...more });

type Message = {
  id?: string;
  attempt?: number;
  event?: object;
  attributes?: Record<string, string>;
  published?: Date;
};

export async function settleHarness() {
  const harness = await receiveHarness();
  const { deps: given, published } = await harness.depsOf("sync-members");
  let clock = stoppedClock(start);
  const deps: ReceiveDeps = { ...given, now: () => clock.now() };

  /** A handler throws `error`, or is idle where there is none. */
  function deliver(error: () => unknown, message: Message = {}, by = deps): Promise<Received> {
    const { id = "1", attempt = 1, event = hint, attributes = {}, published: at = start } = message;
    const raw = pushOf(event, { id, attempt, attributes, publishTime: at.toISOString() });
    const handle = async (_event: unknown, _run: Recorder): Promise<{ outcome: "idle" }> => {
      const thrown = error();
      if (thrown !== undefined) throw thrown;
      return { outcome: "idle" };
    };
    return receive("sheet-changed", { authorization: harness.bearer(), raw }, handle, {
      ...by,
      needs: () => ["sheets", "github"],
    });
  }

  return {
    ...harness,
    deps,
    published,
    get clock() {
      return clock;
    },
    /** Before each test: an empty ledger, and the first moment again. */
    async fresh(): Promise<void> {
      for (const prefix of ["runs/", "undelivered/", "head/"])
        for (const name of await harness.names(prefix)) await harness.operator.file(name).delete();
      clock = stoppedClock(start);
      harness.faults.clear();
      published.length = 0;
      deps.standing.known.clear();
      deps.standing.published.clear();
    },
    deliver,
    notes: () => published.filter(({ topic }) => topic === "notice"),
    copies: () => published.filter(({ topic }) => topic === "sheet-changed"),
    undelivered: () => harness.names("undelivered/"),
    outcomes: async () =>
      Promise.all(
        (await harness.names("runs/")).map(
          async (name) => (await harness.jsonOf(name)) as { outcome: string; title: string },
        ),
      ),
  };
}
