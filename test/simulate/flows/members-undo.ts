// Undoing in simulation: which runs there are to undo, and that an undo touches nobody whom its run did not touch.
import * as z from "zod";
import { Run } from "../../../shared/records.ts";
import type { Random } from "../random.ts";
import type { Delivery } from "../strikes.ts";
import type { World } from "../world.ts";
import { hub } from "./settings.ts";

const Asked = z.object({ undo: z.string() });
const OnMember = z.object({ login: z.string() });

export type Undos = ReturnType<typeof undosOf>;

export function undosOf(world: World) {
  const runs = (): Run[] =>
    world
      .records("runs/")
      .map(({ text }) => Run.parse(JSON.parse(text)))
      .filter(({ event, effects }) => event === "sheet-changed" && effects.length > 0);
  return {
    /** Asks for an undo of a run that did something; undefined while there is none. */
    hint(random: Random): ["sheet-changed", Record<string, unknown>] | undefined {
      const run = random.oneOf(runs());
      return run && ["sheet-changed", { v: 1, hub, why: "person", undo: run.id }];
    },
    /** Gives the logins on which the run acted that a delivery undoes; undefined for one that undoes nothing. */
    touchedBy({ messageId }: Delivery): ReadonlySet<string> | undefined {
      const event = world.published.find(({ id }) => id === messageId)?.event;
      const id = Asked.safeParse(event).data?.undo;
      if (id === undefined) return undefined;
      const run = runs().find((one) => one.id === id);
      return new Set(run?.effects.flatMap((effect) => OnMember.safeParse(effect).data?.login ?? []));
    },
  };
}
