// Times at which what waits may go on. A tick before that finds nothing, and is not worth its time.
import * as z from "zod";
import { continuePrefix } from "../../shared/flow/continue.ts";
import type { World } from "./world.ts";

const Until = z.object({ until: z.string() });

/** In milliseconds: a time each, which is not before that of the service that it waits for. */
export function waits(world: Pick<World, "records">): number[] {
  const waiting = world.records(continuePrefix).filter(({ metadata }) => metadata["published"] === "false");
  if (waiting.length === 0) return [];
  const alone = new Map(
    world
      .records("head/not-before/")
      .map(({ name, text }) => [name, Date.parse(Until.parse(JSON.parse(text)).until)]),
  );
  return waiting.map(({ name, metadata: { at = "", service } }) => {
    const [, , , hub] = name.split("/");
    return Math.max(Date.parse(at), alone.get(`head/not-before/${hub}/${service}.json`) ?? 0);
  });
}
