// The sheet as a whole: its headings, which of them it may lack, and what is said of a sheet that cannot be used.
import { describe, expect, test } from "@jest/globals";
import { memberRows } from "../../../shared/sheets/rows.ts";
import { ada, goodAda, header, members, read, today } from "./rows-harness.ts";

describe("the sheet as a whole", () => {
  test.each([
    ["nothing", [], /first row of the tab "Members" is empty/],
    ["no header", [["", ""], ["x"]], /first row .* is empty/],
    [
      "a renamed heading",
      [header.with(2, "Github user name")],
      /"GitHub username" \(is it "Github user name"\?\)/,
    ],
    ["no logins", [header.toSpliced(2, 1)], /no column has the heading "GitHub username"/],
    ["addresses under a new heading", [header.with(1, "Your mail")], /no column has the heading "Email"/],
    ["a slip in the heading of the addresses", [header.with(1, "E-mial")], /is it "E-mial"/],
    ["addresses that lost their heading", [header.with(1, ""), ada], /no column has the heading "Email"/],
    ["no tiers", [header.toSpliced(3, 1)], /no column has the heading "Membership tier"/],
    ["last days under a new heading", [header.with(4, "Expiry date")], /"Membership expires"/],
    [
      "a slip in the heading of the last days",
      [header.with(4, "Membership exprs")],
      /is it "Membership exprs"/,
    ],
    ["last days that lost their heading", [header.with(4, ""), ada], /"Membership expires"/],
    ["a doubled heading", [[...header, "email"]], /"Email" stands in B1 and F1/],
    ["the header's row deleted", [ada], /no column has the heading/],
    [
      "headings that were sorted in with the people",
      [ada, ada.with(2, "bo-b"), header, ada.with(2, "zoe-z")],
      /people stand above the headings, in row 1, 2, .* Ctrl-Z/,
    ],
  ])("%s is a problem and gives nobody", (_, cells, problem) => {
    expect(memberRows(cells, members, today)).toMatchObject({
      problem: expect.stringMatching(problem),
      rows: [],
      rejected: [],
      named: [],
      unreadable: [],
    });
  });

  test("without last days nobody's membership ends", () => {
    const { expires: _, ...forEver } = goodAda;
    for (const note of [[], ["Membership since"], ["Notes"]])
      expect(memberRows([[...header.slice(0, 4), ...note], ada.slice(0, 4)], members, today)).toMatchObject({
        rows: [forEver],
        rejected: [],
        named: [],
        unreadable: [],
      });
  });

  test("without addresses everybody is let in, and it is said once that nobody is mailed", () => {
    const { rows, problem, remarks } = memberRows(
      [header.toSpliced(1, 1), ada.toSpliced(1, 1)],
      members,
      today,
    );
    expect([problem, rows]).toEqual([undefined, [{ ...goodAda, cell: "B2", email: "" }]]);
    expect(remarks).toEqual([
      "the sheet has no column of e-mail addresses: GitHub invites people, and no other mail is sent",
    ]);
  });

  test("without names everybody is let in all the same", () => {
    const { rows, problem } = memberRows([header.slice(1), ada.slice(1)], members, today);
    expect([problem, rows]).toEqual([undefined, [{ ...goodAda, cell: "B2", name: "" }]]);
  });

  test.each(["name", "expires"] as const)(
    "a column %s that the settings name themselves must be there",
    (column) => {
      const own = { ...members, columns: { ...members.columns, [column]: "Ours" } };
      const { problem, rows } = memberRows([header, ada], own, today);
      expect([problem, rows]).toEqual([expect.stringContaining('no column has the heading "Ours"'), []]);
    },
  );

  test("a heading that stands for another column is not what was meant", () => {
    const own = { ...members, columns: { ...members.columns, name: "Emails" } };
    expect(memberRows([header, ada], own, today).problem).toContain('the heading "Emails". To mend it');
  });

  test("a name that is a formula's error is none", () => {
    expect(read(ada.with(0, "#N/A")).rows).toEqual([{ ...goodAda, name: "" }]);
  });

  test("a header alone is a sheet without members", () => {
    expect(read()).toMatchObject({ rows: [], rejected: [], named: [], unreadable: [] });
  });
});

test("headings of the longest text that a cell may have are none, and are read in the time of short ones", () => {
  // Each took seconds once, in which its brackets were paired and its end was looked for.
  const long = ["(", "[", "!x", " x", "(a"].flatMap((text) =>
    Array.from({ length: 40 }, () => `${text.charAt(0).repeat(49_999)}${text.slice(1)}`),
  );
  expect(memberRows([[...header.with(2, ""), ...long], ada], members, today).problem).toContain(
    'no column has the heading "GitHub username"',
  );
});
