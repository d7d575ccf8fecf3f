// Every call of the worker to one far end fails once; the end is the same, one pull request, the team told once.
import { expect } from "@jest/globals";
import type { Failure, FarEndName } from "../../../local/wire/faults.ts";
import { type BumpHarness, proposed, release } from "./harness.ts";

export const before: [string, Failure] = ["before", { kind: "status", status: 503 }];
export const after: [string, Failure] = ["after", { kind: "lost-answer" }];
// Storage's own client tries a 503 again by itself; this it does not.
export const refused: [string, Failure] = ["refused", { kind: "status", status: 403 }];

/**
 * Gives how many calls have failed: every one, or every so many. With `takenOver`, a pull request is open and a newer release
 * has come.
 */
export async function strikeEach(
  harness: BumpHarness,
  farEnd: FarEndName,
  kinds: [string, Failure][],
  { every = 1, takenOver }: { every?: number; takenOver?: string } = {},
): Promise<number> {
  let struck = 0;
  for (const [when, failure] of kinds)
    for (let at = 1; ; at += every) {
      const hub = harness.hub();
      if (takenOver !== undefined) {
        await hub.deliver();
        hub.publish(release(takenOver));
      }
      harness.faults.add({ farEnd, at, failure });
      await hub.deliver();
      const left = harness.faults.list().length;
      harness.faults.clear();
      if (left > 0) break;
      struck += 1;
      await hub.deliver();
      expect([farEnd, when, at, hub.end()]).toEqual([farEnd, when, at, proposed(hub, takenOver)]);
    }
  return struck;
}
