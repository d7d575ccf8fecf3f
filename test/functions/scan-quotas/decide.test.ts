// Who is told what after which scans: written by hand, and by properties over courses that nobody thought of.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { harmless } from "../../../functions/scan-quotas/text.ts";
import { ownersOf } from "../../../shared/quota/people.ts";
import { at, course, decideOn, type Figures, GB, people, scanOf, settings } from "./scene.ts";

describe("one home", () => {
  const courses: [string, number[], string[][]][] = [
    ["stays small", [1, 24.9, 25], [[], [], []]],
    [
      "is told once of each standing on its way up",
      [20, 26, 30, 51, 60, 91],
      [[], ["advised"], [], ["warned"], [], ["urgent"]],
    ],
    ["is told of the worst alone when it jumps", [10, 70, 70], [[], ["warned"], []]],
    [
      "is told nothing on the way down to the advice, and thanked below it",
      [60, 40, 26, 24, 23],
      [["warned"], [], [], [], ["back"]],
    ],
    [
      "is not told twice when it goes to and fro within a share of the limit",
      [51, 49, 51, 48, 52],
      [["warned"], [], [], [], []],
    ],
    [
      "is not told of the limit again before it was within the advice",
      [51, 30, 55, 30, 60],
      [["warned"], [], [], [], []],
    ],
    ["is told again after it was within the advice", [51, 10, 51], [["warned"], ["back"], ["warned"]]],
  ];
  test.each(courses)("%s", (_, sizes, expected) => {
    const { told } = course(sizes.map((gb) => ({ ada: gb })));
    expect(told).toEqual(expected.map((each) => each.map((what) => `ada: ${what}`)));
  });

  test("is told after as many scans as the settings say, but of danger at once", () => {
    const patient = { settings: settings({ scansBefore: 2 }) };
    expect(course([{ ada: 30 }, { ada: 30 }, { ada: 30 }], patient).told).toEqual([[], ["ada: advised"], []]);
    expect(course([{ ada: 30 }, { ada: 10 }, { ada: 30 }], patient).told).toEqual([[], [], []]);
    // Two looks agree on the lower of the two.
    expect(course([{ ada: 30 }, { ada: 60 }, { ada: 60 }, { ada: 60 }], patient).told).toEqual([
      [],
      ["ada: advised"],
      [],
      ["ada: warned"],
    ]);
    expect(course([{ ada: 95 }], patient).told).toEqual([["ada: urgent"]]);
  });

  test("two looks within half an hour are one", () => {
    const patient = { settings: settings({ scansBefore: 2 }) };
    const first = decideOn(scanOf(0, { ada: 30 }), undefined, patient);
    const second = decideOn(scanOf(0.01, { ada: 30 }), first.head, patient);
    expect(second.tells).toEqual([]);
    expect(decideOn(scanOf(0.03, { ada: 30 }), second.head, patient).tells).toHaveLength(1);
  });

  test("an incomplete figure shows that it is above, never that it is below", () => {
    const part = (gb: number) => ({ ada: { gb, complete: false } });
    expect(course([part(60)]).told).toEqual([["ada: warned"]]);
    expect(course([{ ada: 60 }, part(1), { ada: 60 }]).told).toEqual([["ada: warned"], [], []]);
    expect(course([{ ada: 60 }, part(1), { ada: 1 }]).told).toEqual([["ada: warned"], [], ["ada: back"]]);
  });

  test("that is missing is no home of 0 bytes", () => {
    const { told, head } = course([{ ada: 60, bo: 1 }, { bo: 1 }, { bo: 1 }, { bo: 1 }]);
    expect(told).toEqual([["ada: warned"], [], [], []]);
    expect([head.homes["ada"]?.missing, head.homes["ada"]?.standing, head.homes["ada"]?.bytes]).toEqual([
      3,
      "warned",
      60 * GB,
    ]);
    // An incomplete scan does not even show that it is missing.
    const part = course([{ ada: 60 }, {}, {}], {}, { complete: false });
    expect(part.head.homes["ada"]?.missing).toBe(0);
  });
});

describe("whose it is", () => {
  test("nobody is guessed: the team is told once, and of a new one once more", () => {
    const { told, head } = course([{ stranger: 60 }, { stranger: 60 }, { stranger: 60, gone: 30 }]);
    expect(told).toEqual([
      ["team: nobody is known to 1 homes above a limit"],
      [],
      ["team: nobody is known to 2 homes above a limit"],
    ]);
    expect(head.homes["stranger"]?.told).toEqual([]);
    // Once the sheet knows them, they are told.
    const known = [...people, { login: "stranger", email: "stranger@example.org" }];
    expect(decideOn(scanOf(3, { stranger: 60 }), head, { owners: ownersOf(known, "safe") }).tells).toEqual([
      { what: "warned", whom: "person", directory: "stranger" },
    ]);
  });

  test("while the sheet itself is in doubt, that somebody is not in it is no news", () => {
    expect(course([{ stranger: 60 }], { sheetInDoubt: true }).told).toEqual([[]]);
  });

  test("of two people with one spelling, neither is told", () => {
    const twice = { of: new Map(), disputed: new Set(["ada"]) };
    const { tells, head } = decideOn(scanOf(0, { ada: 60 }), undefined, { owners: twice });
    expect([tells.map(({ whom }) => whom), head.disputed]).toEqual([["team"], ["ada"]]);
  });
});

describe("the volume", () => {
  const free = (share: number) => ({ volume: { bytes: 1000 * GB, free: share * 1000 * GB } });
  test("is told of below the mark once, and above the other mark once", () => {
    let head: ReturnType<typeof decideOn>["head"] | undefined;
    const told = [0.3, 0.19, 0.1, 0.21, 0.19, 0.23, 0.25, 0.19].map((share, day) => {
      const decision = decideOn(scanOf(day, { ada: 1 }, free(share)), head);
      head = decision.head;
      return decision.notices.map(({ key }) => key);
    });
    expect(told).toEqual([
      [],
      ["quota/volume/low/1"],
      [],
      [],
      [],
      ["quota/volume/roomy/1"],
      [],
      ["quota/volume/low/2"],
    ]);
  });

  test("of unknown size is nobody's news, and zero bytes is no size", () => {
    const { volume: _, ...unknown } = scanOf(0, { ada: 1 });
    expect(decideOn(unknown, undefined).notices).toEqual([]);
    expect(decideOn(scanOf(0, { ada: 1 }, { volume: { bytes: 0, free: 0 } }), undefined).notices).toEqual([]);
  });
});

describe("figures that turn many homes round", () => {
  const many = (gb: number): Figures =>
    Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`home-${n}`, n < 7 ? gb : 1]));

  test("tell nobody, ask the team once, and are forgotten when they are mended", () => {
    const { told, head } = course([many(1), many(60), many(60)]);
    expect(told).toEqual([[], ["team: 7 homes changed at once"], []]);
    expect(Object.values(head.homes).every(({ standing }) => standing === "ok")).toBe(true);
    expect(head.homes["home-0"]?.bytes).toBe(60 * GB);
    const after = decideOn(scanOf(3, many(1)), head);
    expect([after.notices, after.head.waiting]).toEqual([[], undefined]);
  });

  test("go through with a person's word on this very plan", () => {
    const { head } = course([many(1), many(60)]);
    const hash = head.waiting?.hash ?? "";
    expect(decideOn(scanOf(2, many(60)), head, { approved: "another" }).changes).toHaveLength(7);
    expect(decideOn(scanOf(2, many(60)), head, { approved: "another" }).head.waiting?.hash).toBe(hash);
    const approved = decideOn(scanOf(2, many(60)), head, { approved: hash });
    expect(approved.head.waiting).toBeUndefined();
    expect(Object.values(approved.head.homes).filter(({ standing }) => standing === "warned")).toHaveLength(
      7,
    );
  });

  test("so do figures of another kind", () => {
    const { head } = course([{ ada: 1 }]);
    const apparent = decideOn(scanOf(1, { ada: 60 }, { kind: "apparent" }), head);
    expect(apparent.head.waiting?.because).toMatch(/cannot be compared/);
    expect(apparent.tells.map(({ whom }) => whom)).toEqual(["team"]);
  });
});

describe("the words", () => {
  test("to a person: their own figures, short, in the limit's unit, with nothing in a name that drives a terminal", () => {
    const scan = scanOf(40, {});
    const evil = { name: `\u202e\u001b[2J**bold**${"x".repeat(90)}`, bytes: 12 * GB };
    const homes = [
      { directory: "ada", bytes: 61.234 * GB, complete: true, top: [evil, { name: "data", bytes: 9 * GB }] },
    ];
    const before = decideOn(scanOf(10, { ada: 20 }), undefined);
    const [notice] = decideOn({ ...scan, homes }, before.head).notices;
    expect(notice?.to).toEqual({ mail: ["ada@example.org"] });
    expect(notice?.subject).toBe("Your home on prod takes 61.2 GB; 50 GB is the limit");
    expect(notice?.text.split("\n").length).toBeLessThan(25);
    expect(notice?.text).toContain("It grew by 41.2 GB in 7 days, 41.2 GB in 30 days.");
    expect(notice?.text).toContain("??[2J**bold**");
    expect(notice?.text).not.toMatch(/[^\P{C}\n]/u);
    expect([...harmless(evil.name)].length).toBe(50);
  });

  test("to the team: no names", () => {
    const { notices } = decideOn(
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

  test("no key is published twice, and no standing is told twice in one time above", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 3 }), (figures, scansBefore) => {
        let head: ReturnType<typeof decideOn>["head"] | undefined;
        const keys: string[] = [];
        figures.forEach((each, day) => {
          const decision = decideOn(scanOf(day, each), head, { settings: settings({ scansBefore }) });
          keys.push(...decision.notices.filter(({ to }) => to !== "team").map(({ key }) => key));
          head = decision.head;
        });
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test("the same figures again tell nobody anything", () => {
    fc.assert(
      fc.property(days, (figures) => {
        const { head } = course(figures);
        const last = figures.at(-1) ?? {};
        expect(decideOn(scanOf(figures.length - 1, last), head).notices).toEqual([]);
      }),
    );
  });

  test("nobody is thanked or let down by a figure that is incomplete or missing", () => {
    fc.assert(
      fc.property(days, (figures) => {
        const { head } = course(figures);
        const lower = Object.fromEntries(
          Object.keys(head.homes).map((name) => [name, { gb: 0, complete: false }]),
        );
        const after = decideOn(scanOf(20, lower), head);
        const gone = decideOn(scanOf(20, {}), head);
        for (const next of [after, gone])
          for (const [name, { standing }] of Object.entries(next.head.homes))
            expect(standing).toBe(head.homes[name]?.standing);
      }),
    );
  });

  test("a stale clock is no reason to tell: `now` alone changes nothing", () => {
    const first = decideOn(scanOf(0, { ada: 30 }), undefined);
    const later = decideOn(scanOf(0, { ada: 30 }), first.head, { now: at(400) });
    expect(later.notices).toEqual([]);
  });
});
