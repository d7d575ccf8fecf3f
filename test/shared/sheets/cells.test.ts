// Cells as Sheets types them: days, numbers, checkboxes, formulas, merges, chips; and what people put around the table.
import { describe, expect, test } from "@jest/globals";
import type { Cell } from "../../../shared/sheets/cell.ts";
import { memberRows } from "../../../shared/sheets/rows.ts";
import { header, members, read, today } from "./rows-harness.ts";

const ada: Cell[] = ["Ada Lovelace", "ada@example.org", "ada-l", "Research", ""];
const number = (value: number, shown = String(value)): Cell => ({ is: "number", value, shown });
const checkbox = (shown: "TRUE" | "FALSE"): Cell => ({ is: "checkbox", shown });
const failed = (shown: string): Cell => ({ is: "error", shown, computed: true });
const formula = (shown: string): Cell => ({ is: "text", shown, computed: true });
const merged: Cell = { is: "merged", shown: "", first: "C2" };

describe("the last day", () => {
  test("is the same day in every style of dates: each of a year is read", () => {
    const first = 47_849;
    const days = Array.from({ length: 365 }, (_, n) => {
      const day = new Date(Date.UTC(2031, 0, 1 + n));
      const american = `${day.getUTCMonth() + 1}/${day.getUTCDate()}/2031`;
      const { rows } = read(ada.with(4, number(first + n, american)));
      return [american, rows[0]?.expires, day.toISOString().slice(0, 10)];
    });
    expect(days.filter(([, is, should]) => is !== should)).toEqual([]);
    expect(days[62]).toEqual(["3/4/2031", "2031-03-04", "2031-03-04"]);
  });

  test.each<[string, Cell, string | undefined]>([
    ["with a time of day", number(46_387.75, "12/31/2026 18:00:00"), "2026-12-31"],
    ["in a style of its own", number(46_387, "Thu 31 Dec"), "2026-12-31"],
    ["without a format", number(46_387), "2026-12-31"],
    [
      "that a formula gives",
      { is: "number", value: 46_387, shown: "12/31/2026", computed: true },
      "2026-12-31",
    ],
  ])("%s", (_, typed, expires) => {
    expect(read(ada.with(4, typed)).rows.map((row) => row.expires)).toEqual([expires]);
  });

  test.each<[string, Cell, string]>([
    ["a year alone", number(2027), "the year 1905 cannot be meant"],
    ["a day run together", number(20_270_630), "not a date"],
    ["a number without end", number(1e300), "not a date"],
    ["no number", number(Number.NaN, "#NUM!"), "not a date"],
    ["a ticked box", checkbox("TRUE"), "a checkbox"],
    ["a part of a merge", merged, "merged with C2: choose Format, Merge cells, Unmerge"],
    ["a text that can be read in two ways", "3/4/2031", "can be read as"],
  ])("is not %s", (_, typed, why) => {
    expect(read(ada.with(4, typed)).rejected).toEqual([
      expect.objectContaining({ cell: "E2", why: expect.stringContaining(why) }),
    ]);
  });

  test.each(["", "never", "TBD", "n/a"])("of a tier that must end is not %j", (typed) => {
    const own = { ...members, mustEnd: ["Research"] };
    const blank = memberRows([header, ada.with(4, typed)], own, today);
    expect([blank.rows, blank.rejected]).toEqual([
      [],
      [
        {
          cell: "E2",
          value: typed,
          why: "a membership of the tier Research must end: type its last day as YYYY-MM-DD",
        },
      ],
    ]);
    expect(blank.named).toEqual(["ada-l"]);
    const others = [ada.with(3, "Public"), ada.with(4, "2027-01-01").with(2, "bo")];
    expect(memberRows([header, ...others], own, today).rows).toHaveLength(2);
  });

  test("has to have a column where a tier must end", () => {
    const own = { ...members, mustEnd: ["Research"] };
    expect(memberRows([header.slice(0, 4), ada.slice(0, 4)], own, today).problem).toContain(
      'no column has the heading "Membership expires"',
    );
  });
});

describe("what is no text", () => {
  test.each<[string, number, Cell, string, string | undefined]>([
    ["a number for a login", 2, number(7, "007"), "C2: a number or a date", undefined],
    ["a day for a login", 2, number(46_387, "dec-31"), "C2: a number or a date", undefined],
    ["a ticked box for a login", 2, checkbox("TRUE"), "C2: a checkbox", undefined],
    ["a formula's error for a login", 2, failed("#REF!"), "C2: a formula's error: mend", undefined],
    ["a formula's error in another language", 2, failed("#BEZUG!"), "C2: a formula's error: mend", undefined],
    ["a formula that is not done", 2, failed("Loading..."), "C2: Sheets had not finished", undefined],
    ["a merge for a login", 2, merged, "C2: merged with C2", undefined],
    ["a chip for a login", 2, { is: "chip", shown: "Ada" }, "C2: a smart chip", undefined],
    ["a ticked box for a tier", 3, checkbox("TRUE"), "D2: a checkbox", undefined],
    ["a number for a tier", 3, number(2), "D2: a number", undefined],
    ["a formula's error for a tier", 3, failed("#N/A"), "D2: a formula's error", undefined],
    ["a merge for a tier", 3, merged, "D2: merged with C2", undefined],
    [
      "a chip for an address",
      1,
      { is: "chip", shown: "Ada", email: "ada@example.org" },
      "B2: a smart chip, not text: type the text in its place",
      "ada@example.org",
    ],
    ["a formula's error for an address", 1, failed("#NAME?"), "B2: a formula's error", undefined],
  ])("%s is asked about", (_, at, typed, says, suggestion) => {
    const { rows, rejected } = read(ada.with(at, typed));
    expect(rows).toEqual([]);
    expect(rejected.map(({ cell, why, suggestion: meant }) => [`${cell}: ${why}`, meant])).toEqual([
      [expect.stringContaining(says), suggestion],
    ]);
  });

  test.each<[string, Cell]>([
    ["a formula's error", failed("#N/A")],
    ["a merge", merged],
    ["nothing", ""],
  ])("%s for a name is none", (_, typed) => {
    expect(read(ada.with(0, typed)).rows.map(({ name }) => name)).toEqual([""]);
  });

  test("a number that is a tier of the settings is that tier", () => {
    const own = { ...members, tiers: { "1": "public-access", "2": "full-access" } };
    expect(memberRows([header, ada.with(3, number(2))], own, today).rows.map(({ team }) => team)).toEqual([
      "full-access",
    ]);
  });

  test("formulas count as typed where a login comes of them", () => {
    const { rows } = read([
      formula("Ada"),
      formula("ada@example.org"),
      formula("ada-l"),
      formula("Public"),
      "",
    ]);
    expect(rows.map(({ login }) => login)).toEqual(["ada-l"]);
  });
});

describe("rows in which nobody is", () => {
  const filled = { is: "number", value: 180, shown: "6/28/1900", computed: true } as const;

  test("3,000 of them: a dropdown's default, an unticked box, formulas; and one person", () => {
    const rows: Cell[][] = Array.from({ length: 3000 }, () => [
      formula(" "),
      formula("@example.org"),
      checkbox("FALSE"),
      "Public",
      filled,
    ]);
    expect(read(...rows.with(1234, ada))).toMatchObject({
      rows: [{ cell: "C1236", login: "ada-l" }],
      typed: [{ at: 1236 }],
      rejected: [],
      named: [],
      unreadable: [],
    });
  });

  test("a formula that fails in each of them is said once, and each may still be somebody's row", () => {
    const rows: Cell[][] = Array.from({ length: 7 }, () => ["", "", failed("#N/A"), "Public", filled]);
    const { rejected, unreadable, remarks } = read(...rows);
    expect([rejected, unreadable.length]).toEqual([[], 7]);
    expect(remarks).toEqual(["rows with nothing but a formula that fails: C2, C3, C4, C5, C6 and 2 more"]);
  });
});

describe("headings", () => {
  test.each([
    ["with a hint in brackets", header.with(2, "GitHub username (no @)")],
    ["with a hint in square brackets", header.with(2, "GitHub username [just the name]")],
    ["with a bracket left open", header.with(2, "GitHub username (no @")],
    ["with a colon", header.with(2, "GitHub Username:")],
    ["with a star", header.with(2, "GITHUB USERNAME *")],
    ["over two lines", header.with(2, "GitHub\nusername")],
    ["with a hint below", header.with(2, "GitHub username\nwithout the @, please")],
    ["with a hint behind a dash", header.with(2, "GitHub username \u2013 without the @")],
  ])("are found %s", (_, headings) => {
    const { problem, rows } = memberRows([headings, ada], members, today);
    expect([problem, rows.map(({ cell }) => cell)]).toEqual([undefined, ["C2"]]);
  });

  test("as they are written go before those with a hint", () => {
    const { rows } = memberRows(
      [
        [...header, "Email (private)"],
        [...ada, "x@example.org"],
      ],
      members,
      today,
    );
    expect(rows.map(({ email }) => email)).toEqual(["ada@example.org"]);
  });

  test("two of which only a hint differs are told apart by nobody", () => {
    const doubled = header.with(1, "Email (work)");
    expect(memberRows([[...doubled, "Email (private)"]], members, today).problem).toContain(
      'the heading "Email" stands in B1 and F1',
    );
  });

  test("are found below a title, with the right addresses", () => {
    const { rows, rejected } = memberRows(
      [["Members of the hub"], [], header, ada, ada.with(2, "two words")],
      members,
      today,
    );
    expect(rows.map(({ cell }) => cell)).toEqual(["C4"]);
    expect(rejected.map(({ cell }) => cell)).toEqual(["C5"]);
  });

  test("below a title that are not right are named as they stand", () => {
    const { problem } = memberRows(
      [["Members of the hub"], header.with(2, "Github name"), ada],
      members,
      today,
    );
    expect(problem).toContain('no column has the heading "GitHub username" (is it "Github name"?)');
  });
});
