// The troubles of a hub, as one value: opened, seen again, acknowledged, closed, and what is to be told of them now. Pure: every
// change gives the same value again where nothing has to be written.
import { isDeepStrictEqual } from "node:util";
import type { Incident, Incidents } from "./incident-records.ts";

/** "Last seen" and "last succeeded" are written at most so often: Storage takes about one write a second for an object. */
export const seenMinutes = 10;
/** Minutes that a trouble which time may mend lasts before it is told. */
export const lastingMinutes = 60;
/** While it stands, it is told again after so long. */
export const againHours = 24;
/** Minutes within which a trouble that comes again was never over: that it is over is told later. */
export const calmMinutes = 10;
/** Days for which whoever says that they have seen it is left alone. */
export const acknowledgedDays = 7;
/** Days for which an incident that is over is shown. */
export const keptDays = 7;
/** Of one hub; whatever is more is one incident of its flow. */
export const mostOpen = 100;
/** A message is published again for so long, under the same key, for whoever wrote it down may have died before publishing. */
export const publishAgainMinutes = 25;

export const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const noIncidents: Incidents = { v: 1, incidents: {}, good: {} };

/** Trouble that a delivery met. */
export type Sight = Pick<
  Incident,
  | "flow"
  | "cause"
  | "kind"
  | "reason"
  | "subject"
  | "service"
  | "needs"
  | "lasting"
  | "waits"
  | "reach"
  | "beside"
> & {
  worker: string;
  /** The flow has told the people itself. */
  toldByFlow: boolean;
  /** It says less than what was said before, and takes nothing of it away. */
  keepsWords?: true;
};

/** Tells whether it stands. */
export const isOpen = ({ closed }: Pick<Incident, "closed">): boolean => closed === undefined;

/** The open ones, with their keys: those that only a person mends first, then the oldest. */
export const openIn = (state: Incidents): (Incident & { key: string })[] =>
  Object.entries(state.incidents)
    .filter(([, incident]) => isOpen(incident))
    .map(([key, incident]) => ({ key, ...incident }))
    .sort((a, b) => Number(b.lasting) - Number(a.lasting) || compare(a.opened, b.opened));

/** Opens an incident, or sees it again. What is told of it now is written down at once. */
export function saw(state: Incidents, sight: Sight, now: Date): Incidents {
  const key = keyOf(state, sight);
  const before = ownOf(state.incidents, key);
  if (before === undefined || isForgotten(before, now)) return put(state, key, opened(sight, key, now), now);
  const next = seenAgain(before, sight, now);
  return next === before ? state : put(state, key, next, now);
}

function keyOf(state: Incidents, { flow, cause }: Sight): string {
  const key = `${flow}/${cause}`;
  if (Object.hasOwn(state.incidents, key) || openIn(state).length < mostOpen) return key;
  return `${flow}/more`;
}

function opened(sight: Sight, key: string, now: Date): Incident {
  const { worker, toldByFlow, subject, service, keepsWords: _, ...rest } = sight;
  const at = now.toISOString();
  return notified(
    {
      ...rest,
      ...(subject === undefined ? {} : { subject }),
      ...(service === undefined ? {} : { service }),
      cause: key.slice(sight.flow.length + 1),
      workers: [worker],
      opened: at,
      seen: at,
      told: 0,
      ...(toldByFlow ? { toldAt: at } : {}),
    },
    now,
  );
}

/** Tells whether it is over for good, so that what comes now is another one. */
const isForgotten = ({ closed, overAt }: Incident, now: Date): boolean =>
  closed !== undefined && (overAt !== undefined || since(closed, now) >= calmMinutes * minute);

function seenAgain(before: Incident, sight: Sight, now: Date): Incident {
  const { closed, ...rest } = before;
  const worse = sight.lasting && !before.lasting;
  const reachable = before.reach === "nobody" && sight.reach !== "nobody";
  // A trouble that waits for a person is told as it is now; of other troubles the first words stand, for a burst has many.
  const reworded =
    sight.keepsWords !== true &&
    (sight.kind === "held" || sight.kind === "refused") &&
    !isDeepStrictEqual(sight.reason, before.reason);
  const grown: Incident = {
    ...rest,
    ...(worse || reachable ? { kind: sight.kind, needs: sight.needs } : {}),
    ...(worse || reachable || reworded ? { reason: sight.reason } : {}),
    workers: before.workers.includes(sight.worker) ? before.workers : [...before.workers, sight.worker],
    lasting: before.lasting || sight.lasting,
    waits: before.waits || sight.waits,
    reach: reachable ? sight.reach : before.reach,
    ...(sight.toldByFlow && before.toldAt === undefined ? { toldAt: now.toISOString() } : {}),
  };
  const next = notified(grown, now);
  const same =
    closed === undefined &&
    !worse &&
    !reachable &&
    !reworded &&
    next.workers.length === before.workers.length &&
    next.waits === before.waits &&
    next.toldAt === before.toldAt &&
    since(before.seen, now) < seenMinutes * minute;
  return same ? before : { ...next, seen: now.toISOString() };
}

/**
 * A function has succeeded: what stood in it alone is over, unless it was seen after that run began. `but` are causes that the run
 * itself has met, such as what it holds. `only` is the one kind that it says something of. What could not be understood is no part of
 * this: `understood` says so.
 */
export function succeeded(
  state: Incidents,
  run: {
    worker: string;
    needs: readonly string[];
    began: Date;
    everyMinutes?: number | undefined;
    but?: readonly string[];
    /** Part of the hub that the run was about alone. */
    subject?: string | undefined;
    only?: Incident["kind"] | undefined;
    /** It says something of its subject, and of nothing else. */
    alone?: boolean;
  },
  now: Date,
): Incidents {
  const { worker, needs, began, everyMinutes, but = [], subject, only, alone } = run;
  let next = state;
  for (const { key, ...incident } of openIn(state)) {
    const uses = needs.length === 0 || incident.needs.every((need) => needs.includes(need));
    const isMeant = only === undefined || incident.kind === only;
    const isOther = incident.subject === undefined ? alone === true : incident.subject !== subject;
    const stays = !isMeant || isOther || incident.kind === "refused" || but.includes(incident.cause);
    if (stays || !incident.workers.includes(worker) || !uses) continue;
    if (Date.parse(incident.seen) > began.getTime()) continue;
    const workers = incident.workers.filter((each) => each !== worker);
    const over = workers.length === 0 && !incident.waits;
    next = put(next, key, { ...incident, workers, ...(over ? { closed: now.toISOString() } : {}) }, now);
  }
  const last = ownOf(state.good, worker);
  const stale =
    everyMinutes !== undefined &&
    (last === undefined || since(last, now) >= goodMinutes(everyMinutes) * minute || next !== state);
  return stale ? { ...next, good: { ...next.good, [worker]: now.toISOString() } } : next;
}

/** Gives after how many minutes a success is written down again, of what is looked at every so many minutes. */
export const goodMinutes = (everyMinutes: number): number => Math.max(seenMinutes, everyMinutes / 10);

/** A function has understood all that it read: no cell, no file stands in its way any more. */
export function understood(state: Incidents, worker: string, now: Date): Incidents {
  let next = state;
  for (const { key, ...incident } of openIn(state))
    if (incident.kind === "refused" && incident.workers.includes(worker))
      next = put(next, key, { ...incident, workers: [], closed: now.toISOString() }, now);
  return next;
}

/** Somebody has it in hand: nobody is reminded of it for a while. Undefined where no such incident is open. */
export function acknowledged(state: Incidents, key: string, by: string, now: Date): Incidents | undefined {
  const incident = ownOf(state.incidents, key);
  if (incident === undefined || !isOpen(incident)) return undefined;
  return put(state, key, { ...incident, acknowledged: { by, at: now.toISOString() } }, now);
}

/** A person says that it is over. Undefined where no such incident is open. */
export function closed(state: Incidents, key: string, now: Date): Incidents | undefined {
  const incident = ownOf(state.incidents, key);
  if (incident === undefined || !isOpen(incident)) return undefined;
  return put(state, key, { ...incident, workers: [], waits: false, closed: now.toISOString() }, now);
}

/** Nothing of these causes waits under Undelivered any more. */
export function resolved(state: Incidents, left: ReadonlySet<string>, now: Date): Incidents {
  let next = state;
  for (const { key, ...incident } of openIn(state)) {
    if (!incident.waits || left.has(key)) continue;
    const over = incident.workers.length === 0;
    next = put(next, key, { ...incident, waits: false, ...(over ? { closed: now.toISOString() } : {}) }, now);
  }
  return next;
}

/** Writes down what is to be told now, of those that nobody has met lately, too. */
export function due(state: Incidents, now: Date): Incidents {
  let next = state;
  for (const [key, incident] of Object.entries(state.incidents)) {
    const after = notified(incident, now);
    if (after !== incident) next = put(next, key, after, now);
  }
  return next;
}

/** Marks an incident as told where it is to be told now: its own time, and how often, are its message's key. */
function notified(incident: Incident, now: Date): Incident {
  const { closed: over, overAt, opened: begun, toldAt, lasting, told, reach, acknowledged: word } = incident;
  if (reach === "nobody") return incident;
  if (over !== undefined) {
    const isNews = toldAt !== undefined && overAt === undefined && since(over, now) >= calmMinutes * minute;
    return isNews ? { ...incident, overAt: now.toISOString() } : incident;
  }
  if (word !== undefined && since(word.at, now) < acknowledgedDays * day) return incident;
  const isDue =
    toldAt === undefined
      ? lasting || since(begun, now) >= lastingMinutes * minute
      : since(toldAt, now) >= againHours * hour;
  return isDue ? { ...incident, told: told + 1, toldAt: now.toISOString() } : incident;
}

export type Telling = { key: string; incident: Incident; over: boolean };

/** Lists what was marked as told just now, and may not have been published yet. */
export const toTell = (state: Incidents, now: Date): Telling[] =>
  Object.entries(state.incidents).flatMap(([key, incident]): Telling[] => {
    const fresh = (at: string | undefined) =>
      at !== undefined && since(at, now) < publishAgainMinutes * minute;
    if (incident.reach === "nobody") return [];
    if (fresh(incident.overAt)) return [{ key, incident, over: true }];
    const tells = isOpen(incident) && incident.told > 0 && fresh(incident.toldAt);
    return tells ? [{ key, incident, over: false }] : [];
  });

/** Ends and forgets what belongs to functions that are not there any more: a flow that was switched off needs nobody. */
export function withoutUnserved(state: Incidents, serves: (worker: string) => boolean, now: Date): Incidents {
  const good = Object.entries(state.good).filter(([worker]) => serves(worker));
  const same = good.length === Object.keys(state.good).length;
  let next = same ? state : { ...state, good: Object.fromEntries(good) };
  for (const { key, ...incident } of openIn(state)) {
    if (incident.waits || incident.workers.length === 0 || incident.workers.some(serves)) continue;
    next = put(next, key, { ...incident, reach: "nobody", closed: now.toISOString() }, now);
  }
  return next;
}

/** Puts an incident into the state. Whatever is over for long goes with the next writing. */
export function put(state: Incidents, key: string, incident: Incident, now: Date): Incidents {
  const kept = Object.entries({ ...state.incidents, [key]: incident }).filter(
    ([, { closed: at }]) => at === undefined || since(at, now) < keptDays * day,
  );
  const over = kept.filter(([, each]) => !isOpen(each)).sort(([, a], [, b]) => compare(b.closed, a.closed));
  const tooMany = new Set(over.slice(mostOpen).map(([name]) => name));
  return { ...state, incidents: Object.fromEntries(kept.filter(([name]) => !tooMany.has(name))) };
}

const compare = (a = "", b = ""): number => Date.parse(a) - Date.parse(b);
/** Gives what stands under a key, which may be a word that every object knows. */
export const ownOf = <T>(record: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
/** Milliseconds. */
export const since = (at: string, now: Date): number => now.getTime() - Date.parse(at);
