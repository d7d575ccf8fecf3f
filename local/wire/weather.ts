// Weather over the far ends: which spells reign, by the movable clock, and what that means for a call. It is calm unless somebody
// has put a spell on the calendar.
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { keysOf } from "../../shared/closed.ts";
import type { Failure, FarEndName } from "./faults.ts";
import type { Rate } from "./rate.ts";
import { type SpellName, spells, type Weather } from "./spells.ts";
import type { State } from "./state.ts";

/** One spell on the calendar, in milliseconds; `behindMs` is how far reads lag, where not as usual. */
export type Spell = { name: SpellName; from: number; until: number; behindMs?: number };

export type Sky = {
  now: () => number;
  /** Gives what a service answers instead; undefined where it is well. */
  strike: (farEnd: FarEndName, call: string) => Failure | undefined;
  /** Gives the milliseconds by which its reads lag behind its writes now. */
  behindMs: (farEnd: FarEndName) => number;
  /** Code with which every zone refuses a machine now. */
  noRoom: () => string | undefined;
  /** Gives the writes that each object takes now; any number where nothing is given. */
  objectWrites: () => Rate | undefined;
  /** Messages come twice, late and out of order now. */
  isUnruly: () => boolean;
};

/** Reads what reigns off a list, which may change. */
export function skyOver(now: () => number, all: () => readonly Spell[]): Sky {
  function reigning(farEnd: FarEndName): { spell: Spell; effect: Weather["effect"] }[] {
    const listed = all();
    if (listed.length === 0) return [];
    const at = now();
    return listed
      .filter(({ name, from, until }) => spells[name].farEnd === farEnd && from <= at && at < until)
      .map((spell) => ({ spell, effect: spells[spell.name].effect }));
  }
  return {
    now,
    strike(farEnd, call) {
      for (const { spell, effect } of reigning(farEnd))
        if (effect.kind === "refuses" && effect.calls?.test(call) !== false)
          return effect.answer(now(), spell.until);
      return undefined;
    },
    behindMs: (farEnd) =>
      Math.max(
        0,
        ...reigning(farEnd).map(({ spell, effect }) =>
          effect.kind === "lags" ? (spell.behindMs ?? effect.behindMs) : 0,
        ),
      ),
    noRoom: () =>
      reigning("compute").flatMap(({ effect }) => (effect.kind === "no-room" ? [effect.code] : []))[0],
    objectWrites: () =>
      reigning("storage").flatMap(({ effect }) => (effect.kind === "writes" ? [effect.rate] : []))[0],
    isUnruly: () => reigning("pubsub").some(({ effect }) => effect.kind === "unruly"),
  };
}

export const calmSky = skyOver(
  () => 0,
  () => [],
);

const Row = z.object({
  name: z.enum(keysOf(spells)),
  from: z.number(),
  until: z.number(),
  behindMs: z.number().nullable(),
});

export type Calendar = ReturnType<typeof calendarIn>;

/** Keeps the calendar in the sample hub's database: it outlives a restart, and the clock ends it. */
export function calendarIn(state: State, now: () => number) {
  state.exec(
    'CREATE TABLE IF NOT EXISTS spell (name TEXT PRIMARY KEY, "from" INTEGER NOT NULL, until INTEGER NOT NULL, behindMs INTEGER)',
  );
  const put = state.prepare("INSERT OR REPLACE INTO spell VALUES (?, ?, ?, ?)");
  const drop = state.prepare("DELETE FROM spell");
  let known: Spell[] = z
    .array(Row)
    .parse(state.prepare("SELECT * FROM spell ORDER BY name").all())
    .map(({ behindMs, ...spell }) => (behindMs === null ? spell : { ...spell, behindMs }));
  const list = (): Spell[] => known.filter(({ until }) => until > now());
  return {
    list,
    /** Begins a spell now, or lets one that reigns last so long, and lag so far, from now on. */
    begin(name: SpellName, forMs: number = spells[name].minutes * 60_000, behindMs?: number): Spell {
      const spell = {
        name,
        from: now(),
        until: Math.ceil(now() + forMs),
        ...(behindMs === undefined ? {} : { behindMs }),
      };
      put.run(name, spell.from, spell.until, behindMs ?? null);
      known = [...list().filter((each) => each.name !== name), spell];
      return spell;
    },
    clear(): void {
      drop.run();
      known = [];
    },
  };
}

/** Keeps a service as it was before its latest writes: copies, each until the write that followed, only while its reads lag. */
export function lagging<T>(sky: Sky, farEnd: FarEndName) {
  let past: { until: number; value: T }[] = [];
  return {
    /** Call it before each write. */
    keep(value: () => T): void {
      if (sky.behindMs(farEnd) === 0) past = [];
      else if (past.at(-1)?.until !== sky.now()) past.push({ until: sky.now(), value: value() });
    },
    /** Gives what a reader sees now, where that is not how it is. */
    seen(): T | undefined {
      const behind = sky.behindMs(farEnd);
      past = behind === 0 ? [] : past.filter(({ until }) => until > sky.now() - behind);
      return past[0]?.value;
    },
  };
}

/** The same of what people write past us, such as a file: it is new from when it is first looked at. */
export function laggingLooks<T>(sky: Sky, farEnd: FarEndName): (of: string, value: T) => T {
  const known = new Map<string, { last: T; past: ReturnType<typeof lagging<T>> }>();
  return (of, value) => {
    const entry = known.get(of) ?? { last: value, past: lagging<T>(sky, farEnd) };
    known.set(of, entry);
    const { last } = entry;
    if (sky.behindMs(farEnd) > 0 && !isDeepStrictEqual(last, value)) entry.past.keep(() => last);
    entry.last = value;
    return entry.past.seen() ?? value;
  };
}
