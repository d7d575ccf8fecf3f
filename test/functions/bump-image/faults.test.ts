// Every call of the worker fails once, before it is done or after: the same end, one pull request, the team told once.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Failure, FarEndName } from "../../../local/faults.ts";
import { bumpStand, proposed, release } from "./stand.ts";

let stand: Awaited<ReturnType<typeof bumpStand>>;
beforeAll(async () => {
  stand = await bumpStand();
});
afterAll(() => stand.close());

const before: [string, Failure] = ["before", { kind: "status", status: 503 }];
const after: [string, Failure] = ["after", { kind: "lost-answer" }];
// Storage's own client tries a 503 again by itself; this it does not.
const refused: [string, Failure] = ["refused", { kind: "status", status: 403 }];

/** Gives how many calls have failed. With `takenOver`, a pull request is open and a newer release has come. */
async function each(farEnd: FarEndName, kinds: [string, Failure][], takenOver?: string): Promise<number> {
  let struck = 0;
  for (const [when, failure] of kinds)
    for (let at = 1; ; at += 1) {
      const scene = stand.scene();
      if (takenOver !== undefined) {
        await scene.deliver();
        scene.publish(release(takenOver));
      }
      stand.faults.add({ farEnd, at, failure });
      await scene.deliver();
      const left = stand.faults.list().length;
      stand.faults.clear();
      if (left > 0) break;
      struck += 1;
      await scene.deliver();
      expect([farEnd, when, at, scene.end()]).toEqual([farEnd, when, at, proposed(scene, takenOver)]);
    }
  return struck;
}

test("GitHub", async () => expect(await each("github", [before, after])).toBeGreaterThan(30));
test("GitHub, after it when a newer release takes over", async () =>
  expect(await each("github", [after], "2024.10.01")).toBeGreaterThan(12));
test("a registry", async () => expect(await each("registry", [before])).toBeGreaterThan(10));
test("the ledger", async () => expect(await each("storage", [refused])).toBeGreaterThan(8));
test("the topic", async () => {
  const scene = stand.scene();
  scene.publishing.failAt = 1;
  await scene.deliver();
  expect(scene.end()).toEqual(proposed(scene));
  expect(scene.failures()).toBe(1);
});
