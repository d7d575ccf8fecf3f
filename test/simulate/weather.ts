// Roughness of a seed: how often a call fails, a process dies, a delivery pauses, comes twice, comes late; and which spells of bad
// weather its vendors have.
import type { SpellName } from "../../local/wire/spells.ts";
import type { Spell } from "../../local/wire/weather.ts";
import type { FlowName } from "../../shared/functions.ts";
import type { Random } from "./random.ts";

export type Weather = {
  /** Shares of the calls that cross the wire. */
  fault: number;
  crash: number;
  pause: number;
  /** Shares of the deliveries. */
  duplicate: number;
  late: number;
  /** Of the acknowledgements, and of what a scheduler should have published. */
  lost: number;
  spells: readonly Spell[];
};

export const calm: Weather = {
  fault: 0,
  crash: 0,
  pause: 0,
  duplicate: 0,
  late: 0,
  lost: 0,
  spells: [],
};

/** Begin of each scene. */
export const start = new Date("2031-03-03T10:00:00Z");
const minute = 60_000;

const everywhere = [
  "storage-down",
  "pubsub-down",
  "secrets-down",
  "gmail-down",
  "gmail-limit",
  "slack-down",
  "slack-limit",
] as const;
// Not "pubsub-unruly": the driver itself delivers twice, late and out of order, by shares of its own.
/** Spells that may befall the vendors that a flow calls. */
const spellsOf: Partial<Record<FlowName, readonly SpellName[]>> = {
  "sync-members": [
    ...everywhere,
    "github-down",
    "github-limit",
    "github-lag",
    "sheet-down",
    "sheet-limit",
    "sheet-lag",
  ],
  "scan-quotas": [...everywhere, "prometheus-down"],
  "bump-image": [
    ...everywhere,
    "github-down",
    "github-limit",
    "github-lag",
    "registry-down",
    "registry-limit",
    "registry-lag",
  ],
  "run-transfer": [...everywhere, "compute-down", "compute-lag", "no-spot", "s3-down"],
};

/** Tells whether one of these spells reigns at some time: what it befalls is then in the world. */
export const hasSpell = ({ spells }: Weather, ...names: SpellName[]): boolean =>
  spells.some(({ name }) => names.includes(name));

/** Most seeds have some of everything; some have one kind alone, or nothing. */
export function weatherOf(random: Random, flow: FlowName): Weather {
  return {
    fault: random.pick(0, 0.02, 0.05, 0.1, 0.2),
    crash: random.pick(0, 0.01, 0.02, 0.05, 0.1),
    pause: random.pick(0, 0.01, 0.03, 0.06),
    duplicate: random.pick(0, 0.1, 0.3),
    late: random.pick(0, 0.1, 0.3),
    lost: random.pick(0, 0.05, 0.2),
    spells: random
      .shuffled(spellsOf[flow] ?? [])
      .slice(0, random.pick(0, 1, 1, 2))
      .map((name) => {
        // Half of the scenes are over within two minutes, hardly any lasts an hour.
        const from = start.getTime() + random.pick(0, 0, random.below(20 * minute));
        const until = from + random.between(5, 90) * minute;
        return { name, from, until, behindMs: random.pick(2000, minute, 10 * minute) };
      }),
  };
}
