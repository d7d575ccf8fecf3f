// Time from an edit of the sheet to its invitation, at the default settings and on the movable clock; it is one invitation, whatever way
// its deliveries take.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Edit, edited, type Invited } from "./quiet-harness.ts";

const seconds = (from: number, to: number) => fc.integer({ min: from * 1000, max: to * 1000 });
const clean = fc.record({ toPublish: seconds(0, 1), toDelivery: seconds(0, 2) });
const unruly = fc.record({
  toPublish: seconds(0, 1),
  toDelivery: seconds(0, 60),
  twice: fc.boolean(),
  killed: fc.constantFrom(undefined, "comes-again" as const, "is-lost" as const),
});

/** Bursts of edits over ten minutes: between two of one burst there is less than the quiet time. */
const editsBy = (way: fc.Arbitrary<Omit<Edit, "at">>): fc.Arbitrary<Edit[]> =>
  fc
    .array(
      fc.record({
        before: seconds(25, 120),
        edits: fc.array(fc.record({ after: seconds(1, 15), way }), { minLength: 1, maxLength: 8 }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((bursts) => {
      let at = 0;
      return bursts
        .flatMap(({ before, edits }) =>
          edits.map(({ after, way: by }, index) => {
            at += index === 0 ? before : after;
            return { at, ...by };
          }),
        )
        .filter((edit) => edit.at <= 600_000);
    });
const prompt = { toPublish: 500, toDelivery: 500 };

/** The last edit of each burst. */
const lastOf = (invited: Invited): Invited =>
  invited.filter(({ at }, index) => (invited[index + 1]?.at ?? Number.POSITIVE_INFINITY) - at > 20_000);
const longest = (invited: Invited): number => Math.max(...invited.map(({ after }) => after));
const onceEach = (edits: readonly Edit[]): string[] => edits.map((_, index) => `person-${index}`).sort();
/** Looks take three seconds, and each invitation one. */
const runOf = (edits: readonly Edit[]): number => 2 * 3000 + edits.length * 1000;

test("from the last edit of a burst to its invitation are 35 s at most, in 95 of 100", async () => {
  const last: Invited = [];
  await fc.assert(
    fc.asyncProperty(editsBy(clean), async (edits) => {
      const { invited, tried } = await edited(edits);
      last.push(...lastOf(invited));
      expect([...tried].sort()).toEqual(onceEach(edits));
      expect(longest(invited)).toBeLessThanOrEqual(120_000 + runOf(edits));
    }),
    { numRuns: 4 },
  );
  const slow = last.filter(({ after }) => after > 35_000);
  expect([slow.length / last.length <= 0.05, slow]).toEqual([true, slow]);
}, 300_000);

test("late, twice, or killed in its wait: everybody is invited once, by the next tick at the latest", async () => {
  await fc.assert(
    fc.asyncProperty(editsBy(unruly), async (edits) => {
      const { invited, tried } = await edited(edits);
      expect([...tried].sort()).toEqual(onceEach(edits));
      // A minute on its way, two of waiting, one to the tick.
      expect(longest(invited)).toBeLessThanOrEqual(4 * 60_000 + runOf(edits));
    }),
    { numRuns: 4 },
  );
}, 300_000);

test("of somebody who does not stop editing, the first edit waits for two minutes", async () => {
  const edits = Array.from({ length: 36 }, (_, index) => ({ at: 65_000 + index * 10_000, ...prompt }));
  const { invited, looks } = await edited(edits);
  expect(invited[0]?.after).toBe(500 + 120_000 + 3000);
  expect(longest(invited)).toBeLessThanOrEqual(120_000 + runOf(edits.slice(0, 13)));
  expect(looks).toBe(3);
});

test.each([
  // Ten seconds of back-off, in which half of the quiet time goes by.
  ["comes-again", 30_000, 0.5 + 20 + 3],
  // Its wait is over after 50.5 s: the tick after 60.5 s publishes.
  ["is-lost", 30_000, 60.5 - 30 + 0.5 + 3],
  ["is-lost", 41_000, 120.5 - 41 + 0.5 + 3],
] as const)(
  "a delivery that is killed in its wait, and whose message %s, of an edit at %d ms: invited after %d s",
  async (killed, at, after) => {
    const { invited, tried, looks } = await edited([{ at, ...prompt, killed }]);
    expect([invited, tried, looks]).toEqual([[{ at, after: after * 1000 }], ["person-0"], 1]);
  },
);

test("delivered twice, it is looked at once", async () => {
  const { tried, looks } = await edited([{ at: 30_000, ...prompt, twice: true }]);
  expect([tried, looks]).toEqual([["person-0"], 1]);
});
