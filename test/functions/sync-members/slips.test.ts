// Slips of the hand, by table, at the bounds between one kind and the next; slips.property.test.ts has the sheets at random.
import { describe, expect, test } from "@jest/globals";
import { readSlip } from "../../../functions/sync-members/slips.ts";
import { numberedRows, type Row } from "./slips-harness.ts";

const row = (name: string, change: Partial<Row> = {}): Row => ({
  login: name,
  email: `${name}@example.org`,
  name: `${name} of the hub`,
  tier: "Research",
  expires: "",
  ...change,
});
const names = ["mia", "bo", "zoe", "ada", "uma", "eli", "kim", "fay"];
const sheet = names.map((name) => row(name));
const kindOf = (before: readonly Row[], now: readonly Row[], left: readonly string[] = []) =>
  readSlip(numberedRows(before), numberedRows(now), (login) => left.includes(login)).kind;

describe("rows that were never seen", () => {
  const now = [...sheet, row("gus"), row("ivy")];
  test.each([
    [[], "inserted"],
    [["gus"], "old-version"],
    [["gus", "ivy"], "old-version"],
  ])("of whom %j had left: %s", (left, kind) => {
    expect(kindOf(sheet, now, left)).toBe(kind);
    expect(kindOf(sheet, [...now, row("lou")], left)).toBe(left.length === 2 ? "old-version" : "inserted");
  });
});

describe("one column", () => {
  const shifted = (words: readonly string[]) =>
    sheet.map((each, index) => ({ ...each, login: words[index] ?? "" }));
  test("in another order was sorted alone; with one new word and one lost, too; with two it was pasted over", () => {
    expect(kindOf(sheet, shifted([...names].sort()))).toBe("column-sorted");
    expect(kindOf(sheet, shifted(["new", ...names.slice(0, -1)]))).toBe("column-sorted");
    expect(kindOf(sheet, shifted(["new", "newer", ...names.slice(0, -2)]))).toBe("pasted-over");
  });

  test("of words without a number is dragged down as it is; one with a number counts on", () => {
    const dragged = (first: string, next: (step: number) => string) => {
      const before = [row("top", { name: first }), ...sheet];
      return kindOf(
        before,
        before.map((each, index) => (index === 0 || index > 4 ? each : { ...each, name: next(index) })),
      );
    };
    expect(dragged("visitor", () => "visitor")).toBe("dragged-down");
    expect(dragged("visitor 7", (step) => `visitor ${7 + step}`)).toBe("dragged-down");
    expect(dragged("visitor", (step) => `visitor${step}`)).toBe("pasted-over");
  });
});

describe("all rows in another order", () => {
  const byLogin = sheet.toSorted((a, b) => (a.login < b.login ? -1 : 1));
  test("that a column rises or falls by since then were sorted", () => {
    expect(kindOf(sheet, byLogin)).toBe("sorted");
    expect(kindOf(sheet, byLogin.toReversed())).toBe("sorted");
  });

  test("of a sheet that was sorted, one block that stands elsewhere was moved", () => {
    const [first, second, ...others] = byLogin;
    expect(kindOf(byLogin, [...others.slice(0, 3), first, second, ...others.slice(3)] as Row[])).toBe(
      "moved",
    );
  });
});
