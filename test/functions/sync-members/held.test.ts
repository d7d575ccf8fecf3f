// Removals that wait for a person's word: how many go through unasked, what counts, and what goes on meanwhile.
import { describe, expect, test } from "@jest/globals";
import { onlyGrows } from "../../../functions/sync-members/text.ts";
import { decideOn, github, row, short, state, strangers } from "./facts-harness.ts";

describe("removals that wait", () => {
  const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index + 1}`);
  const lose = (losses: number, stay: number, more: Parameters<typeof decideOn>[0] = {}) => {
    const all = people(losses + stay);
    return decideOn({
      rows: all.slice(losses).map((login) => row(login)),
      github: github({ "full-access": all }),
      state: state({ known: all }),
      ...more,
    });
  };

  test("as many as the fixed limit go through", () => {
    expect(lose(3, 2).held).toEqual([]);
    expect(lose(3, 2).actions).toHaveLength(3);
  });

  test("one more, and all of them wait", () => {
    const decision = lose(4, 2);
    expect(decision.actions).toEqual([]);
    expect(short(decision.held)).toEqual(people(4).map((login) => `remove ${login} -> full-access`));
    expect(decision.held[0]?.because).toBe("4 removals are many at once; up to 3 go through unasked");
  });

  test("in a large hub the share counts: 5 of 100, not 6", () => {
    expect(lose(5, 95).held).toEqual([]);
    expect(lose(6, 94).held).toHaveLength(6);
  });

  test("of 119 people 5 % are 5, not 6", () => {
    expect(lose(5, 114).held).toEqual([]);
    expect(lose(6, 113).held).toHaveLength(6);
  });

  test("additions and moves go through meanwhile", () => {
    const { actions } = lose(4, 0, {
      rows: [row("new"), row("mo", "Public")],
      github: github({ "full-access": [...people(4), "mo"] }),
      accounts: strangers("new"),
    });
    expect(short(actions)).toEqual([
      "add mo -> public-access",
      "invite new -> full-access",
      "remove mo -> full-access",
    ]);
  });

  test("any removal waits when the sheet has far fewer good rows than before", () => {
    const shrunk = { state: state({ known: people(8), goodRows: 10 }) };
    expect(lose(1, 8, { state: state({ known: people(9), goodRows: 10 }) }).held).toEqual([]);
    const decision = lose(1, 7, shrunk);
    expect(short(decision.held)).toEqual(["remove p1 -> full-access"]);
    expect(decision.held[0]?.because).toBe("the sheet has 7 good rows where it had 10: it may be damaged");
  });

  test("a sheet with no row left removes nobody, however few there were", () => {
    const decision = lose(2, 0, { state: state({ known: people(2), goodRows: 2 }) });
    expect(decision.actions).toEqual([]);
    expect(decision.held).toHaveLength(2);
  });

  test("a shrunken sheet by which nobody would lose access holds nothing", () => {
    const decision = lose(0, 3, { state: state({ known: people(3), goodRows: 100 }) });
    expect(decision.held).toEqual([]);
  });

  test("with no limit at all, a single removal waits", () => {
    expect(lose(1, 50, { settings: { holdRemovals: { above: 0, share: 0 } } }).held).toHaveLength(1);
  });

  test("a move of many people at once waits whole, down as well as up: nobody is mailed of it until a person says so", () => {
    const logins = ["a1", "a2", "a3", "a4", "a5"];
    const moved = (tier: string) =>
      decideOn({
        rows: logins.map((login) => row(login, tier)),
        github: github({ "base-access": logins }),
        settings: { holdRemovals: { above: 0, share: 0 } },
      });
    for (const [tier, team] of [
      ["Public", "public-access"],
      ["Research", "full-access"],
    ] as const) {
      const { actions, held } = moved(tier);
      expect([actions, short(held)]).toEqual([
        [],
        expect.arrayContaining(
          logins.flatMap((login) => [`add ${login} -> ${team}`, `remove ${login} -> base-access`]),
        ),
      ]);
    }
  });

  test("many who have the new team already keep the old one until a person says so", () => {
    const logins = ["a1", "a2", "a3", "a4", "a5"];
    const { actions, held } = decideOn({
      rows: logins.map((login) => row(login, "Public")),
      github: github({ "full-access": logins, "public-access": logins }),
      settings: { holdRemovals: { above: 0, share: 0 } },
    });
    expect([actions, short(held)]).toEqual([[], logins.map((login) => `remove ${login} -> full-access`)]);
    expect(held[0]?.because).toBe("5 people would change teams at once; up to 0 do so unasked");
  });
});

test.each<[string, string, boolean]>([
  ["8 removals where 5 may go", "9 removals where 5 may go", true],
  ["8 removals where 5 may go", "an old version of the sheet was brought back", false],
])("what was asked about because of %j, and grows because of %j", (then, because, grows) => {
  const now = new Date("2026-11-21T10:30:00Z");
  const asked = { held: [{ hash: "a", because: then }], since: { a: "2026-11-21T10:00:00.000Z" } };
  const held = ["a", "b"].map((hash) => ({ hash, because }));
  expect(onlyGrows(held, asked, now)).toBe(grows);
});

test.each([
  ["before", "2026-11-14T12:00:00.000Z"],
  ["after", "2026-11-20T12:00:00.000Z"],
])("four who come back after their time was over wait, also where the last look was %s that", (_, at) => {
  const rows = ["p1", "p2", "p3", "p4"].map((login, index) =>
    row(login, "Research", { cell: `C${index + 2}` }),
  );
  const known = { invitations: 1, outcome: "lapsed", outcomeAt: "2026-10-30T12:00:00.000Z" } as const;
  const pairings = rows.map(({ cell, login, email, name, tier }, index) => ({
    at: Number(cell.slice(1)),
    login,
    email,
    name,
    tier,
    expires: `2026-11-1${5 + index}`,
  }));
  const before = { at, pairings, known: Object.fromEntries(rows.map(({ login }) => [login, known])) };
  const { actions, held } = decideOn({ rows, state: state(before) });
  expect(short(actions)).toEqual([]);
  expect(short(held).filter((one) => one.startsWith("invite"))).toEqual(
    rows.map(({ login }) => `invite ${login} -> full-access`),
  );
});
