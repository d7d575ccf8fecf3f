// Cutting a failed seed down, and how what is left is printed. The replays are ours: each plays in no time.
import { describe, expect, test } from "@jest/globals";
import type { Seeded } from "./run.ts";
import { shrink, tableOf } from "./shrink.ts";

const steps = Array.from({ length: 40 }, (_, index) => `step ${index + 1}`);
const all = steps.flatMap((step) => [step, `strike 1 of ${step}`]);

/** Breaks a rule where step 7 and a strike at step 31 are both there; without them another one, at times. */
const played = (without: ReadonlySet<string>): Seeded => {
  // Without a step its strikes are not met.
  const parts = all.filter((part) => !without.has(part.replace("strike 1 of ", "")));
  const has = (part: string): boolean => parts.includes(part) && !without.has(part);
  const broken =
    has("step 7") && has("strike 1 of step 31")
      ? [`zq${parts.length} was told twice`]
      : [`${parts.length} are left`];
  const timeline = parts.filter(has);
  const none = { calls: 0, faults: 0, crashes: 0, pauses: 0, deliveries: 0, duplicates: 0 };
  return { seed: 1, digest: "", broken, parts, timeline, ...none };
};

describe("a failed seed", () => {
  test("is cut down to what it takes to break the same rule", async () => {
    let replays = 0;
    const shortest = await shrink(
      played(new Set()),
      async (without) => {
        replays += 1;
        return played(without);
      },
      () => undefined,
    );
    expect(shortest.timeline).toEqual(["step 7", "step 31", "strike 1 of step 31"]);
    expect(replays).toBeLessThan(100);
  });

  test("is printed as who did what, and when, without what always happens", () => {
    const table = tableOf([
      "03-03T10:00:00.000 somebody takes zqa off the sheet",
      "03-03T10:00:00.000 sync-members #3 storage GET ~/o/head/lease/a.json = 200",
      "03-03T10:00:05.000 sync-members #3 github DELETE /orgs/sim-hub/invitations/4 = 204",
      "03-03T10:10:00.000 all is calm from here on",
    ]);
    expect(table.split("\n")).toEqual([
      "when               | who                    | what",
      "-------------------+------------------------+-------------------------------------------------------------",
      "03-03 10:00:00.000 | somebody               | takes zqa off the sheet",
      "03-03 10:00:05.000 | sync-members #3 github | DELETE /orgs/sim-hub/invitations/4 = 204",
      "03-03 10:10:00.000 |                        | all is calm from here on",
    ]);
  });
});
