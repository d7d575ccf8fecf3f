// Properties of any members' sheet: nothing throws, good rows count, and the order does not matter.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Cell } from "../../../shared/sheets/cell.ts";
import { memberRows } from "../../../shared/sheets/rows.ts";
import { header, members, read, today } from "./rows-harness.ts";

const computed = fc.constantFrom({}, { computed: true } as const);
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 50 }),
  fc.constantFrom(
    ...["#REF!", "Loading...", "N/A", "TRUE", "none", "Research", "Reserch", "@x", "\u202e"],
    ...["1/2/3", "2026-12-31", "31/12/26", "a@b", "https://github.com/", "dependabot[bot]"],
  ),
);
/** Every kind of cell. */
const cell: fc.Arbitrary<Cell> = fc.oneof(
  { weight: 3, arbitrary: text },
  fc
    .tuple(fc.constantFrom("text", "error", "checkbox"), text, computed)
    .map(([is, shown, more]) => ({ is, shown, ...more }) as const),
  fc
    .tuple(fc.oneof(fc.double(), fc.integer({ min: -9, max: 99_999 })), text, computed)
    .map(([value, shown, more]) => ({ is: "number", value, shown, ...more }) as const),
  fc.tuple(text, fc.emailAddress()).map(([shown, email]) => ({ is: "chip", shown, email }) as const),
  fc.constant({ is: "merged", shown: "", first: "A1" } as const),
);

const good = fc
  .uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 8 })
  .map((ids) => ids.map((id) => [`P ${id}`, `p${id}@example.org`, `person-${id}`, "Public", ""]));
const people = (rows: Cell[][]) =>
  read(...rows)
    .rows.map(({ cell: _, ...row }) => JSON.stringify(row))
    .sort();

describe("whatever is in the sheet", () => {
  test("it never throws, and each refusal names a cell", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { maxLength: 7 }), { maxLength: 12 }),
        fc.boolean(),
        fc.subarray(["Public", "Research"]),
        (rows, headed, mustEnd) => {
          const { rejected } = memberRows(headed ? [header, ...rows] : rows, { ...members, mustEnd }, today);
          for (const one of rejected) expect(one.cell).toMatch(/^[A-E]\d+$/);
          const lines = rejected.map((one) => one.cell.slice(1));
          expect(new Set(lines).size).toBe(lines.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("no good row is lost, and none is changed", () => {
    const rows = fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(good, rows, (fine, others) => {
        const all = people([...others, ...fine]);
        for (const one of people(fine)) expect(all).toContain(one);
      }),
      { numRuns: 500 },
    );
  });

  // Bad in one cell at least, and nobody's namesake.
  const bad = fc.array(
    fc
      .tuple(fc.constantFrom(1, 2, 3), fc.constantFrom("#REF!", "two words", "x_y"), fc.nat(99))
      .map(([at, text, id]) => ["B", `bad${id}@example.org`, `bad-${id}`, "Public", ""].with(at, text)),
    { maxLength: 8 },
  );

  test("good rows count, whatever the bad ones are", () => {
    fc.assert(
      fc.property(good, bad, (fine, broken) => {
        expect(people([...broken, ...fine])).toEqual(people(fine));
        expect(people(fine)).toHaveLength(fine.length);
      }),
    );
  });

  test("the order of rows does not matter", () => {
    const row = fc.tuple(
      fc.constantFrom("a@example.org", "b@example.org", "c@example.org"),
      fc.constantFrom("ada", "Ada", "bob", "eve", "two words"),
      fc.constantFrom("Public", "Research", "?"),
      fc.constantFrom("", "2026-01-01", "2027-01-01", "2028-01-01"),
    );
    const shuffled = fc
      .array(row, { maxLength: 10 })
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
    fc.assert(
      fc.property(shuffled, ([rows, other]) => {
        expect(people(other.map((one) => ["N", ...one]))).toEqual(people(rows.map((one) => ["N", ...one])));
      }),
    );
  });

  test("3,000 rows, a tenth of them bad in three cells: a line each", () => {
    const rows = Array.from({ length: 3000 }, (_, n) =>
      n % 10 === 0
        ? ["P", `p${n}@example.org`, "not a login", "Reserch", "3/4/2027"]
        : ["P", `p${n}@example.org`, `person-${n}`, "Research", "2027-06-30"],
    );
    const { rows: people, rejected } = read(...rows);
    expect([people.length, rejected.length]).toEqual([2700, 300]);
  });
});
