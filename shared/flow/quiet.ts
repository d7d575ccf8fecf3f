// Quiet time after edits: one delivery waits inside itself until nobody has edited for so long; those that come meanwhile move the
// time on, and go. What is waited for is a record like every other wait: where the one that waits has died, the minute's tick
// publishes it.

import type { Clock } from "../clock.ts";
import { causes } from "../delivery/passage.ts";
import type { EventName, EventOf } from "../events.ts";
import type { FunctionName } from "../functions.ts";
import type { Ledger } from "../ledger.ts";
import { Continue } from "../records.ts";
import { lineOf, nameOfWait } from "./continue.ts";
import { untilSwapped } from "./swap.ts";

/** The tick takes whoever looks for dead after so many seconds; its message comes again long before. */
const lookSeconds = 180;
const key = "quiet";

type Edit<N extends EventName> = {
  function: FunctionName;
  hub: string;
  /** Message that the tick publishes where nobody who waits is left. */
  topic: N;
  event: EventOf<N>;
  /** Time at which the event was first published. */
  at: Date;
  /** Length of the quiet time. */
  seconds: number;
  /** However long people go on editing, a look follows the first of their edits after so many seconds. */
  longest: number;
  /** Says that it was delivered before: whoever waited for it may have died. */
  again: boolean;
};
type Deps = { ledger: Ledger; now: Clock; wait: (until: Date) => Promise<void> };

/**
 * Waits for the end of the quiet time. "left" where another delivery looks after that; else it is up to the caller to look, and then to
 * call `served`: one that dies before leaves it to its message and to the tick.
 */
export async function untilQuiet<N extends EventName>(
  edit: Edit<N>,
  deps: Deps,
): Promise<"left" | { served: () => Promise<void> }> {
  const { ledger, now, wait } = deps;
  const name = nameOfWait({ ...edit, key });
  const noted = await note(name, edit, deps);
  if (noted === "left") return "left";
  for (let { at } = noted; ; ) {
    await wait(at);
    const current = await ledger.read(name, Continue);
    // Somebody looks already, or has looked: after this edit, for it was noted before.
    if (current === undefined || isBegun(current.value) || current.value.latest !== noted.latest)
      return "left";
    at = new Date(current.value.at);
    if (at > now()) continue;
    const begun = { ...current.value, at: later(now(), lookSeconds), publishing: true };
    const swap = await ledger.swap(name, begun, current.generation, lineOf(begun));
    if (swap === "changed") continue;
    // One that stays costs one more look.
    return { served: async () => void (await ledger.remove(name, swap.generation).catch(() => undefined)) };
  }
}

/** Writes down until when to wait. "left" where somebody waits already, and will look after this edit. */
async function note<N extends EventName>(
  name: string,
  { topic, event, at: edited, seconds, longest, again }: Edit<N>,
  { ledger, now }: Deps,
): Promise<"left" | { at: Date; latest: string | undefined }> {
  return untilSwapped(async () => {
    const current = await ledger.read(name, Continue);
    const waited = current === undefined || isBegun(current.value) ? undefined : current.value;
    const quiet = later(edited, seconds);
    // Its time has come, and nobody has begun: whoever waited is about to, or has died.
    if (waited !== undefined && new Date(waited.at) <= now())
      return { at: new Date(waited.at), latest: waited.latest };
    const latest = waited?.latest ?? later(edited, longest);
    const [, last = quiet] = [waited?.at ?? quiet, quiet].sort();
    const [at = quiet] = [last, latest].sort();
    if (waited?.at !== at) {
      const next: Continue = waited === undefined ? fresh(topic, event, { at, latest }) : { ...waited, at };
      const swap = await ledger.swap(name, next, current?.generation ?? "0", lineOf(next));
      if (swap === "changed") return "overtaken";
    }
    return waited === undefined || again ? { at: new Date(at), latest } : "left";
  }, "too many deliveries wait for quiet at once");
}

function fresh<N extends EventName>(
  topic: N,
  payload: EventOf<N>,
  times: { at: string; latest: string },
): Continue {
  const attributes = causes();
  const cause = Object.keys(attributes).length === 0 ? {} : { attributes };
  return { v: 1, ...times, topic, payload, published: false, once: true, ...cause };
}

/** Tells whether somebody looks by now, or has published that somebody is to. */
const isBegun = ({ published, publishing = false }: Continue): boolean => published || publishing;

const later = (than: Date, seconds: number): string =>
  new Date(than.getTime() + seconds * 1000).toISOString();
