// Events that a person wishes to arrive late: kept in state.db, and published when the movable clock says so.
import * as z from "zod";
import { type MovableClock, wakeAfter } from "../wire/movable-clock.ts";
import { type State, transaction } from "../wire/state.ts";

export type LateEvent = { id: number; at: string; topic: string; payload: unknown };

export type LateEvents = {
  add: (event: { topic: string; payload: unknown; afterSeconds: number }) => LateEvent;
  /** Lists the events that have not been published yet, the next one first. */
  list: () => LateEvent[];
  close: () => void;
};

const Row = z.object({ id: z.number(), at: z.number(), topic: z.string(), payload: z.string() });
const retryMilliseconds = 1000;

export function lateEvents(options: {
  state: State;
  clock: MovableClock;
  publish: (topic: string, data: string) => Promise<unknown>;
  /** False where nothing is to go by itself: what is due then waits for the next start. */
  enabled: boolean;
}): LateEvents {
  const { state, clock, publish, enabled } = options;
  state.exec(
    "CREATE TABLE IF NOT EXISTS late_event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, topic TEXT NOT NULL, payload TEXT NOT NULL)",
  );
  const insert = state.prepare("INSERT INTO late_event (at, topic, payload) VALUES (?, ?, ?)");
  const select = state.prepare("SELECT id, at, topic, payload FROM late_event ORDER BY at, id");
  const forget = state.prepare("DELETE FROM late_event WHERE id = ?");
  const rows = () => z.array(Row).parse(select.all());
  let timer: NodeJS.Timeout | undefined;
  let closed = !enabled;
  let busy: Promise<void> | undefined;

  function look(): void {
    clearTimeout(timer);
    const [next] = rows();
    if (closed || busy !== undefined || next === undefined) return;
    const wait = next.at - clock.now().getTime();
    if (wait > 0) timer = wakeAfter(wait, look);
    else
      busy = publishDue().then(
        () => {
          busy = undefined;
          look();
        },
        () => {
          busy = undefined;
          if (!closed) timer = setTimeout(look, retryMilliseconds);
        },
      );
  }

  /** Forgotten when published: a crash in between publishes twice, which events may. */
  async function publishDue(): Promise<void> {
    const now = clock.now().getTime();
    for (const { id, at, topic, payload } of rows()) {
      if (at > now) return;
      await publish(topic, payload);
      if (closed) return;
      forget.run(id);
    }
  }

  const ignore = clock.onMove(look);
  look();
  return {
    add({ topic, payload, afterSeconds }) {
      const at = clock.now().getTime() + afterSeconds * 1000;
      const id = transaction(state, () => insert.run(at, topic, JSON.stringify(payload)).lastInsertRowid);
      look();
      return { id: Number(id), at: new Date(at).toISOString(), topic, payload };
    },
    list: () =>
      rows().map(({ id, at, topic, payload }) => ({
        id,
        at: new Date(at).toISOString(),
        topic,
        payload: JSON.parse(payload),
      })),
    close() {
      closed = true;
      clearTimeout(timer);
      ignore();
    },
  };
}
