// The members' sheet as people type it: what is mended, what is refused and why, and that one row never costs another.
import { describe, expect, test } from "@jest/globals";
import { memberRows } from "../../../shared/sheets/rows.ts";
import { ada, goodAda, header, members, read, today } from "./rows-harness.ts";

const withLogin = (login: string) => read(["X", "x@example.org", login, "Public", ""]);

test("a plain row", () => {
  const { cell: _, team: __, ...typed } = goodAda;
  expect(read(ada)).toEqual({
    rows: [goodAda],
    rejected: [],
    named: [],
    unreadable: [],
    typed: [{ at: 2, ...typed }],
    letters: { name: "A", email: "B", login: "C", tier: "D", expires: "E" },
  });
});

test("columns are found by heading, wherever they stand and however they are spaced", () => {
  const moved = memberRows(
    [
      ["Note", " github  Username ", "MEMBERSHIP TIER", "Membership\u00a0expires", "Name", "Email"],
      ["", "ada-l", "research", "2027-06-30", "Ada Lovelace", "ada@example.org"],
    ],
    members,
    today,
  );
  expect(moved.rows).toEqual([{ ...goodAda, cell: "B2" }]);
});

describe("the login", () => {
  test.each([
    "@ada-l",
    " ada-l\u00a0",
    "ada\u200b-l\ufeff",
    "https://github.com/ada-l",
    "http://www.github.com/ada-l/",
    "github.com/@ada-l?tab=repositories",
    "ada-l\n",
  ])("%j is mended", (typed) => {
    expect(withLogin(typed).rows.map(({ login }) => login)).toEqual(["ada-l"]);
  });

  test.each(["007", "1e5", "A", "a".repeat(39)])("%s is a login as it is", (typed) => {
    expect(withLogin(typed).rows.map(({ login }) => login)).toEqual([typed]);
  });

  test.each([
    ["", "empty", undefined],
    ["ada@example.org", "e-mail", undefined],
    ["Ada Lovelace", "person's name", undefined],
    ["ada-l, bob-b", "more than one", undefined],
    ["ada-l / bob-b", "more than one", undefined],
    ["N/A", "stands where", undefined],
    ["none", "stands where", undefined],
    ["-", "stands where", undefined],
    ["?", "stands where", undefined],
    ["ada.l", "cannot have", undefined],
    ["ada-l.", "cannot have", "ada-l"],
    ['"ada-l"', "cannot have", "ada-l"],
    ["ada--l", "hyphen", undefined],
    ["a".repeat(40), "39", undefined],
    ["a_".padEnd(39, "a"), "underscore", undefined],
    ["ada_company", "underscore", undefined],
    ["dependabot[bot]", "bot", undefined],
    ["\u0430da-l", "look like", "ada-l"],
    ["ada\u2013l", "look like", "ada-l"],
    ["ren\u00e9e", "look like", "renee"],
    ["ada\u202e-l", "direction", "ada-l"],
    ["https://github.com/ada-l/notes", "repository", "ada-l"],
    ["https://github.com/orgs/example-hub", "not of a person", undefined],
    ["https://gitlab.com/ada-l", "cannot have", undefined],
    ["settings", "keeps for itself", undefined],
    ["#REF!", "formula", undefined],
    ["Loading...", "not finished", undefined],
    ["TRUE", "if it is their account, type https://github.com/TRUE", undefined],
    ["n/a", "stands where", undefined],
    ["ada-l (work)", "person's name", "ada-l"],
    ["ada-l, since May", "person's name", "ada-l"],
    ["ada-l - mine", "person's name", "ada-l"],
  ])("%j is refused", (typed, why, suggestion) => {
    const { rows, rejected } = withLogin(typed);
    expect(rows).toEqual([]);
    expect(rejected).toEqual([
      { cell: "C2", value: typed, why: expect.stringContaining(why), ...(suggestion && { suggestion }) },
    ]);
  });
});

describe("a word that answers another question, and is somebody's account", () => {
  test.each([
    ...[
      "ditto",
      "Idem",
      "same-as-above",
      "nope",
      "nein",
      "WAHR",
      "vrai",
      "idk",
      "me",
      "not-sure",
      "no-account",
      "email",
    ],
    ...["student", "invited", "admin", "they", "orcid"],
    ...["Public", "research"],
  ])("%j is asked about, and taken by the address of its profile", (typed) => {
    const { rows, rejected } = withLogin(typed);
    expect(rows).toEqual([]);
    expect(rejected).toEqual([
      {
        cell: "C2",
        value: typed,
        why: expect.stringContaining(`if it is their account, type https://github.com/${typed}`),
      },
    ]);
    expect(withLogin(`https://github.com/${typed}`).rows.map(({ login }) => login)).toEqual([typed]);
  });

  test("a word of another team's tiers is a login like any other", () => {
    const own = { ...members, tiers: { Staff: "full-access" } };
    const logins = (typed: string) =>
      memberRows([header, ada.with(2, typed).with(3, "Staff")], own, today).rows.map(({ login }) => login);
    expect([logins("staff"), logins("research")]).toEqual([[], ["research"]]);
  });
});

describe("a half-typed row", () => {
  test("is one line, which names each cell that is wrong, and still names its person", () => {
    expect(read(["Ada", "ada@example.org (old)", "ada-l", "", "soon"])).toMatchObject({
      rows: [],
      rejected: [
        {
          cell: "B2",
          value: "ada@example.org (old)",
          why: "not an e-mail address; and D2: the membership tier is missing; and E2: not a date: write it as YYYY-MM-DD",
          suggestion: "ada@example.org",
        },
      ],
      named: ["ada-l"],
      unreadable: [],
    });
  });

  test("without a login is refused; without anything it is no row", () => {
    const { rejected, unreadable } = read(
      ["Ada", "ada@example.org", "", "Public", ""],
      ["", " ", "\u00a0", "", ""],
      [],
      ["Bo", "?", "", "Public", ""],
    );
    expect(rejected.slice(0, 1)).toEqual([
      { cell: "C2", value: "", why: "the cell is empty; ask the person for their GitHub username" },
    ]);
    expect(unreadable).toEqual([{ cell: "C2", email: "ada@example.org" }, { cell: "C5" }]);
  });
});

describe("the tier", () => {
  test.each([
    ["research", "Research"],
    [" FUNDED \u2013 RESEARCH ", "Funded research"],
  ])("%j is known", (typed, tier) => {
    expect(read(ada.with(3, typed)).rows.map((row) => row.tier)).toEqual([tier]);
  });

  test.each([
    ["Reserch", "Research"],
    ["Pblc", "Public"],
    ["Tier 2", undefined],
  ])("%j is refused", (typed, suggestion) => {
    const { rejected, named } = read(ada.with(3, typed));
    expect(rejected).toEqual([
      {
        cell: "D2",
        value: typed,
        why: "no tier of the settings: Public, Education, Research, Funded research",
        ...(suggestion && { suggestion }),
      },
    ]);
    expect(named).toEqual(["ada-l"]);
  });
});

describe("the e-mail address", () => {
  test.each(["mailto:ada@example.org", "Ada <ada@example.org>", " ada@example.org\u200b"])(
    "%j is mended",
    (typed) => {
      expect(read(ada.with(1, typed)).rows.map(({ email }) => email)).toEqual(["ada@example.org"]);
    },
  );
  test.each([
    ["ada@example", "not an e-mail", undefined],
    ["ada@example.org, a@example.org", "more than one", undefined],
    ["ada@example.org (old)", "not an e-mail", "ada@example.org"],
    ["#N/A", "formula", undefined],
  ])("%j is refused", (typed, why, suggestion) => {
    expect(read(ada.with(1, typed)).rejected).toEqual([
      { cell: "B2", value: typed, why: expect.stringContaining(why), ...(suggestion && { suggestion }) },
    ]);
  });
});

describe("the expiry", () => {
  test.each([
    ["2026-12-31", "2026-12-31"],
    ["2026/1/5", "2026-01-05"],
    ["31/12/2026", "2026-12-31"],
    ["12/31/2026", "2026-12-31"],
    ["31.12.2026", "2026-12-31"],
    ["5/5/2027", "2027-05-05"],
    ["31 Dec 2026", "2026-12-31"],
    ["December 31, 2026", "2026-12-31"],
    ["2026-12-31T00:00:00.000Z", "2026-12-31"],
    ["12/31/2026 0:00:00", "2026-12-31"],
    ["46387", "2026-12-31"],
    ["2020-01-01", "2020-01-01"],
    ["", undefined],
    ["TBD", undefined],
    ["n/a", undefined],
    ["never", undefined],
  ])("%j is read", (typed, expires) => {
    expect(read(ada.with(4, typed)).rows.map((row) => row.expires)).toEqual([expires]);
  });

  test.each([
    ["03/04/2027", "can be read as 2027-04-03 or 2027-03-04", undefined],
    ["31/12/26", "two digits", "2026-12-31"],
    ["2026-02-30", "no such day", undefined],
    ["2206-12-31", "2206", undefined],
    ["0206-12-31", "cannot be meant", undefined],
    ["next summer", "not a date", undefined],
    ["Dec 2026", "not a date", undefined],
    ["2026", "not a date", undefined],
    ["#VALUE!", "formula", undefined],
  ])("%j is refused", (typed, why, suggestion) => {
    expect(read(ada.with(4, typed)).rejected).toEqual([
      { cell: "E2", value: typed, why: expect.stringContaining(why), ...(suggestion && { suggestion }) },
    ]);
  });
});
