// Brings incidents into the world: changes the state of a hub by compare and swap, then publishes what is to be told. A process
// remembers for a minute what stands, so that a burst of good deliveries costs no read each.
import type { Publish } from "../bus/publish.ts";
import type { Clock } from "../clock.ts";
import type { Ledger, Versioned } from "../ledger.ts";
import { readWrittenOver } from "../written-over.ts";
import { Incidents } from "./incident-records.ts";
import { noticeOf } from "./incident-text.ts";
import { noIncidents, publishAgainMinutes, toTell } from "./incidents.ts";
import { untilSwapped } from "./swap.ts";

/** For so long a process believes what it has read; another one may have opened an incident meanwhile. */
export const rememberSeconds = 60;

/** Memory of a process: each hub's incidents, and the messages that it has published. */
export type KnownIncidents = {
  known: Map<string, { at: number; state: Versioned<Incidents> }>;
  published: Map<string, number>;
};
/** A process that has read and published nothing yet. */
export const nothingKnown = (): KnownIncidents => ({ known: new Map(), published: new Map() });

export type IncidentDeps = {
  ledger: Pick<Ledger, "list" | "read" | "swap">;
  publish: Publish;
  now: Clock;
  knownIncidents: KnownIncidents;
};

export const incidentsFolder = "head/incidents/";
/** Names the object where a hub's incidents lie. */
export const incidentsName = (hub: string): string => `${incidentsFolder}${hub}.json`;

/**
 * Changes a hub's incidents and publishes what is to be told. Throws when the state cannot be read or written, or a message not
 * be published; twice is harmless.
 * @param change gives the same value where nothing is to be written.
 * @param options `anew` reads first, whatever is remembered; `tells` is false for whoever has met no trouble: the tick tells, too.
 */
export async function changeIncidents(
  hub: string,
  change: (state: Incidents, now: Date) => Incidents,
  deps: IncidentDeps,
  { anew = false, tells = true } = {},
): Promise<Incidents> {
  let current = anew ? undefined : remembered(hub, deps);
  return untilSwapped(async () => {
    current ??= await read(hub, deps);
    const next = change(current.value, deps.now());
    if (next !== current.value) {
      // Memory is unsure until the answer is here: one that is lost hides a write that was made.
      deps.knownIncidents.known.delete(hub);
      const swapped = await deps.ledger.swap(incidentsName(hub), next, current.generation);
      if (swapped === "changed") {
        current = undefined;
        return "overtaken";
      }
      keep(hub, { value: next, generation: swapped.generation }, deps);
    }
    if (tells) await tell(hub, next, deps);
    return next;
  }, "too many deliveries write down a trouble at once");
}

function remembered(
  hub: string,
  { knownIncidents: { known }, now }: IncidentDeps,
): Versioned<Incidents> | undefined {
  const found = known.get(hub);
  // The clock of a sample hub may have been put back.
  const age = Math.abs(now().getTime() - (found?.at ?? 0));
  return found !== undefined && age < rememberSeconds * 1000 ? found.state : undefined;
}

async function read(hub: string, deps: IncidentDeps): Promise<Versioned<Incidents>> {
  const stored = await readWrittenOver(deps.ledger, incidentsName(hub), Incidents, noIncidents);
  const state = stored ?? { value: noIncidents, generation: "0" };
  keep(hub, state, deps);
  return state;
}

function keep(
  hub: string,
  state: Versioned<Incidents>,
  { knownIncidents: { known }, now }: IncidentDeps,
): void {
  known.set(hub, { at: now().getTime(), state });
}

/** Publishes what this process has not: under a key that says which time it is, so that people get it once. */
async function tell(hub: string, state: Incidents, deps: IncidentDeps): Promise<void> {
  const {
    publish,
    now,
    knownIncidents: { published },
  } = deps;
  const old = now().getTime() - publishAgainMinutes * 60_000;
  for (const [name, at] of published) if (at < old) published.delete(name);
  for (const telling of toTell(state, now())) {
    const notice = noticeOf(hub, telling);
    const name = `${hub}/${notice.key}`;
    if (published.has(name)) continue;
    await publish("notice", notice);
    published.set(name, now().getTime());
  }
}
