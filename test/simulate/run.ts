// One seed of one flow from beginning to end, and what came of it.
import { brokenAtTheEnd } from "./checks.ts";
import { drive } from "./driver.ts";
import type { Flow } from "./flow.ts";
import { randomOf } from "./random.ts";
import { readsSlack } from "./team.ts";
import { hasSpell, weatherOf } from "./weather.ts";

export type Seeded = {
  seed: number;
  digest: string;
  broken: string[];
  /** Parts that may be left out. */
  parts: string[];
  timeline: string[];
  calls: number;
  faults: number;
  crashes: number;
  pauses: number;
  deliveries: number;
  duplicates: number;
};

/** The timeline of the seed that is being played. */
export const playing: { lines: readonly string[] } = { lines: [] };

export async function runSeed(
  flow: Flow,
  seed: number,
  without: ReadonlySet<string> = new Set(),
): Promise<Seeded> {
  const random = randomOf(seed);
  const weather = weatherOf(random, flow.name);
  const harness = await flow.open(random, weather);
  const { world } = harness;
  if (random.chance(0.4) || hasSpell(weather, "slack-down", "slack-limit")) readsSlack(world);
  // Some hubs have only plans made.
  if (random.chance(0.06)) world.settings.flows[flow.name] = "plan";
  playing.lines = world.timeline.lines;
  try {
    const driven = await drive(harness, random, without);
    const broken = await brokenAtTheEnd(harness, driven);
    return {
      seed,
      digest: world.timeline.digest(),
      broken,
      parts: driven.parts,
      timeline: world.timeline.lines,
      ...world.strike.counts,
      deliveries: driven.deliveries,
      duplicates: driven.duplicates,
    };
  } finally {
    world.close();
  }
}
