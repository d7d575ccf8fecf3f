// Plan equals apply, as a property: at each step of a course, with whatever a person has approved, the actions of a dry run are
// those that the run after it does, and the dry run has told nobody and moved no home.
import { expect } from "@jest/globals";
import fc from "fast-check";
import { hashOf, type StoredPlan } from "../../../shared/flow/plan.ts";
import type { QuotaState } from "../../../shared/quota/records.ts";
import type { flowHarness } from "./flow-harness.ts";
import { GB } from "./harness.ts";

/** Lists what a plan says will be done, and what is held. */
export const said = (plan: StoredPlan | undefined) => [
  plan?.hash,
  plan?.actions.map(hashOf),
  plan?.held.map(({ hash }) => hash),
];

const size = fc.constantFrom(1, 24.5, 26, 49, 51, 60, 120);
const day = fc.record({
  homes: fc.dictionary(fc.constantFrom("ada", "bo", "cy", "dee", "stranger", "gone"), size, {
    noNullPrototype: true,
  }),
  free: fc.constantFrom(10, 240, 500),
  kind: fc.constantFrom("allocated", "allocated", "allocated", "apparent"),
  approves: fc.nat(6),
});
const courses = fc.array(day, { minLength: 1, maxLength: 5 });

const stands = (state: QuotaState | undefined) =>
  Object.entries(state?.homes ?? {}).map(([name, { status, told }]) => [name, status, told]);

type Flow = Awaited<ReturnType<typeof flowHarness>>;

export const planEqualsApply = (flow: () => Flow, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(courses, fc.integer({ min: 1, max: 2 }), async (days, scansBefore) => {
      const on = await flow().hub({ scansBefore, holdChanges: { above: 1, share: 0.2 } });
      for (const [index, { homes, free, kind, approves }] of days.entries()) {
        await on.measured(index, homes, { kind, volume: { bytes: 1000 * GB, free: free * GB } });
        for (const why of ["schedule", "approval"] as const) {
          const before = await on.state();
          const planned = await on.delivered({ dryRun: true, why });
          expect([planned.effects, planned.notices]).toEqual([[], []]);
          expect(stands(await on.state())).toEqual(expect.arrayContaining(stands(before)));
          const applied = await on.delivered({ why });
          expect(said(applied.plan)).toEqual(said(planned.plan));
          const told = (planned.plan?.actions ?? []).filter(({ do: deed }) => deed !== "note");
          const done = applied.effects.filter(({ do: deed }) => deed !== "ask");
          const plain = (items: readonly object[]) =>
            JSON.parse(JSON.stringify(items, ["do", "about", "whom"]));
          expect(plain(done)).toEqual(plain(told));
          await on.says((applied.plan?.held ?? []).slice(0, approves));
        }
      }
    }),
    { numRuns },
  );
