// Properties of any members' sheet: nothing throws, good rows count, and the order does not matter.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { memberRows } from "../../../shared/sheets/rows.ts";
import { header, members, read, today } from "./rows-harness.ts";

describe("whatever is in the sheet", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 50 }),
    fc.constantFrom(
      "#REF!",
      "Loading...",
      "N/A",
      "Research",
      "@x",
      "1/2/3",
      "2026-12-31",
      "a@b",
      "\u202e",
      "https://github.com/",
    ),
  );

  test("it never throws, and each refusal names a cell", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { maxLength: 7 }), { maxLength: 12 }),
        fc.boolean(),
        (rows, headed) => {
          const { rejected } = memberRows(headed ? [header, ...rows] : rows, members, today);
          for (const one of rejected) expect(one.cell).toMatch(/^[A-E]\d+$/);
        },
      ),
    );
  });

  const good = fc
    .uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 8 })
    .map((ids) => ids.map((id) => [`P ${id}`, `p${id}@example.org`, `person-${id}`, "Public", ""]));
  // Bad in one cell at least, and nobody's namesake.
  const bad = fc.array(
    fc
      .tuple(fc.constantFrom(1, 2, 3), fc.constantFrom("#REF!", "N/A", "", "two words", "x_y"), fc.nat(99))
      .map(([at, text, id]) => ["B", `bad${id}@example.org`, `bad-${id}`, "Public", ""].with(at, text)),
    { maxLength: 8 },
  );
  const people = (rows: string[][]) =>
    read(...rows)
      .rows.map(({ cell: _, ...row }) => JSON.stringify(row))
      .sort();

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

  test("3,000 rows, a tenth of them bad in three cells", () => {
    const rows = Array.from({ length: 3000 }, (_, n) =>
      n % 10 === 0
        ? ["P", `p${n}@example.org`, "not a login", "Reserch", "3/4/2027"]
        : ["P", `p${n}@example.org`, `person-${n}`, "Research", "2027-06-30"],
    );
    const { rows: people, rejected } = read(...rows);
    expect([people.length, rejected.length]).toEqual([2700, 900]);
  });
});
