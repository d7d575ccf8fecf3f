// Harness of any worker's tests: its real ledger with its own identity, Pub/Sub's pushes through receive.ts, and a clock
// that stands still. Gives what came of it: runs, effects, messages, waits to go on.
import type { Fault } from "../../local/wire/faults.ts";
import { type Handle, type Needs, type ReceiveDeps, receive } from "../../shared/delivery/receive.ts";
import type { Result } from "../../shared/delivery/recorder.ts";
import { type EventName, events, Notice } from "../../shared/events.ts";
import { type FunctionName, functions } from "../../shared/functions.ts";
import { Continue, type Effect, Run } from "../../shared/records.ts";
import { morning, pushOf, receiveHarness } from "../shared/delivery/receive-harness.ts";

type Worker = {
  [N in FunctionName]: (typeof functions)[N] extends { hears: EventName } ? N : never;
}[FunctionName];
type Heard<W extends Worker> = (typeof functions)[W]["hears"];

/** End of a delivery: Pub/Sub's answer, and what the handler said or threw. */
export type Ended = { status: number; result?: Result; thrown?: unknown };

export type Message<W extends Worker> = {
  id?: string;
  attempt?: number;
  attributes?: Record<string, string>;
  /** Now, unless told. */
  published?: Date;
  /** Differences of the process that takes it: another function, one that remembers nothing, a bus that does not answer. */
  by?: Partial<ReceiveDeps> & { needs?: Needs<Heard<W>> };
};

/** Opens a worker on a ledger of its own. Call `fresh` before each test, and `close` at the end. */
export async function flowHarness<W extends Worker>(worker: W, begins: Date = morning) {
  const topic: EventName = functions[worker].hears;
  const harness = await receiveHarness(begins);
  const { deps: receiving, lines, published } = await harness.depsOf(worker);
  const { now } = receiving;
  let messages = 0;
  const read = async <T>(prefix: string, parse: (value: unknown) => T): Promise<T[]> =>
    Promise.all((await harness.names(prefix)).map(async (name) => parse(await harness.jsonOf(name))));
  const runs = () => read("runs/", (value) => Run.parse(value));

  return {
    ...harness,
    deps: receiving,
    lines,
    published,
    /** Delivers an event as Pub/Sub does, each time as a new message unless told. */
    async deliver(
      handle: Handle<Heard<W>>,
      event: object,
      { id, attempt = 1, attributes = {}, published: at = now(), by = {} }: Message<W> = {},
    ): Promise<Ended> {
      messages += 1;
      const ended: Omit<Ended, "status"> = {};
      const raw = pushOf(event, {
        id: id ?? String(1000 + messages),
        attempt,
        attributes,
        publishTime: at.toISOString(),
      });
      const { status } = await receive(
        // The compiler cannot see that a worker's own topic is what its row hears.
        topic as Heard<W>,
        { authorization: harness.bearer(), raw },
        async (...given) => {
          try {
            ended.result = await handle(...given);
            return ended.result;
          } catch (error) {
            ended.thrown = error;
            throw error;
          }
        },
        { ...receiving, ...by },
      );
      return { status, ...ended };
    },
    /** The records of its deliveries, oldest first. */
    runs,
    /** Lists what all deliveries so far have changed outside. */
    effects: async (): Promise<Effect[]> => (await runs()).flatMap(({ effects }) => effects),
    /** The messages to people that were handed over. */
    notices: () =>
      published.filter(({ topic: on }) => on === "notice").map(({ event }) => Notice.parse(event)),
    /** Lists what was published on other topics, as those who hear them would take it. */
    events: () =>
      published
        .filter(({ topic: on }) => on !== "notice")
        .map(({ topic: on, event }) => ({ topic: on, event: events[on as EventName].parse(event) })),
    /** Lists the waits to go on later. */
    waits: () => read("head/continue/", (value) => Continue.parse(value)),
    /** Makes a far end fail: at which call, and how. */
    fail: (fault: Fault) => harness.faults.add(fault),
    /** Before each test: an empty ledger, the first moment again, and nothing wrong. */
    async fresh(): Promise<void> {
      for (const name of await harness.names("")) await harness.operator.file(name).delete();
      harness.rewind();
      harness.faults.clear();
      published.length = 0;
      lines.length = 0;
    },
  };
}
