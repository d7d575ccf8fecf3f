// Somebody who stands in the sheet twice, as re-filled forms make it: which row counts, whatever the order of the rows.
import { describe, expect, test } from "@jest/globals";
import { ada, goodAda, read } from "./rows-harness.ts";

describe("somebody twice", () => {
  test("in one tier is one membership, the longer one", () => {
    const { rows, rejected } = read(
      ada.with(4, "2026-12-31"),
      ada.with(2, "ADA-L"),
      ada.with(4, "2027-01-01"),
    );
    expect(rows).toEqual([{ ...goodAda, cell: "C3", login: "ADA-L" }]);
    expect(rejected).toEqual([]);
  });

  test("in different tiers has the stronger one, whatever the order, and it is said once", () => {
    const weaker = ada.with(3, "Public").with(4, "");
    for (const rows of [
      [ada, weaker],
      [weaker, ada],
    ]) {
      const { rows: kept, rejected, remarks } = read(...rows);
      const [cell, other] = rows[0] === ada ? ["C2", "C3"] : ["C3", "C2"];
      expect([kept, rejected]).toEqual([[{ ...goodAda, cell }], []]);
      expect(remarks).toEqual([`rows that give way to a stronger tier of the same login: ${other}`]);
    }
  });

  test("in weaker tiers many times is said once, with a few of the cells", () => {
    const weaker = Array.from({ length: 7 }, () => ada.with(3, "Public"));
    expect(read(ada, ...weaker).remarks).toEqual([
      "rows that give way to a stronger tier of the same login: C3, C4, C5, C6, C7 and 2 more",
    ]);
  });

  test("on the last day of the stronger tier still has it", () => {
    const last = ada.with(4, "2026-11-21");
    expect(read(last, ada.with(3, "Public")).rows.map(({ tier }) => tier)).toEqual(["Research"]);
  });

  test("without an end in one of the rows has none, in either order", () => {
    for (const rows of [
      [ada, ada.with(4, "")],
      [ada.with(4, ""), ada],
    ])
      expect(read(...rows).rows.map(({ expires }) => expires)).toEqual([undefined]);
  });

  test("once by the address of the profile is sure, in either order", () => {
    const sure = ada.with(2, "https://github.com/ada-l").with(1, "x@example.org");
    for (const rows of [
      [ada, sure],
      [sure, ada],
    ])
      expect(read(...rows).rows.map(({ email, isSure }) => [email, isSure])).toEqual([
        ["x@example.org", true],
      ]);
  });

  test("a membership that has lapsed gives way to the one that holds", () => {
    const { rows, rejected } = read(ada.with(3, "Education").with(4, "2026-11-20"), ada);
    expect(rows).toEqual([{ ...goodAda, cell: "C3" }]);
    expect(rejected).toEqual([]);
  });

  test("under two logins stays, for only GitHub can tell which is meant", () => {
    expect(read(ada, ada.with(2, "ada-1")).rows.map(({ login }) => login)).toEqual(["ada-l", "ada-1"]);
  });
});
