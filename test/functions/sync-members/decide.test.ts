// Changes that follow from a sheet and the teams: the additions, and what may not be added.
import { describe, expect, test } from "@jest/globals";
import { loginsToLookUp } from "../../../functions/sync-members/names.ts";
import { account, ago, decideOn, github, inputOf, row, short, state, strangers } from "./facts-harness.ts";

const nothing = {
  actions: [],
  held: [],
  refused: [],
  deferred: [],
  unmanaged: [],
  reported: [],
  doubt: { touched: new Set(), pairs: [], changed: [] },
  doubted: [],
  keptBack: new Map(),
};

describe("who is let in", () => {
  test("somebody new is invited, in one act, to the team of their tier", () => {
    expect(decideOn({ rows: [row("ada", "Education", { cell: "C7" })] })).toEqual({
      ...nothing,
      actions: [
        { do: "invite", about: "ada", team: "base-access", why: "new in the sheet: Education", at: "C7" },
      ],
    });
  });

  test("a member of another managed team is added", () => {
    const { actions } = decideOn({
      rows: [row("ada", "Education", { cell: "C7" })],
      github: github({ "public-access": ["ada"] }),
      state: undefined,
    });
    expect(actions[0]).toEqual({
      do: "add",
      about: "ada",
      team: "base-access",
      why: "the sheet gives Education",
      at: "C7",
    });
  });

  test.each([
    [23, []],
    [24, ["add ada -> full-access"]],
  ])("a member of the organisation whom GitHub refused %i hours ago: once a day", (hours, expected) => {
    const refusal = { cause: "refused", what: "", why: "", next: "", team: "full-access", at: ago(0, hours) };
    const known = { ada: { invitations: 0, outcome: "refused", outcomeAt: refusal.at, refusal } } as const;
    const { actions } = decideOn({
      rows: [row("ada")],
      accounts: new Map([["ada", account("ada", { member: true })]]),
      state: state({ known }),
    });
    expect(short(actions)).toEqual(expected);
  });

  test("upper and lower case are one login, at every place", () => {
    const decision = decideOn({
      rows: [row("ADA"), row("bo"), row("Cy")],
      github: github({ "full-access": ["Ada"] }, { pending: [{ login: "BO", teams: ["full-access"] }] }),
      accounts: strangers("cY"),
      state: state({ known: ["ada", "bo", "cy"] }),
    });
    expect(decision).toEqual({
      ...nothing,
      actions: [
        { do: "invite", about: "Cy", team: "full-access", why: "new in the sheet: Research", at: "C2" },
      ],
    });
  });

  test("the last day of a membership is a day of access, in UTC", () => {
    expect(short(decideOn({ rows: [row("ada", "Research", { expires: "2026-11-21" })] }).actions)).toEqual([
      "invite ada -> full-access",
    ]);
    expect(decideOn({ rows: [row("ada", "Research", { expires: "2026-11-20" })] })).toEqual(nothing);
  });

  test("a member of one team who is still listed as invited to the wanted one is added before they are moved", () => {
    const teams = github({ "base-access": ["ada"] }, { pending: [{ login: "ada", teams: ["full-access"] }] });
    expect(short(decideOn({ rows: [row("ada")], github: teams }).actions)).toEqual([
      "add ada -> full-access",
      "remove ada -> base-access",
    ]);
  });

  test("an empty memory, as before the first run, lets people in", () => {
    expect(short(decideOn({ rows: [row("ada")], state: undefined }).actions)).toEqual([
      "invite ada -> full-access",
    ]);
  });

  test("a protected person in the sheet gets their team", () => {
    expect(short(decideOn({ rows: [row("ada")], settings: { protected: ["Ada"] } }).actions)).toEqual([
      "invite ada -> full-access",
    ]);
  });
});

describe("who is not invited", () => {
  test("whoever was invited by their address", () => {
    const pending = [{ email: "Ada@example.org", teams: ["full-access"] }];
    expect(decideOn({ rows: [row("ada")], github: github({}, { pending }) })).toEqual(nothing);
    expect(short(decideOn({ rows: [row("bo")], github: github({}, { pending }) }).actions)).toEqual([
      "invite bo -> full-access",
    ]);
  });

  test("a name that is nobody's is refused with its cell, and costs nobody else", () => {
    const decision = decideOn({
      rows: [row("gone", "Research", { cell: "C9" }), row("bo")],
      accounts: new Map([["gone", "not-found"], ...strangers("bo")]),
    });
    expect(short(decision.actions)).toEqual(["invite bo -> full-access"]);
    expect(decision.refused).toEqual([
      {
        about: "C9",
        value: "gone",
        why: "GitHub has no account of this name; ask the person for the right one",
      },
    ]);
  });

  test.each([
    ["Bot", "this is the account of a bot, not of a person; ask the person for theirs"],
    ["Organization", "this is the account of an organisation, not of a person; ask the person for theirs"],
  ] as const)("a %s", (type, why) => {
    const decision = decideOn({
      rows: [row("acme", "Research", { cell: "C9" })],
      accounts: new Map([["acme", account("acme", { type })]]),
    });
    expect(decision).toEqual({ ...nothing, refused: [{ about: "C9", value: "acme", why }] });
  });

  test("a stranger who took a login that was given up", () => {
    const decision = decideOn({
      rows: [row("ada", "Research", { cell: "C9" })],
      accounts: new Map([["ada", account("ada", { id: 99 })]]),
      state: state({ known: { ada: { id: 5, invitations: 1, invitedAt: ago(30) } } }),
    });
    expect(short(decision.actions)).toEqual([]);
    expect(decision.refused).toEqual([
      expect.objectContaining({ about: "C9", why: expect.stringMatching(/^another account has this name/) }),
    ]);
  });

  test("nobody is refused for a row that has lapsed", () => {
    const rows = [row("gone", "Research", { expires: "2026-01-01" })];
    expect(decideOn({ rows, accounts: new Map([["gone", "not-found"]]) })).toEqual(nothing);
  });

  test("rows that the sheet refused are passed on as they are", () => {
    const rejected = [{ cell: "D4", value: "Reserch", why: "no tier of the settings" }];
    expect(decideOn({ rejected })).toEqual({
      ...nothing,
      refused: [{ about: "D4", value: "Reserch", why: "no tier of the settings" }],
    });
  });
});

describe("invitations a day", () => {
  const invite = (count: number, from = 1) =>
    Array.from({ length: count }, (_, index) => `invite p${from + index} -> full-access`);

  test("what the budget does not cover is left for later", () => {
    const rows = ["p1", "p2", "p3", "p4"].map((login) => row(login));
    const { actions, deferred } = decideOn({ rows, settings: { invitationsPerDay: 3 } });
    expect([short(actions), short(deferred)]).toEqual([invite(3), invite(1, 4)]);
  });

  test("exactly the budget goes out", () => {
    const rows = ["p1", "p2", "p3"].map((login) => row(login));
    expect(decideOn({ rows, settings: { invitationsPerDay: 3 } }).deferred).toEqual([]);
  });

  test("invitations of the last 24 hours count, whoever sent them and whatever became of them", () => {
    const pending = [
      { login: "x1", createdAt: ago(0, 1) },
      { email: "x2@example.org", createdAt: ago(0, 23) },
      { login: "x3", createdAt: ago(1) },
    ];
    const known = {
      x1: { invitations: 1, invitedAt: ago(0, 1) },
      accepted: { invitations: 1, invitedAt: ago(0, 5) },
      "long-ago": { invitations: 1, invitedAt: ago(1) },
    };
    const { actions, deferred } = decideOn({
      rows: ["p1", "p2", "p3"].map((login) => row(login)),
      github: github({}, { pending }),
      state: state({ known }),
      settings: { invitationsPerDay: 5 },
    });
    expect([short(actions), short(deferred)]).toEqual([invite(2), invite(1, 3)]);
  });

  test("a budget that is overdrawn lets nobody through, and stops no addition", () => {
    const pending = ["x1", "x2", "x3"].map((login) => ({ login, createdAt: ago(0, 1) }));
    const { actions, deferred } = decideOn({
      rows: ["p1", "p2", "p3", "bo"].map((login) => row(login)),
      github: github({ "base-access": ["bo"] }, { pending }),
      settings: { invitationsPerDay: 1 },
    });
    expect([short(actions), short(deferred)]).toEqual([
      ["add bo -> full-access", "remove bo -> base-access"],
      invite(3),
    ]);
  });

  test("who was never asked comes before who let an invitation lapse", () => {
    const { actions } = decideOn({
      rows: [row("again"), row("first")],
      state: state({ known: { again: { invitations: 1, invitedAt: ago(8) } } }),
      settings: { invitationsPerDay: 1 },
    });
    expect(short(actions)).toEqual(["invite first -> full-access"]);
  });
});

describe("who is looked up", () => {
  test("whoever is wanted and nowhere to be seen", () => {
    const teams = github(
      { "full-access": ["ada"] },
      { pending: [{ login: "bo", teams: ["full-access"] }, { email: "cy@example.org" }] },
    );
    const rows = [
      row("Ada"),
      row("Bo"),
      row("cy"),
      row("dee"),
      row("eve", "Public", { expires: "2026-01-01" }),
    ];
    const { accounts: _, ...input } = inputOf({ rows, github: teams });
    expect(loginsToLookUp(input)).toEqual(["cy", "dee"]);
  });
});
