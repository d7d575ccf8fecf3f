// Holds leased lists against one list a machine, by a model with the real cuts and flags: machines that are taken away again and again, names that
// are looked at before the first byte, and bytes in flight that are lost. Nothing is copied; all is drawn from a seed.
import { cutLists } from "../functions/run-transfer/cut.ts";
import { flagsFor } from "../functions/run-transfer/plan.ts";
import type { RemoteObject } from "../shared/transfers/records.ts";
import { sampleSettings } from "../test/local/sample/sample-settings.ts";
import { randomOf } from "../test/simulate/random.ts";

/** Figures of lists as shares of those of one list a machine. */
export type Lists = { objects: number; makespan: number; lost: number; firstByte: number };

const objects = 200_000;
const machines = 4;
/** One machine's pace: bytes in a second, names that it looks at, and seconds of an object's turn. */
const pace = { bytes: 700e6, names: 2000, turnSeconds: 0.25 };
/** Seconds that a machine stays at the middle, and until there is another one. */
const stays = 1200;
const comesAfter = 120;
const plays = 100;

/** Names that are looked at, objects and bytes that are copied, streams, and bytes that are on their way at a time. */
type Work = { names: number; turns: number; bytes: number; transfers: number; inFlight: number };

const seconds = ({ turns, bytes, transfers }: Work): number =>
  Math.max(bytes / pace.bytes, (turns * pace.turnSeconds) / transfers);

export function benchLists(): Lists {
  const settings = sampleSettings().hubs["sample"]?.transfers;
  if (settings === undefined) throw new Error("the sample has no transfers");
  const { machine } = settings;
  const random = randomOf(20_260_301);
  // Most objects are small, and most bytes lie in large ones.
  const drawn = Array.from({ length: objects }, (_, n): RemoteObject => {
    const isLarge = random.chance(0.002);
    return { name: `${n}`, size: isLarge ? random.between(1e9, 8e9) : random.between(1e5, 1e7) };
  });
  const leased = cutLists({ copied: drawn, moved: [], unproved: [] }, { machine, gigabytesPerMachine: 2000 });
  const one = Array.from({ length: machines }, (_, n) => drawn.filter((__, index) => index % machines === n));
  const workOf = (some: readonly RemoteObject[]): Work => {
    const flags = flagsFor(
      Float64Array.from(some, ({ size }) => size),
      machine,
    );
    if (flags === undefined) throw new Error("no flags fit");
    const bytes = some.reduce((sum, { size }) => sum + size, 0);
    // A stream is found in an object by its bytes, and is half through it.
    const mean = some.reduce((sum, { size }) => sum + size * size, 0) / bytes;
    return {
      names: some.length,
      turns: some.length,
      bytes,
      transfers: flags.transfers,
      inFlight: (Math.min(flags.transfers, some.length) * mean) / 2,
    };
  };
  const lists = playedOften(
    (leased ?? []).map(({ copied }) => workOf(copied)),
    "anybody's",
  );
  const whole = playedOften(one.map(workOf), "one's own");
  return {
    objects,
    makespan: lists.makespan / whole.makespan,
    lost: lists.lost / whole.lost,
    firstByte: lists.firstByte / whole.firstByte,
  };
}

/** Plays the work so often, by other machines' lives each time, and gives the sums. */
function playedOften(work: readonly Work[], left: "anybody's" | "one's own") {
  const all = Array.from({ length: plays }, (_, seed) => played(work, left, seed));
  const sum = (of: (one: Played) => number): number => all.reduce((total, one) => total + of(one), 0);
  const taken = sum((one) => one.taken);
  return {
    makespan: sum((one) => one.makespan),
    lost: sum((one) => one.lost) / taken,
    firstByte: sum((one) => one.waited) / taken,
  };
}

/** Seconds to the end, bytes lost and seconds without a byte after machines were taken away, and how often they were. */
type Played = { makespan: number; lost: number; waited: number; taken: number };

/** Plays the work to its end; what a machine leaves is taken by whoever is free, or by the one after it. */
function played(work: readonly Work[], left: "anybody's" | "one's own", seed: number): Played {
  const random = randomOf(seed);
  const open = work.map((one) => ({ ...one }));
  const free = Array.from({ length: machines }, (_, n) => ({
    n,
    at: 0,
    until: random.between(1, 2 * stays),
  }));
  let [makespan, lost, taken, waited] = [0, 0, 0, 0];
  for (;;) {
    const machine = free.toSorted((a, b) => a.at - b.at)[0];
    if (machine === undefined || open.length === 0) return { makespan, lost, waited, taken };
    const at = left === "one's own" ? open.findIndex((_, index) => index % machines === machine.n) : 0;
    const next = open[at];
    if (next === undefined || next.bytes <= 0) {
      if (open.every(({ bytes }) => bytes <= 0)) return { makespan, lost, waited, taken };
      if (left === "anybody's") open.splice(at, 1);
      else free.splice(free.indexOf(machine), 1);
      continue;
    }
    const looking = next.names / pace.names;
    const end = machine.at + looking + seconds(next);
    if (end <= machine.until) {
      makespan = Math.max(makespan, end);
      next.bytes = 0;
      machine.at = end;
      continue;
    }
    // Taken away: what was done of it stays done, but for what was in flight.
    const share = Math.max(0, (machine.until - machine.at - looking) / seconds(next));
    const gone = Math.min(next.inFlight, share * next.bytes);
    lost += gone;
    taken += 1;
    next.bytes -= share * next.bytes - gone;
    next.turns -= Math.floor(share * next.turns);
    // Names of a whole list are looked at again, all of them.
    if (left === "anybody's") next.names = next.turns;
    waited += next.names / pace.names;
    machine.at = machine.until + comesAfter;
    machine.until = machine.at + random.between(1, 2 * stays);
  }
}

export const listsLine = ({ objects: count, makespan, lost, firstByte }: Lists): string =>
  `lists against one list a machine, by a model of ${count.toLocaleString("en")} objects whose machines are taken away: ${makespan.toFixed(2)} of the time, ${lost.toFixed(2)} of the bytes lost to each, ${firstByte.toFixed(2)} of the wait for the next first byte`;
