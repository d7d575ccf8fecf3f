// Tests of who is meant by what people type: names in any order, mistyped ones, rows that cannot be used, people who have left.
import { describe, expect, test } from "@jest/globals";
import { wanted } from "../../../../shared/members/find.ts";
import { answersTo } from "../../../../shared/members/who-answers.ts";
import { head } from "../day.ts";
import { answerTo, lookedAt, people } from "./looked.ts";

describe("a name", () => {
  const state = {
    ...head,
    people: people("Áda  North", "Bo van der South", "Cy West", "Cy West", "李 小龙", "Cy van West"),
  };
  test.each([
    ["Ada North", ["p-0"]],
    ["ada north", ["p-0"]],
    ["ADA NORTH", ["p-0"]],
    ["North, Ada", ["p-0"]],
    ["North Ada", ["p-0"]],
    ["north", ["p-0"]],
    ["Bo South", ["p-1"]],
    ["van der South, Bo", ["p-1"]],
    ["“Bo van der South”", ["p-1"]],
    ["Ada North <p-0@example.org>", ["p-0"]],
    ["cy west", ["p-2", "p-3"]],
    ["West, Cy", ["p-2", "p-3"]],
    ["李 小龙", ["p-4"]],
  ])("%s is found", (who, logins) => {
    const found = answersTo(who, lookedAt({ state }));
    expect(found.map(({ login }) => login)).toEqual(logins);
    expect(found.map(({ finding }) => finding)).toEqual(logins.map(() => "in-team"));
  });

  test.each([
    ["Dr. Ada Lovelace", "p-0"],
    ["Ada K. Lovelace", "p-0"],
    ["A. Lovelace", "p-0"],
    ["Lovelace, A.", "p-0"],
    ["Ada Lovelace (she/her)", "p-0"],
    ["Ada Lovelace p-0@example.org", "p-0"],
    ["mailto:p-0@example.org", "p-0"],
    ["https://github.com/p-0?tab=repositories", "p-0"],
    ["Bo O\u2019Brien", "p-1"],
    ["bo obrien", "p-1"],
    ["Soren Strasse", "p-2"],
    ["Deborah Anne Smith", "p-3"],
  ])("%s is found as people write it", (who, login) => {
    const written = people(
      "Augusta Ada King Lovelace",
      "Bo O'Brien",
      "S\u00f8ren Stra\u00dfe",
      "Deborah Smith",
    );
    const found = answersTo(who, lookedAt({ state: { ...head, people: written } }));
    expect(found.map((answer) => answer.login)).toEqual([login]);
  });

  test("by a nickname is guessed, and a login that is like a name is nobody's", () => {
    const written = people("Deborah Smith", "Ada Lovelace");
    const sentenceOf = (who: string) => answerTo(who, { state: { ...head, people: written } }).sentence;
    expect(sentenceOf("Debbie Smith")).toContain("Cell C2 has p-0 (Deborah Smith)");
    expect(sentenceOf("ada-l")).toMatch(/^Not in the sheet/);
  });

  test("that is mistyped is guessed, and one that many have is asked about", () => {
    expect(answerTo("Ada Nroth", { state }).sentence).toContain("Cell C2 has p-0 (Áda  North)");
    const many = {
      ...head,
      people: people(...Array.from({ length: 12 }, (_, index) => `Wei Number${index}`)),
    };
    const { finding, sentence } = answerTo("wei", { state: many });
    expect([finding, sentence]).toEqual([
      "not-found",
      expect.stringContaining("12 people of the sheet have that"),
    ]);
  });
});

describe("a row that cannot be used", () => {
  const rejected = [{ cell: "B7", value: "fay at example", why: "not an address" }];
  const typed = {
    at: 7,
    login: "fay-marsh",
    email: "fay at example",
    name: "Fay Marsh",
    tier: "Full",
    expires: "",
  };
  const state = { ...head, people: people("Ada North"), rejected, pairings: [typed] };

  test.each(["fay-marsh", "Marsh, Fay", "fay at example"])(
    "is found by what else stands in it: %s",
    (who) => {
      const { finding, sentence } = answerTo(who, { state });
      expect([finding, sentence]).toEqual(["rejected", expect.stringContaining("Cell B7")]);
    },
  );

  test("is found by its login while the rows that are kept are those of before, where somebody else stood", () => {
    const waiting = { ...state, rejected: rejected.map((one) => ({ ...one, login: "bo-new" })) };
    expect(answerTo("bo-new", { state: waiting }).finding).toBe("rejected");
    expect(answerTo("fay-marsh", { state: waiting }).finding).toBe("not-found");
    const both = { ...waiting, pairings: [{ ...typed, login: "bo-new", name: "Bo New" }, typed] };
    expect(answerTo("Bo New", { state: both }).finding).toBe("rejected");
  });

  test.each(["fay-marsh", "Fay Marsh"])("keeps nobody out who is in a team all the same: %s", (who) => {
    const others = [{ login: "Fay-Marsh", team: "full-access" }];
    const { need, sentence } = answerTo(who, { state: { ...state, others } });
    expect([need, sentence]).toEqual(["fine", expect.stringContaining("cell B7")]);
  });
});

test("who has left the sheet is told to be in still, and that it ends; who is out, that they were in before", () => {
  const others = [
    { login: "ada-new", team: "full-access", before: "ada" },
    { login: "bo", team: "full-access" },
  ];
  const known = { ada: { invitations: 0 }, gus: { invitations: 1, outcome: "withdrawn" as const } };
  const state = { ...head, others, known, leaving: { "remove bo full-access": head.at } };
  for (const who of ["ada", "ada-new"]) {
    const found = answerTo(who, { state });
    expect([found.need, found.paste?.includes("ada-new"), found.sentence.includes("It ends")]).toEqual([
      "fine",
      true,
      false,
    ]);
  }
  expect(answerTo("bo", { state }).sentence).toContain("It ends once the sheet has been without them");
  expect(answerTo("gus", { state }).sentence).toMatch(
    /^Was in the sheet before.*as of the last run at 08:00 UTC/,
  );
});

test("a class that is pasted into the page is taken apart line by line", () => {
  expect(wanted('North, Ada\r\nada-north, bo-south;@cy\n\n"dee@example.org"\nada-north')).toEqual([
    "North, Ada",
    "ada-north",
    "bo-south",
    "cy",
    "dee@example.org",
  ]);
});
