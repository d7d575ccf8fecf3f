// Killers of machines in a simulation. Three who do not know of each other see to it that none is left: the machine's own script, the sweep, and
// the platform by the machine's time limit. In some seeds one of them does nothing, and no machine is left all the same.
import type { Random } from "../random.ts";

export type Killer = "script" | "sweep" | "platform";

/** Hours that a transfer of a simulation may last at most, and its machines with it. */
export const limitHours = 3;
const minute = 60_000;
/** A sweep comes every ten minutes, and leaves a machine alone in its first ten. */
const sweptWithin = 45 * minute;
const limitWithin = (limitHours * 60 + 45) * minute;

/** Draws the killer that does nothing; mostly all of them do their work. */
export function killersOf(random: Random) {
  const disabled = random.pick<Killer | undefined>(undefined, undefined, "script", "sweep", "platform");
  return {
    disabled,
    acts: (killer: Killer): boolean => killer !== disabled,
    /** Milliseconds after its work within which a machine is gone, whoever else does nothing. */
    within: disabled === "sweep" ? limitWithin : sweptWithin,
  };
}
