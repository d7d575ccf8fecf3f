// Tests of who is told what after which scans: written by hand, and by properties over courses that nobody thought of.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isOfHome } from "../../../functions/scan-quotas/decide.ts";
import { harmless } from "../../../functions/scan-quotas/text.ts";
import { ownersOf } from "../../../shared/quota/people.ts";
import type { QuotaState } from "../../../shared/quota/records.ts";
import { at, course, GB, people, scanned, scanOf, settings } from "./harness.ts";

describe("one home", () => {
  const courses: [string, number[], string[][]][] = [
    ["stays small", [1, 24.9, 25], [[], [], []]],
    [
      "is told once of each status on its way up",
      [20, 26, 30, 51, 60, 91],
      [[], ["advise"], [], ["warn"], [], ["urge"]],
    ],
    ["is told of the worst alone when it jumps", [10, 70, 70], [[], ["warn"], []]],
    [
      "is only noted on the way down to the advice, and its person thanked below it",
      [60, 40, 26, 24, 23],
      [["warn"], ["note"], [], [], ["thank"]],
    ],
    [
      "is not told twice when it goes to and fro within a share of the limit",
      [51, 49, 51, 48, 52],
      [["warn"], [], [], [], []],
    ],
    [
      "is not told of the limit again before it was within the advice",
      [51, 30, 55, 30, 60],
      [["warn"], ["note"], ["note"], ["note"], ["note"]],
    ],
    ["is told again after it was within the advice", [51, 10, 51], [["warn"], ["thank"], ["warn"]]],
  ];
  test.each(courses)("%s", (_, sizes, expected) => {
    const { done } = course(sizes.map((gb) => ({ ada: gb })));
    expect(done).toEqual(expected.map((each) => each.map((what) => `ada: ${what}`)));
  });

  test("is told after as many scans as the settings say, but of danger at once", () => {
    const patient = { settings: settings({ scansBefore: 2 }) };
    expect(course([{ ada: 30 }, { ada: 30 }, { ada: 30 }], patient).done).toEqual([[], ["ada: advise"], []]);
    expect(course([{ ada: 30 }, { ada: 10 }, { ada: 30 }], patient).done).toEqual([[], [], []]);
    // Two looks agree on the lower of the two.
    expect(course([{ ada: 30 }, { ada: 60 }, { ada: 60 }, { ada: 60 }], patient).done).toEqual([
      [],
      ["ada: advise"],
      [],
      ["ada: warn"],
    ]);
    expect(course([{ ada: 95 }], patient).done).toEqual([["ada: urge"]]);
  });

  test("two looks within half an hour are one", () => {
    const patient = { settings: settings({ scansBefore: 2 }) };
    const first = scanned(scanOf(0, { ada: 30 }), undefined, patient);
    const second = scanned(scanOf(0.01, { ada: 30 }), first.state, patient);
    expect(second.done).toEqual([]);
    expect(scanned(scanOf(0.03, { ada: 30 }), second.state, patient).done).toHaveLength(1);
  });

  test("an incomplete figure shows that it is above, never that it is below", () => {
    const part = (gb: number) => ({ ada: { gb, complete: false } });
    expect(course([part(60)]).done).toEqual([["ada: warn"]]);
    expect(course([{ ada: 60 }, part(1), { ada: 60 }]).done).toEqual([["ada: warn"], [], []]);
    expect(course([{ ada: 60 }, part(1), { ada: 1 }]).done).toEqual([["ada: warn"], [], ["ada: thank"]]);
  });

  test("that is missing is no home of 0 bytes", () => {
    const { done, state } = course([{ ada: 60, bo: 1 }, { bo: 1 }, { bo: 1 }, { bo: 1 }]);
    expect(done).toEqual([["ada: warn"], [], [], []]);
    expect([state.homes["ada"]?.missing, state.homes["ada"]?.status, state.homes["ada"]?.bytes]).toEqual([
      3,
      "warned",
      60 * GB,
    ]);
    expect(scanned(scanOf(3, { bo: 1 }), state).state.homes["ada"]?.missing).toBe(3);
    // An incomplete scan does not even show that it is missing.
    const part = course([{ ada: 60 }, {}, {}], {}, { complete: false });
    expect(part.state.homes["ada"]?.missing).toBe(0);
  });
});

describe("the age of a figure", () => {
  test("concerns its home alone: one that is too old moves nothing, and the others go on", () => {
    const { done, state } = course([
      { ada: 20, bo: 20, gone: { gb: 60, daysOld: 10 } },
      { ada: 60, bo: { gb: 60, daysOld: 3 }, gone: { gb: 60, daysOld: 11 } },
      { ada: 60, bo: 60, gone: { gb: 60, daysOld: 12 } },
    ]);
    expect(done).toEqual([[], ["ada: warn"], ["bo: warn"]]);
    expect([state.homes["gone"]?.status, state.homes["gone"]?.missing]).toEqual(["ok", 0]);
  });

  test("is no step back: an older figure than the last one is none", () => {
    const { done, state } = course([{ ada: 60 }, { ada: { gb: 10, daysOld: 1.2 } }, { ada: 61 }]);
    expect(done).toEqual([["ada: warn"], [], []]);
    expect(state.homes["ada"]?.bytes).toBe(61 * GB);
    // One of the future, which an older version has taken, deafens nobody.
    expect(course([{ ada: { gb: 20, daysOld: -300 } }, { ada: 60 }]).done).toEqual([[], ["ada: warn"]]);
    const back = course([{ ada: 60 }, { ada: { gb: 10, daysOld: 1.2 } }]);
    expect(back.state.homes["ada"]).toMatchObject({ bytes: 60 * GB, measuredAt: at(0).toISOString() });
  });
});

describe("a home's own limit", () => {
  // The others have 100 GB, of which the team gives 50.
  test.each<[string, { gb: number; limit?: number }[], string[][]]>([
    [
      "of 500 GB is another one than the others'",
      [
        { gb: 120, limit: 500 },
        { gb: 260, limit: 500 },
        { gb: 460, limit: 500 },
      ],
      [[], ["warn"], ["urge"]],
    ],
    [
      "of 10 GB is told before it is full",
      [
        { gb: 7, limit: 10 },
        { gb: 8.5, limit: 10 },
        { gb: 9.8, limit: 10 },
        { gb: 5, limit: 10 },
      ],
      [[], ["warn"], ["urge"], ["thank"]],
    ],
    [
      "that is the others' changes nothing",
      [
        { gb: 51, limit: 100 },
        { gb: 91, limit: 100 },
      ],
      [["warn"], ["urge"]],
    ],
    [
      "that is raised is room again",
      [
        { gb: 95, limit: 100 },
        { gb: 95, limit: 500 },
      ],
      [["urge"], ["thank"]],
    ],
  ])("%s", (_, figures, expected) => {
    const { done } = course(figures.map((ada) => ({ ada })));
    expect(done).toEqual(expected.map((each) => each.map((what) => `ada: ${what}`)));
  });

  test("is what its person is told", () => {
    const subjects = (gb: number, limit: number) =>
      scanned(scanOf(0, { ada: { gb, limit } }), undefined).notices.map(({ subject }) => subject);
    expect(subjects(8.5, 10)).toEqual(["Your home on prod takes 8.5 GB; 10 GB is where it stops working"]);
    expect(subjects(460, 500)).toEqual(["Your home on prod takes 460 GB; 500 GB is where it stops working"]);
    expect(subjects(60, 100)).toEqual(["Your home on prod takes 60 GB; 50 GB is the limit"]);
  });
});

describe("whose it is", () => {
  test("nobody is guessed: the team is told once, and of a new one once more", () => {
    const { done, state } = course([{ stranger: 60 }, { stranger: 60 }, { stranger: 60, gone: 30 }]);
    expect(done).toEqual([["stranger: report"], [], ["gone: report"]]);
    expect(state.homes["stranger"]?.told).toEqual([]);
    // Once the sheet knows them, they are told.
    const known = [...people, { login: "stranger", email: "stranger@example.org" }];
    const after = scanned(scanOf(3, { stranger: 60 }), state, { owners: ownersOf(known, "safe") });
    expect(after.decision.plan.actions).toEqual([
      { do: "warn", about: "stranger", why: "warned, and nobody has heard of it yet", whom: "stranger" },
    ]);
  });

  test("while the sheet itself is in doubt, that somebody is not in it is no news", () => {
    expect(course([{ stranger: 60 }], { sheetInDoubt: true }).done).toEqual([["stranger: note"]]);
  });

  test("of two people with one spelling, neither is told", () => {
    const twice = { of: new Map(), disputed: new Set(["ada"]) };
    const { done, state } = scanned(scanOf(0, { ada: 60 }), undefined, { owners: twice });
    expect([done, state.disputed]).toEqual([["ada: report"], ["ada"]]);
  });
});

describe("the volume", () => {
  const free = (share: number) => ({ volume: { bytes: 1000 * GB, free: share * 1000 * GB } });
  test("is no home, whether it is full or has room again", () => {
    const full = scanned(scanOf(0, { ada: 60 }, free(0.1)), undefined);
    const again = scanned(
      scanOf(1, { ada: 60 }, { volume: { bytes: 2000 * GB, free: 1000 * GB } }),
      full.state,
    );
    const told = [full, again].map(({ decision }) =>
      decision.plan.actions.map((action) => [action.do, isOfHome(action)]),
    );
    expect(told).toEqual([
      [
        ["warn", true],
        ["alarm", false],
      ],
      [["all-clear", false]],
    ]);
  });

  test("of unknown size is nobody's news, and zero bytes is no size", () => {
    const { volume: _, ...unknown } = scanOf(0, { ada: 1 });
    expect(scanned(unknown, undefined).notices).toEqual([]);
    expect(scanned(scanOf(0, { ada: 1 }, { volume: { bytes: 0, free: 0 } }), undefined).notices).toEqual([]);
  });
});

describe("the words", () => {
  test("to a person: their own figures, short, in the limit's unit, with nothing in a name that drives a terminal", () => {
    const scan = scanOf(40, {});
    const evil = { name: `\u202e\u001b[2J**bold**${"x".repeat(90)}`, bytes: 12 * GB };
    const homes = [
      ...scanOf(40, { ada: 61.234 }).homes.map((home) => ({
        ...home,
        top: [evil, { name: "data", bytes: 9 * GB }],
      })),
    ];
    const before = scanned(scanOf(10, { ada: 20 }), undefined);
    const [notice] = scanned({ ...scan, homes }, before.state).notices;
    expect(notice?.to).toEqual({ mail: ["ada@example.org"] });
    expect(notice?.subject).toBe("Your home on prod takes 61.2 GB; 50 GB is the limit");
    expect(notice?.text.split("\n").length).toBeLessThan(25);
    expect(notice?.text).toContain("It grew by 41.2 GB in 7 days, 41.2 GB in 30 days.");
    expect(notice?.text).toContain("??[2J**bold**");
    expect(notice?.text).not.toMatch(/[^\P{C}\n]/u);
    expect([...harmless(evil.name)].length).toBe(50);
  });

  test("to the team: no names", () => {
    const { notices } = scanned(
      scanOf(0, { stranger: 60 }, { volume: { bytes: 100 * GB, free: GB } }),
      undefined,
    );
    expect(notices.map(({ to }) => to)).toEqual(["team", "team"]);
    expect(notices.map(({ text, subject }) => text + subject).join()).not.toMatch(/stranger/);
  });
});

describe("whatever the course", () => {
  const figure = fc.oneof(
    fc.constantFrom(0, 24, 25.1, 47, 49, 51, 86, 89, 91, 120),
    fc.record({ gb: fc.constantFrom(1, 30, 60, 95), complete: fc.constant(false) }),
  );
  const days = fc.array(
    fc.dictionary(fc.constantFrom("ada", "bo", "stranger"), figure, { noNullPrototype: true }),
    { minLength: 1, maxLength: 12 },
  );

  test("no key is published twice, and no status is told twice in one time above", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 3 }), (figures, scansBefore) => {
        let state: QuotaState | undefined;
        const keys: string[] = [];
        figures.forEach((each, day) => {
          const one = scanned(scanOf(day, each), state, { settings: settings({ scansBefore }) });
          keys.push(...one.notices.filter(({ to }) => to !== "team").map(({ key }) => key));
          state = one.state;
        });
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test("the same figures again tell nobody anything", () => {
    fc.assert(
      fc.property(days, (figures) => {
        const { state } = course(figures);
        const last = figures.at(-1) ?? {};
        expect(scanned(scanOf(figures.length - 1, last), state).notices).toEqual([]);
      }),
    );
  });

  test("nobody is thanked or let down by a figure that is incomplete or missing", () => {
    fc.assert(
      fc.property(days, (figures) => {
        const { state } = course(figures);
        const lower = Object.fromEntries(
          Object.keys(state.homes).map((name) => [name, { gb: 0, complete: false }]),
        );
        const after = scanned(scanOf(20, lower), state);
        const gone = scanned(scanOf(20, {}), state);
        for (const next of [after, gone])
          for (const [name, { status }] of Object.entries(next.state.homes))
            expect(status).toBe(state.homes[name]?.status);
      }),
    );
  });

  test("a stale clock is no reason to tell: `now` alone changes nothing", () => {
    const first = scanned(scanOf(0, { ada: 30 }), undefined);
    const later = scanned(scanOf(0, { ada: 30 }), first.state, { now: at(400) });
    expect(later.notices).toEqual([]);
  });
});
