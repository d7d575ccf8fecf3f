// Parts that a flow brings to its simulation: a small hub made at random, what people do to it meanwhile, and what must hold when
// everything has come to rest.
import type { EventName } from "../../shared/events.ts";
import type { StoredPlan } from "../../shared/flow/plan.ts";
import type { FlowName } from "../../shared/functions.ts";
import type { Effect } from "../../shared/records.ts";
import type { Workers } from "./house.ts";
import type { Random } from "./random.ts";
import type { Weather } from "./weather.ts";
import type { World } from "./world.ts";

export type Hint = [topic: EventName, event: Record<string, unknown>];

export type Harness = {
  world: World;
  /** Number of steps before all is calm, from and to. */
  steps: readonly [number, number];
  workers: Workers;
  /** Something that wakes the flow. */
  hint: () => Hint;
  /** Somebody changes the world outside; gives what was done, for the timeline. */
  edit: () => string;
  /** Puts somebody into the world who is to be mailed, and in the sheet invited: work that no chance takes away. */
  join?: () => void;
  /** Events that schedules publish for this flow, and how often. */
  schedules: readonly { everyMinutes: number; hint: () => Hint }[];
  /** Nothing strikes any more: whatever else stands in the way goes too. */
  calmed?: () => void;
  /** Does what people do when all is calm, such as an approval that the flow waits for. Gives how many sweeps it takes. */
  settle?: () => number;
  /** Time at which somebody who takes their time does something next. */
  next?: () => number | undefined;
  /** Ends of the keys of incidents that stand for as long as something does not run which this world has switched off. */
  missed?: readonly string[];
  /** Called when the clock was moved, for whatever lives by it. */
  moved?: () => Promise<void>;
  /** Comparison of a flow's plan with a run on the same world. */
  foretold?: {
    /** Asks for a run, or for its plan alone. */
    ask: (dryRun: boolean) => Hint;
    /** Has what was held carried out, once it is approved; without it nobody approves what one run holds. */
    wake?: () => Hint;
    /** An action and an effect, in one wording; nothing for what the other does not know. */
    ofPlan: (action: StoredPlan["actions"][number]) => string | string[];
    ofEffect: (effect: Effect) => string | string[];
  };
  /** Sentences that do not hold. */
  broken: () => Promise<string[]>;
  /** Texts that no log line, reason or step may carry. */
  canaries: () => string[];
};

export type Flow = {
  name: FlowName;
  open: (random: Random, weather: Weather) => Promise<Harness>;
};
