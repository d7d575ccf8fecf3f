// Figures that wait for a person's word: how many homes may change at once unasked, and what goes on once somebody has approved.
import { describe, expect, test } from "@jest/globals";
import { course, type Figures, GB, scanned, scanOf, settings } from "./harness.ts";

describe("figures that turn many homes round", () => {
  const first = (count: number) => Array.from({ length: count }, (_, n) => `home-${n}`);
  const many = (gb: number): Figures =>
    Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`home-${n}`, n < 7 ? gb : 1]));

  test("tell nobody, and are forgotten when they are mended", () => {
    const { done, held, state } = course([many(1), many(60), many(60)]);
    expect([done, held]).toEqual([[[], [], []], first(7).map((name) => `${name}: from ok to warned`)]);
    expect(Object.values(state.homes).every(({ status }) => status === "ok")).toBe(true);
    expect(state.homes["home-0"]?.bytes).toBe(60 * GB);
    const mended = scanned(scanOf(3, many(1)), state);
    expect([mended.done, mended.held, mended.state.waiting]).toEqual([[], [], undefined]);
  });

  test.each([
    [5, 20, { above: 5, share: 0.2 }, 0],
    [6, 20, { above: 5, share: 0.2 }, 6],
    [4, 20, { above: 1, share: 0.2 }, 0],
    [5, 20, { above: 1, share: 0.2 }, 5],
    [1, 1, { above: 0, share: 0 }, 1],
  ])("%i of %i with %j: %i are held", (turned, all, holdChanges, count) => {
    const homes = (gb: number): Figures =>
      Object.fromEntries(Array.from({ length: all }, (_, n) => [`home-${n}`, n < turned ? gb : 1]));
    const given = { settings: settings({ holdChanges }) };
    const { done, held } = course([homes(1), homes(60)], given);
    expect([held.length, done.flat().length]).toEqual([count, turned - count]);
  });

  test("are held by themselves, each with why, whom it is about and its own hash; the volume is not", () => {
    const full = { volume: { bytes: 100 * GB, free: GB } };
    const { decision } = scanned(scanOf(1, many(60), full), course([many(1)]).state);
    const { actions, held } = decision.plan;
    expect(actions.map(({ do: deed, about }) => [deed, about])).toEqual([["alarm", "the volume"]]);
    expect(held[0]).toEqual({
      do: "report",
      about: "home-0",
      why: "from ok to warned",
      whom: "team",
      because: "7 of 20 homes changed where they stand in one scan; up to 5 go through unasked",
      hash: held[0]?.hash,
    });
    expect(new Set(held.map(({ hash }) => hash)).size).toBe(7);
  });

  test("go through as far as a person has approved; the rest stands as before and waits on, however few are left", () => {
    const before = course([many(1), many(60)]).state;
    const approved = first(4);
    const { done, held, state, notices } = scanned(scanOf(2, many(60)), before, { approved });
    expect([done, held]).toEqual([
      approved.map((name) => `${name}: report`),
      first(7)
        .slice(4)
        .map((name) => `${name}: from ok to warned`),
    ]);
    const warned = Object.entries(state.homes).filter(([, { status }]) => status === "warned");
    expect([warned.map(([name]) => name), state.nobodyTold]).toEqual([approved, approved]);
    expect(notices.map(({ subject }) => subject)).toEqual([
      "prod: 4 homes above a limit belong to nobody in the sheet",
    ]);
    // Three would go through unasked, had they not been asked about before.
    const next = scanned(scanOf(3, many(60)), state);
    expect([next.done, next.held]).toEqual([[], held]);
    const all = scanned(scanOf(4, many(60)), next.state, { approved: first(7) });
    expect([all.done.length, all.held, all.state.waiting]).toEqual([3, [], undefined]);
  });

  test("are doubted when they are of another kind", () => {
    const { state } = course([{ ada: 1 }]);
    const apparent = scanOf(1, { ada: 60 }, { kind: "apparent" });
    const { held, decision } = scanned(apparent, state);
    expect([held, decision.plan.held[0]?.because]).toEqual([
      ["ada: from ok to warned"],
      "the figures were allocated sizes and are apparent ones now, which cannot be compared",
    ]);
  });
});
