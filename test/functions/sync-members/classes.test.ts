// Invitations that are kept for classes: how many, for whom, the nearest first, and what the team is told when.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { dueOccasions } from "../../../functions/sync-members/class-notices.ts";
import { inTurn, type Need } from "../../../functions/sync-members/classes.ts";
import type { ClassRecord } from "../../../shared/members/classes.ts";
import { decideOn, github, row, strangers, today } from "./facts-harness.ts";

const people = (...logins: string[]) => logins.map((name) => ({ name }));
const need = (title: string, logins: string[], absent = 0): Need => ({
  title,
  logins: new Set(logins),
  absent,
});
const names = (all: readonly { name: string }[]) => all.map(({ name }) => name).join(" ");

describe("invitations of a day, in turn", () => {
  test.each([
    ["no class: by their order", [], 2, "a b", "c d"],
    ["a class goes first", [need("x", ["d"])], 2, "d a", "b c"],
    ["the nearest first", [need("x", ["d"]), need("y", ["c"])], 1, "d", "a b c"],
    ["kept for who has no row yet", [need("x", ["d"], 1)], 3, "d a", "b c"],
    ["kept for the nearest before the next class", [need("x", [], 1), need("y", ["c"])], 1, "", "a b c d"],
    ["never more than there are", [need("x", ["b", "c"], 90)], 1, "b", "a c d"],
    ["a need that is met keeps nothing", [need("x", [], 0)], 9, "a b c d", ""],
    ["nothing is left", [need("x", ["d"])], -3, "", "a b c d"],
  ])("%s", (_, needs, budget, go, wait) => {
    const turn = inTurn(people("a", "b", "c", "d"), needs, budget);
    expect([names(turn.go), names(turn.wait)]).toEqual([go, wait]);
  });

  test("those who would have had one otherwise are known, with the class that has it", () => {
    const { keptBack } = inTurn(people("a", "b", "c", "d"), [need("x", ["d"], 1)], 3);
    expect([...keptBack]).toEqual([
      ["b", "x"],
      ["c", "x"],
    ]);
  });

  test("for any candidates, classes and budget: all of the budget, nearest first, and no more kept than is needed", () => {
    const letters = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
    const needsOf = fc.array(fc.record({ of: letters, absent: fc.integer({ min: 0, max: 8 }) }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(letters, needsOf, fc.integer({ min: -2, max: 25 }), (all, given, budget) => {
        const candidates = people(...all.map(String));
        const taken = new Set<string>();
        const needs = given.map(({ of, absent }, index) => {
          const logins = of.map(String).filter((name) => all.includes(Number(name)) && !taken.has(name));
          for (const name of logins) taken.add(name);
          return need(`class ${index}`, logins, absent);
        });
        const { go, wait, keptBack } = inTurn(candidates, needs, budget);
        const room = Math.max(0, budget);
        expect(go.length).toBeLessThanOrEqual(room);
        expect([...go, ...wait].map(({ name }) => name).sort()).toEqual(all.map(String).sort());
        const going = new Set(go.map(({ name }) => name));
        let before = 0;
        for (const { logins, absent } of needs) {
          // Each has what those before it leave, and no class takes what a nearer one needs.
          const own = [...logins].filter((name) => going.has(name)).length;
          expect(own).toBe(Math.min(logins.size, Math.max(0, room - before)));
          before += logins.size + absent;
        }
        const others = candidates.filter(({ name }) => !taken.has(name));
        const served = others.filter(({ name }) => going.has(name)).length;
        expect(served).toBe(Math.min(others.length, Math.max(0, room - before)));
        for (const name of keptBack.keys()) expect(wait.map((one) => one.name)).toContain(name);
      }),
    );
  });
});

const classOn = (on: string, list: string[], name = "intro"): ClassRecord => ({
  v: 1,
  hub: "prod",
  on,
  name,
  people: list,
  by: "console",
  at: "2026-11-14T09:00:00.000Z",
});

describe("a day's plan with a class", () => {
  const rows = ["ada", "bo", "cy"].map((login) => row(login));
  const invited = (classes: ClassRecord[], more: Parameters<typeof decideOn>[0] = {}) => {
    const { actions, deferred } = decideOn({ rows, classes, settings: { invitationsPerDay: 2 }, ...more });
    return [actions, deferred].map((all) => all.map(({ about }) => about).join(" "));
  };

  test.each([
    ["a week ahead", "2026-11-28", ["cy"], ["cy ada", "bo"]],
    ["on its day", today, ["cy"], ["cy ada", "bo"]],
    ["eight days ahead", "2026-11-29", ["cy"], ["ada bo", "cy"]],
    ["after its day", "2026-11-20", ["cy"], ["ada bo", "cy"]],
    ["by name and address", "2026-11-28", ["The one called cy <cy@example.org>"], ["cy ada", "bo"]],
    ["for somebody who has no row yet", "2026-11-28", ["not-there-yet"], ["ada", "bo cy"]],
    ["for a name that several have, nothing", "2026-11-28", ["the one called"], ["ada bo", "cy"]],
  ])("%s", (_, on, list, expected) => {
    expect(invited([classOn(on, list)])).toEqual(expected);
  });

  test("keeps nothing for whoever is in, or invited, or may not be asked", () => {
    const teams = github(
      { "full-access": ["dee"] },
      { pending: [{ login: "eve", createdAt: "2026-11-01T00:00:00.000Z" }] },
    );
    expect(invited([classOn(today, ["dee", "eve"])], { github: teams })).toEqual(["ada bo", "cy"]);
  });

  test("keeps one for a row whose login is nobody's: it may be corrected today", () => {
    const accounts = new Map([...strangers("ada", "bo"), ["cy", "not-found"] as const]);
    expect(invited([classOn(today, ["cy"])], { accounts })).toEqual(["ada", "bo"]);
  });

  test("is by nearest date, and one person of two classes is counted once", () => {
    const later = classOn("2026-11-25", ["bo", "cy"], "a-later-one");
    expect(invited([later, classOn("2026-11-22", ["cy"])])).toEqual(["cy bo", "ada"]);
    const absent = ["a-later-one", "intro"].map((name) => classOn(today, ["not-there-yet"], name));
    expect(invited(absent)).toEqual(["ada", "bo cy"]);
  });
});

describe("what is told of a class", () => {
  const one = classOn("2026-12-05", []);
  const keysAt = (day: string, hour: number, told: string[] = []) =>
    dueOccasions([one], Object.fromEntries(told.map((key) => [key, { on: one.on, at: one.at }])), {
      today: day,
      hour,
    }).map(({ key }) => key);
  const [week, morning] = ["class/2026-12-05/intro/week", "class/2026-12-05/intro/morning"];
  test.each([
    ["2026-11-27", 12, [], []],
    ["2026-11-28", 0, [], [week]],
    ["2026-12-04", 23, [], [week]],
    ["2026-12-04", 23, [week], []],
    ["2026-12-05", 5, [], []],
    ["2026-12-05", 6, [week], [morning]],
    ["2026-12-05", 23, [], [morning]],
    ["2026-12-05", 12, [morning], []],
    ["2026-12-06", 6, [], []],
  ])("on %s at %i, with %j told: %j", (day, hour, told, expected) => {
    expect(keysAt(day, hour, told)).toEqual(expected);
  });
});
