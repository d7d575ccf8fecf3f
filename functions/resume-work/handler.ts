// Publishes again whatever asked to go on at a time that has come. Published first and marked after: a crash in between
// publishes twice, which is harmless, where the other order could lose the work.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import { leftAloneUntil } from "../../shared/delivery/not-before.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import { isPermanent, Permanent } from "../../shared/errors.ts";
import { type EventName, events, isEventName } from "../../shared/events.ts";
import { lineOf, type Waiting, waiting } from "../../shared/flow/continue.ts";
import type { Ledger, Versioned } from "../../shared/ledger.ts";
import { Continue } from "../../shared/records.ts";

/** `heard` has the topics that are there: a flow that is off has none, and what it waited for waits until it is on again. */
type Deps = {
  ledger: Ledger;
  now: Clock;
  publish: Publish;
  heard: readonly string[];
  /** Looks at the hubs' incidents, where it is time to. */
  incidents: () => Promise<void>;
};

/** A delivery's 60 s and none to spare: what is left over goes on with the next minute's tick. */
const workSeconds = 40;
/** Published side by side: each takes five calls. */
const atOnce = 10;
/**
 * Of one function's and hub's events that wait for a service, so many a tick. All at once would meet its limit anew, be turned away,
 * and keep the instances from what waits for nothing. The strictest limit known is Slack's, of about a message a second
 * (https://docs.slack.dev/apis/web-api/rate-limits).
 */
const mostForService = 50;

/** The oldest first. One wait that cannot be understood, or published just now, stops no other: it is told at the end. */
export async function resumeWork(run: Recorder, deps: Deps): Promise<Result> {
  const { ledger, now } = deps;
  const until = now().getTime() + workSeconds * 1000;
  const due = await inTurn(
    (await waiting(ledger)).filter(({ at }) => at <= now()),
    deps,
  );
  const unreadable: Permanent[] = [];
  const refused: Permanent[] = [];
  const transient: unknown[] = [];
  // Notes what hinders that look, which hinders no work that waits.
  await deps.incidents().catch((error: unknown) => transient.push(error));
  let published = 0;
  let seen = 0;
  for (; seen < due.length && now().getTime() < until; seen += atOnce) {
    const ends = await Promise.all(due.slice(seen, seen + atOnce).map(({ name }) => oneOf(name, run, deps)));
    for (const end of ends) {
      if (end === "published") published += 1;
      else if (end === "nothing") continue;
      else if ("transient" in end) transient.push(end.transient);
      else if (end.setAside) refused.push(end.error);
      else unreadable.push(end.error);
    }
  }
  const left = Math.max(0, due.length - seen);
  if (left > 0) run.step(`time is up: ${left} go on with the next tick`);
  const [first] = refused;
  if (first !== undefined) throw first;
  if (transient.length > 0) throw transient[0];
  const [spoilt] = unreadable;
  if (spoilt !== undefined) {
    for (const error of unreadable) run.step(sentenceOf(error));
    const title = `${unreadable.length} that waited cannot be read`;
    return { outcome: "blocked", title, cause: "waiting-unreadable", reason: spoilt.explanation };
  }
  return published === 0 ? { outcome: "idle" } : { outcome: "done", title: `${published} gone on with` };
}

/** Without those whose service is left alone still, or has enough callers for this minute: they stay as they are. */
async function inTurn(
  due: readonly Waiting[],
  { ledger, now }: Pick<Deps, "ledger" | "now">,
): Promise<Waiting[]> {
  const rooms = new Map<string, number>();
  const going: Waiting[] = [];
  for (const wait of due) {
    const { of, hub, service } = wait;
    if (service === undefined) {
      going.push(wait);
      continue;
    }
    const key = `${of}/${hub}/${service}`;
    const room =
      rooms.get(key) ??
      ((await leftAloneUntil({ ledger, now }, { hub, service })) > now() ? 0 : mostForService);
    if (room > 0) going.push(wait);
    rooms.set(key, Math.max(room - 1, 0));
  }
  return going;
}

const sentenceOf = ({ explanation: { what, why, next } }: Permanent): string => `${what}: ${why}; ${next}`;

async function oneOf(
  name: string,
  run: Recorder,
  deps: Deps,
): Promise<"published" | "nothing" | { error: Permanent; setAside: boolean } | { transient: unknown }> {
  try {
    return (await goOn(name, run, deps)) ? "published" : "nothing";
  } catch (error) {
    // The oldest comes first each minute: what fails with it, such as its topic, must not hold up the others.
    if (!isPermanent(error)) return { transient: error };
    return { error, setAside: await setAside(name, deps.ledger) };
  }
}

async function goOn(name: string, run: Recorder, { ledger, now, publish, heard }: Deps): Promise<boolean> {
  const wait = await ledger.read(name, Continue);
  if (wait === undefined || wait.value.published) return false;
  // Moved on since it was listed.
  if (new Date(wait.value.at) > now()) return false;
  const { topic, payload, attributes } = wait.value;
  if (!isEventName(topic)) throw unknownTopic(topic);
  if (!heard.includes(topic)) return false;
  // Said beforehand: what this wakes may ask to go on once more before the mark below is made.
  const begun: Continue = { ...wait.value, publishing: true };
  const kept = await keep(ledger, name, begun, wait.generation);
  if (kept === "changed") return false;
  await publishAs(topic, { payload, attributes }, publish);
  run.step(`published on ${topic}, as asked`);
  // Ends this wait alone: one that was made meanwhile has another generation, and stays.
  await end(ledger, name, { value: begun, generation: kept.generation });
  return true;
}

/** Ends a wait that this version cannot fulfil, or the next minute would meet it again. False where it cannot be read. */
async function setAside(name: string, ledger: Ledger): Promise<boolean> {
  const wait = await ledger.read(name, Continue).catch((error: unknown) => {
    if (!isPermanent(error)) throw error;
  });
  if (wait === undefined) return false;
  await end(ledger, name, wait);
  return true;
}

/** A flow's own wait stays, marked, for its next one; what waited once for a service goes. */
async function end(ledger: Ledger, name: string, { value, generation }: Versioned<Continue>): Promise<void> {
  if (value.once === true) await ledger.remove(name, generation);
  else await keep(ledger, name, done(value), generation);
}

const done = ({ v, at, topic, payload }: Continue): Continue => ({ v, at, topic, payload, published: true });

const keep = (ledger: Ledger, name: string, wait: Continue, generation: string) =>
  ledger.swap(name, wait, generation, lineOf(wait));

async function publishAs(
  topic: EventName,
  { payload, attributes }: Pick<Continue, "payload" | "attributes">,
  publish: Publish,
): Promise<void> {
  const event = events[topic].safeParse(payload);
  if (!event.success) throw unknownTopic(topic);
  await publish(topic, event.data, attributes);
}

const unknownTopic = (topic: string): Permanent =>
  new Permanent({
    what: "work that waited cannot go on",
    why: `its event on "${topic}" is not one that this version knows`,
    next: "run the flow by hand; its next schedule goes on with it in any case",
  });
