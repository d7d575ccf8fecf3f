// Tests of what takes access away: whom it may befall, and whom never.
import { describe, expect, test } from "@jest/globals";
import type { MembersState } from "../../../shared/members/records.ts";
import { ago, decideOn, github, idOf, row, short, state } from "./facts-harness.ts";

const person = (login: string, cell: string): MembersState["people"][number] => ({
  login,
  email: `${login}@example.org`,
  name: login,
  tier: "Research",
  team: "full-access",
  cell,
  status: "in-team",
  since: ago(30),
});

describe("a move", () => {
  test("adds first, then removes", () => {
    const { actions } = decideOn({
      rows: [row("ada", "Education", { cell: "C7" })],
      github: github({ "full-access": ["ada"] }),
    });
    expect(actions).toEqual([
      { do: "add", about: "ada", team: "base-access", why: "the sheet gives Education", at: "C7" },
      { do: "remove", about: "ada", team: "full-access", why: "the sheet now gives Education", at: "C7" },
    ]);
  });

  test("is one change of somebody who is in the old team and, with a new invitation, invited to it", () => {
    const pending = [{ login: "ADA", teams: ["full-access"] }];
    const teams = github({ "full-access": ["ada"], "base-access": ["ada"] }, { pending });
    const { actions } = decideOn({ rows: [row("ada", "Education")], github: teams });
    expect(short(actions)).toEqual(["remove ada -> full-access"]);
  });

  test("names a person as the sheet spells the login", () => {
    const teams = github({ "full-access": ["ada"] });
    const { actions } = decideOn({ rows: [row("Ada", "Education")], github: teams });
    expect(short(actions)).toEqual(["add Ada -> base-access", "remove ada -> full-access"]);
  });
});

describe("who loses access", () => {
  test("whose membership ended, on the day after its last", () => {
    const teams = github({ "full-access": ["ada", "bo"] });
    const rows = [
      row("ada", "Research", { cell: "C2", expires: "2026-11-20" }),
      row("bo", "Research", { cell: "C3", expires: "2026-11-21" }),
    ];
    expect(decideOn({ rows, github: teams }).actions).toEqual([
      {
        do: "remove",
        about: "ada",
        team: "full-access",
        why: "the membership ended on 2026-11-20",
        at: "C2",
      },
    ]);
  });

  test("whom the sheet named once and names no more", () => {
    const decision = decideOn({
      github: github({ "base-access": ["Ada"] }),
      state: state({ known: ["ada"] }),
    });
    expect(decision.actions).toEqual([
      { do: "remove", about: "Ada", team: "base-access", why: "no longer in the sheet" },
    ]);
  });

  test("an invitation of theirs is withdrawn, once, however many teams it leads to", () => {
    const pending = [{ login: "ada", teams: ["base-access", "full-access"] }];
    const withdrawn = decideOn({ github: github({}, { pending }), state: state({ known: ["ada"] }) });
    expect(short(withdrawn.actions)).toEqual(["cancel-invitation ada -> base-access"]);
    const lapsed = decideOn({
      rows: [row("ada", "Research", { expires: "2026-11-20" })],
      github: github({}, { pending }),
    });
    expect(short(lapsed.actions)).toEqual(["cancel-invitation ada -> base-access"]);
  });

  test("who renamed the account is known by its number", () => {
    const teams = github({ "full-access": ["ada-new"] });
    const decision = decideOn({
      github: teams,
      state: state({ known: { ada: { id: idOf("ada-new"), invitations: 1 } } }),
    });
    expect(short(decision.actions)).toEqual(["remove ada-new -> full-access"]);
  });
});

describe("who never does", () => {
  test("whom the sheet has never named: they are reported", () => {
    const decision = decideOn({
      github: github(
        { "full-access": ["guest"] },
        { pending: [{ login: "other-guest", teams: ["base-access"] }] },
      ),
    });
    expect(decision.actions).toEqual([]);
    expect(decision.unmanaged).toEqual([{ login: "guest", team: "full-access", how: "before" }]);
  });

  test("how they came there is said as it was said first; of whoever comes while we look on, by hand", () => {
    const unmanaged = [{ login: "guest", team: "full-access", how: "before" as const }];
    const decision = decideOn({
      github: github({ "full-access": ["guest", "newcomer"] }),
      state: state({ provenanceSince: ago(9), unmanaged }),
    });
    expect(decision.unmanaged).toEqual([
      { login: "guest", team: "full-access", how: "before" },
      { login: "newcomer", team: "full-access", how: "by-hand" },
    ]);
  });

  test("on the first run nobody was let in by us, so nobody goes, the lapsed neither", () => {
    const decision = decideOn({
      rows: [row("bo", "Public", { expires: "2026-01-01" })],
      github: github({ "full-access": ["ada"], "public-access": ["bo"] }),
      state: undefined,
    });
    expect(decision.actions).toEqual([]);
    expect(decision.unmanaged).toEqual([
      { login: "bo", team: "public-access", how: "before" },
      { login: "ada", team: "full-access", how: "before" },
    ]);
  });

  test.each(["constructor", "tostring", "valueof"])("%s, a login like any other", (login) => {
    const decision = decideOn({ github: github({ "full-access": [login] }) });
    expect(decision.actions).toEqual([]);
    expect(decision.unmanaged).toEqual([{ login, team: "full-access", how: "before" }]);
  });

  test.each(["ada", "ada-new"])(
    "who renamed the account and is protected, or in a refused row, as %s",
    (name) => {
      const renamed = {
        github: github({ "full-access": ["ada-new"] }),
        state: state({ known: { ada: { id: idOf("ada-new"), invitations: 1 } } }),
      };
      expect(decideOn({ ...renamed, settings: { protected: [name] } }).actions).toEqual([]);
      expect(decideOn({ ...renamed, named: [name] })).toMatchObject({ actions: [], doubted: ["ada"] });
      expect(short(decideOn(renamed).actions)).toEqual(["remove ada-new -> full-access"]);
    },
  );

  test("who renamed the account and is in the sheet by the old name: the cell is pointed out", () => {
    const decision = decideOn({
      rows: [row("ada", "Research", { cell: "C5" })],
      github: github({ "full-access": ["ada-new"] }),
      accounts: new Map(),
      state: state({ known: { ada: { id: idOf("ada-new"), invitations: 1 } } }),
    });
    expect(decision.actions).toEqual([]);
    expect(decision.unmanaged).toEqual([]);
    expect(decision.refused).toEqual([
      {
        about: "C5",
        value: "ada",
        why: "this person has renamed the account; access is as it was",
        suggestion: "ada-new",
      },
    ]);
  });

  test("who renamed the account and whose cell was corrected", () => {
    const decision = decideOn({
      rows: [row("ada-new")],
      github: github({ "full-access": ["ada-new"] }),
      accounts: new Map(),
      state: state({ known: { ada: { id: idOf("ada-new"), invitations: 1 } } }),
    });
    expect([decision.actions, decision.refused]).toEqual([[], []]);
  });

  test("a renamed person is moved by the name that GitHub has now", () => {
    const decision = decideOn({
      rows: [row("ada", "Public")],
      github: github({ "full-access": ["ada-new"] }),
      accounts: new Map(),
      state: state({ known: { ada: { id: idOf("ada-new"), invitations: 1 } } }),
    });
    expect(short(decision.actions)).toEqual([
      "add ada-new -> public-access",
      "remove ada-new -> full-access",
    ]);
  });
});

describe("a row that cannot be used removes nobody", () => {
  const inTeam = github({ "full-access": ["ada-l", "bo"] });
  const remembered = state({ known: ["ada-l", "bo"], people: [person("ada-l", "C12"), person("bo", "C13")] });
  const bo = row("bo", "Research", { cell: "C13" });

  test.each([
    ["with the login in it", { named: ["ada-l"], rejected: [{ cell: "D12", value: "Reserch", why: "x" }] }],
    ["whose login has a blank in it", { rejected: [{ cell: "C40", value: "Ada -L", why: "x" }] }],
    ["whose login is one of two", { rejected: [{ cell: "C40", value: "zed, ada-l", why: "x" }] }],
    [
      "whose login is written with letters of another script",
      { rejected: [{ cell: "C40", value: "аdа-l", why: "x", suggestion: "ada-l" }] },
    ],
    ["without an address, in their cell", { unreadable: [{ cell: "C12" }] }],
    ["with their address, in their cell", { unreadable: [{ cell: "C12", email: "ada-l@example.org" }] }],
    ["with their address, in another cell", { unreadable: [{ cell: "C7", email: "Ada-L@example.org" }] }],
  ])("%s", (_, broken) => {
    const decision = decideOn({ rows: [bo], github: inTeam, state: remembered, ...broken });
    expect(decision.actions).toEqual([]);
    expect(decision.held).toEqual([]);
    expect(decision.doubted).toEqual(["ada-l"]);
  });

  test("with the same address and a login that is nobody's", () => {
    const typo = row("adal", "Research", { cell: "C30", email: "ada-l@example.org" });
    const decision = decideOn({
      rows: [bo, typo],
      github: inTeam,
      state: remembered,
      accounts: new Map([["adal", "not-found"]]),
    });
    expect(decision.actions).toEqual([]);
    expect(decision.refused.map(({ about }) => about)).toEqual(["C30"]);
  });

  test("another's broken row that has moved up into their cell is no reason to keep somebody", () => {
    const decision = decideOn({
      rows: [bo],
      github: inTeam,
      state: remembered,
      rejected: [{ cell: "C12", value: "n/a", why: "x" }],
      unreadable: [{ cell: "C12", email: "zed@example.org" }],
    });
    expect(short(decision.actions)).toEqual(["remove ada-l -> full-access"]);
    expect(decision.doubted).toEqual([]);
  });

  test("a broken row elsewhere is no reason to keep somebody", () => {
    const rejected = [{ cell: "C28", value: "ka mala", why: "x" }];
    const decision = decideOn({ rows: [bo], github: inTeam, state: remembered, rejected });
    expect(short(decision.actions)).toEqual(["remove ada-l -> full-access"]);
    expect(decision.doubted).toEqual([]);
  });

  test("a good row counts, whatever stands in a broken one", () => {
    const lapsed = row("ada-l", "Research", { cell: "C12", expires: "2026-01-01" });
    const rejected = [{ cell: "C28", value: "ada-l and bo", why: "x" }];
    const decision = decideOn({ rows: [bo, lapsed], github: inTeam, state: remembered, rejected });
    expect(short(decision.actions)).toEqual(["remove ada-l -> full-access"]);
  });
});
