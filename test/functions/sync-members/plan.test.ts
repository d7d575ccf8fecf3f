// What a plan is called: the hash that an approval is for, and the line in a list.
import { describe, expect, test } from "@jest/globals";
import { type MemberAction, planHash, sheetDigest, titleOf } from "../../../functions/sync-members/plan.ts";

const act = (act: MemberAction["do"], login: string, team = "full-access", why = "x"): MemberAction => ({
  do: act,
  about: login,
  team,
  why,
});

describe("the hash", () => {
  const held = [act("remove", "ada"), act("cancel-invitation", "bo")];

  test("is the same for the same removals, whatever their order, reason and case", () => {
    const same = [
      act("cancel-invitation", "BO", "full-access", "y"),
      act("remove", "Ada", "full-access", "z"),
    ];
    expect(planHash(same)).toBe(planHash(held));
    expect(planHash(held)).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each([
    ["one person more", [...held, act("remove", "cy")]],
    ["one fewer", held.slice(1)],
    ["another person", [act("remove", "ada-b"), act("cancel-invitation", "bo")]],
    ["another team", [act("remove", "ada", "base-access"), act("cancel-invitation", "bo")]],
    ["another act", [act("remove", "ada"), act("remove", "bo")]],
  ])("is another for %s", (_, other) => {
    expect(planHash(other)).not.toBe(planHash(held));
  });
});

describe("the title", () => {
  const actions = [
    act("remove", "a"),
    act("invite", "b"),
    act("invite", "c"),
    act("add", "d"),
    act("cancel-invitation", "e"),
  ];
  const cell = { about: "C2", value: "x", why: "y" };

  test("counts what is to be done", () => {
    expect(titleOf({ actions, held: [act("remove", "f")], refused: [cell] }, false)).toBe(
      "2 to invite, 1 to add, 1 to remove, 1 invitations to withdraw, 1 on hold, 1 cell rejected",
    );
  });

  test("and what was done", () => {
    expect(titleOf({ actions, held: [], refused: [cell, cell] }, true)).toBe(
      "2 invited, 1 added, 1 removed, 1 invitations withdrawn, 2 cells rejected",
    );
  });

  test("says so when there is nothing", () => {
    expect(titleOf({ actions: [], held: [], refused: [] }, true)).toBe("nothing to change");
  });
});

test("a sheet's digest changes with any cell that matters", () => {
  expect(sheetDigest({ rows: [{ login: "ada" }] })).toBe(sheetDigest({ rows: [{ login: "ada" }] }));
  expect(sheetDigest({ rows: [{ login: "ada" }] })).not.toBe(sheetDigest({ rows: [{ login: "adb" }] }));
});
