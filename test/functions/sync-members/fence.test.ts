// The fence: only what we gave is ever taken, and nothing within its grace, nor more over time than the bounds.
import { describe, expect, test } from "@jest/globals";
import { decide } from "../../../functions/sync-members/decide.ts";
import type { Facts } from "../../../functions/sync-members/facts.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import { ago, decideOn, github, idOf, inputOf, now, row, short, state } from "./facts-harness.ts";

type How = "given" | "by-hand" | "before";
const known = (login: string, how: How, teams: string[] = ["full-access"]): MembersState["known"] => ({
  [login]: {
    id: idOf(login),
    invitations: 1,
    memberships: Object.fromEntries(teams.map((team) => [team, { how, at: ago(30) }])),
  },
});
const since = { provenanceSince: ago(90) };

describe("whose doing a membership is", () => {
  const inTeam = github({ "full-access": ["ada"] });

  test.each<[How, string[], string[]]>([
    ["given", ["remove ada -> full-access"], []],
    ["by-hand", [], ["it was given by hand"]],
    ["before", [], ["it is older than Groundcrew"]],
  ])("of somebody who is gone from the sheet: %s", (how, actions, because) => {
    const decision = decideOn({ github: inTeam, state: state({ ...since, known: known("ada", how) }) });
    expect([short(decision.actions), decision.unmanaged]).toEqual([actions, []]);
    expect(decision.reported.map((one) => one.because.split(":")[0])).toEqual(because);
  });

  test("under removals: report, which is the default, nobody loses anything", () => {
    const decision = decideOn({
      github: github({ "full-access": ["ada"] }, { pending: [{ login: "bo", teams: ["full-access"] }] }),
      state: state({ ...since, known: { ...known("ada", "given"), ...known("bo", "given") } }),
      settings: { removals: "report" },
    });
    expect([decision.actions, decision.held]).toEqual([[], []]);
    expect(short(decision.reported.map(({ login: about, ...rest }) => ({ about, ...rest })))).toEqual([
      "remove ada -> full-access",
      "cancel-invitation bo -> full-access",
    ]);
  });

  test("somebody protected stays under another name, also in a row of their own", () => {
    const decision = decideOn({
      rows: [row("ada-new", "Research", { expires: "2026-01-01" })],
      github: github({ "full-access": ["ada-new"] }),
      state: state({ ...since, known: known("ada-new", "given"), protectedIds: { ada: idOf("ada-new") } }),
      settings: { protected: ["ada"] },
    });
    expect([decision.actions, decision.held, decision.reported]).toEqual([[], [], []]);
  });
});

describe("an invitation", () => {
  type Invited = NonNullable<NonNullable<Parameters<typeof github>[1]>["pending"]>[number];
  const withdrawn = (more: Invited, how: How = "given") =>
    short(
      decideOn({
        github: github({}, { pending: [{ login: "ada", teams: ["full-access"], ...more }] }),
        state: state({ ...since, known: known("ada", how) }),
      }).actions,
    );

  test("of ours, to our teams alone, is withdrawn whole", () => {
    expect(withdrawn({})).toEqual(["cancel-invitation ada -> full-access"]);
  });
  test("that leads to another team, too, loses only ours", () => {
    expect(withdrawn({ teamCount: 2 })).toEqual(["remove ada -> full-access"]);
  });
  test("that a person sent loses only what we gave", () => {
    expect(withdrawn({ isByPerson: true })).toEqual(["remove ada -> full-access"]);
    expect(withdrawn({ isByPerson: true }, "by-hand")).toEqual([]);
  });
  test("to one of our teams that somebody else added stays", () => {
    expect(withdrawn({ teams: ["base-access", "full-access"] })).toEqual(["remove ada -> full-access"]);
  });
  test("to become an owner is never touched, nor one of which that is not told", () => {
    expect(withdrawn({ role: "admin" })).toEqual([]);
    expect(withdrawn({ role: "billing_manager" })).toEqual([]);
  });
});

describe("grace", () => {
  const at = (leaving: MembersState["leaving"], hours = 24): Facts =>
    inputOf({
      github: github({ "full-access": ["ada"] }),
      state: state({ known: ["ada"], ...(leaving === undefined ? {} : { leaving }) }),
      settings: { removalGraceHours: hours },
    });
  const key = "remove ada full-access";

  test.each([
    ["first seen now", undefined, 24, 0],
    ["first seen 23 hours ago", { [key]: ago(0, 23) }, 24, 0],
    ["first seen a day ago", { [key]: ago(1) }, 24, 1],
    ["without a grace, first seen now", undefined, 0, 0],
    ["without a grace, seen an hour ago", { [key]: ago(0, 1) }, 0, 1],
  ] as const)("%s", (_, leaving, hours, goes) => {
    const { plan, leaving: next } = decide(at(leaving, hours));
    expect([plan.actions.length, plan.held.length]).toEqual([goes, 0]);
    expect(next).toEqual({ [key]: leaving?.[key] ?? now.toISOString() });
  });

  test("is over nothing that the sheet has taken back meanwhile", () => {
    const { rows: _, ...facts } = at({ [key]: ago(3) });
    expect(decide({ ...facts, rows: [row("ada")] }).leaving).toEqual({});
  });
});

describe("over time", () => {
  const removed = (count: number, days: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`remove x${n}-${days} full-access`, ago(days, 1)]),
    );
  const lose = (count: number, more: Partial<MembersState>) => {
    const people = Array.from({ length: count }, (_, n) => `p${n + 1}`);
    return decideOn({ github: github({ "full-access": people }), state: state({ known: people, ...more }) });
  };

  test.each([
    ["8 in a day and 2 more", removed(8, 0), 2, undefined],
    [
      "8 in a day and 3 more",
      removed(8, 0),
      3,
      "11 removals in 24 hours are many; up to 10 go through unasked",
    ],
    ["18 in a week and 2 more", removed(18, 5), 2, undefined],
    [
      "18 in a week and 3 more",
      removed(18, 5),
      3,
      "21 removals in 7 days are many; up to 20 go through unasked",
    ],
    ["30 longer ago", removed(30, 7), 3, undefined],
  ] as const)("%s", (_, done, count, because) => {
    const { actions, held } = lose(count, { removed: done });
    expect(because === undefined ? actions.length : held.length).toBe(count);
    expect(held[0]?.because).toBe(because);
  });

  test("a sheet that shrinks bit by bit is measured by the most rows of seven days", () => {
    const rows = Array.from({ length: 7 }, (_, n) => row(`s${n}`));
    const shrinking = (rowsOfDays: Record<string, number>) =>
      decideOn({
        rows,
        github: github({ "full-access": ["gone", ...rows.map(({ login }) => login)] }),
        state: state({ known: ["gone"], goodRows: 7, rowsOfDays }),
      });
    expect(shrinking({ "2026-11-20": 8 }).held).toEqual([]);
    expect(shrinking({ "2026-11-16": 10, "2026-11-20": 8 }).held[0]?.because).toBe(
      "the sheet has 7 good rows where it had 10: it may be damaged",
    );
  });
});
