// Publishes again whatever asked to go on at a time that has come. Published first and marked after: a crash in between
// publishes twice, which is harmless, where the other order could lose the work.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import { waiting } from "../../shared/continue.ts";
import { Permanent } from "../../shared/errors.ts";
import { type EventName, events, isEventName } from "../../shared/events.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { Continue } from "../../shared/records.ts";
import type { Result, RunBook } from "../../shared/run-book.ts";

export async function continueWork(
  run: RunBook,
  deps: { ledger: Ledger; now: Clock; publish: Publish },
): Promise<Result> {
  const due = (await waiting(deps.ledger)).filter(({ at }) => at <= deps.now());
  for (const { name } of due) {
    const current = await deps.ledger.read(name, Continue);
    if (current === undefined || current.value.published) continue;
    const { topic, payload } = current.value;
    if (!isEventName(topic)) throw unknownTopic(topic);
    await publishAs(topic, payload, deps.publish);
    run.step(`published on ${topic}, as asked`);
    const marked: Continue = { ...current.value, published: true };
    await deps.ledger.swap(name, marked, current.generation, { at: marked.at, published: "true" });
  }
  return due.length === 0 ? { outcome: "idle" } : { outcome: "done", title: `${due.length} gone on with` };
}

async function publishAs(topic: EventName, payload: unknown, publish: Publish): Promise<void> {
  const event = events[topic].safeParse(payload);
  if (!event.success) throw unknownTopic(topic);
  await publish(topic, event.data);
}

const unknownTopic = (topic: string): Permanent =>
  new Permanent({
    what: "work that waited cannot go on",
    why: `its event on "${topic}" is not one that this version knows`,
    next: "run the flow by hand; its next schedule goes on with it in any case",
  });
